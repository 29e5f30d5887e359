"""Suggestions on their way from a designer to the bench: where consent is wanted, each waits for a person's."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from planning.journal import Event, Journal
from planning.orders import Order
from planning.samples import Request


@dataclass(frozen=True)
class Proposal:
    """A suggestion that nobody has consented to yet; one that is held holds up nobody."""

    request: Request
    is_held: bool = False


@dataclass
class Gate:
    """Where suggestions wait. An open gate lets pass what a designer suggests, and what people add.

    What is held stays here until it is approved after all; meanwhile others are asked for, and the campaign may end
    without it.
    """

    is_shut: bool = False
    proposals: dict[str, Proposal] = field(default_factory=dict)
    """By name, in the order in which they were made."""
    ready: list[Request] = field(default_factory=list)
    """Those that may begin."""
    _named: int = 0

    @property
    def undecided(self) -> list[str]:
        """The suggestions that hold up the campaign."""
        return [name for name, proposal in self.proposals.items() if not proposal.is_held]

    @property
    def held(self) -> list[Request]:
        """Those that are held."""
        return [proposal.request for proposal in self.proposals.values() if proposal.is_held]

    def propose(self, requests: Sequence[Request], journal: Journal) -> None:
        """Let suggestions pass; or write them down and let them wait."""
        if not self.is_shut:
            self.ready += requests
        elif requests:
            named = [replace(each, suggestion=self._name(number)) for number, each in enumerate(requests, start=1)]
            journal.write("proposed", durable=True, suggestions=[each.as_data() for each in named])
            self._await(named)

    def begun(self) -> None:
        """All that were ready have begun."""
        self.ready.clear()

    def hear(self, event: Event) -> None:
        """Let the gate become what an event made of it."""
        match event.kind:
            case "proposed":
                self._await([Request.read(each) for each in event.data["suggestions"]])
            case "ordered":
                self.obey(Order.read(event))
            case "admitted":
                names = {each.get("suggestion") for each in event.data["samples"]}
                self.ready = [each for each in self.ready if each.suggestion not in names]

    def obey(self, order: Order) -> None:
        """Do with a suggestion what somebody ordered; other orders concern others."""
        proposal = self.proposals.get(order.suggestion)
        match order.verb:
            case "approve" if proposal:
                self.ready.append(self.proposals.pop(order.suggestion).request)
            case "hold" if proposal:
                self.proposals[order.suggestion] = replace(proposal, is_held=True)
            case "edit" if proposal:
                reason = f"edited by {order.by}; was: {proposal.request.reason}"
                edited = replace(proposal.request, values=order.values or {}, reason=reason, predicted=None)
                self.proposals[order.suggestion] = replace(proposal, request=edited)
            case "add":
                self.ready.append(Request(order.values or {}, f"added by {order.by}", suggestion=self._name(1)))
                self._named += 1

    def _name(self, number: int) -> str:
        return f"p{self._named + number:03d}"

    def _await(self, requests: Sequence[Request]) -> None:
        self._named += len(requests)
        self.proposals |= {each.suggestion: Proposal(each) for each in requests}
