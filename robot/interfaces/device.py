"""What every device promises, and how a command says whether it may be repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from inspect import signature
from typing import Protocol, TypeVar


class Repeat(Enum):
    """May a command be sent again after its reply was lost?"""

    READ = "read"
    """Yes: it only asks."""
    IDEMPOTENT = "idempotent"
    """Yes, once the device has been read back: it names a state to reach."""
    ONCE = "once"
    """Never: query the device, look, or ask a person."""


Verb = TypeVar("Verb", bound=Callable[..., object])


def repeats(rule: Repeat) -> Callable[[Verb], Verb]:
    """Declare on an interface's verb whether it may be repeated."""

    def mark(verb: Verb) -> Verb:
        verb.__athanor_repeat__ = rule  # type: ignore[attr-defined]
        return verb

    return mark


def repeat_rule(interface: type, verb: str) -> Repeat:
    """Look up what an interface declares of its verb; what is not declared is ONCE."""
    rule = getattr(getattr(interface, verb), "__athanor_repeat__", Repeat.ONCE)
    assert isinstance(rule, Repeat)
    return rule


def verbs(interface: type) -> dict[str, Repeat]:
    """All that an interface lets one ask or tell a device, by name, with its declaration."""
    named = {name: member for name in dir(interface) if callable(member := getattr(interface, name))}
    return {
        name: repeat_rule(interface, name) for name, member in named.items() if hasattr(member, "__athanor_repeat__")
    }


def questions(interface: type) -> list[str]:
    """The verbs that only ask, and need to be told nothing."""
    return [
        name
        for name, rule in verbs(interface).items()
        if rule is Repeat.READ and len(signature(getattr(interface, name)).parameters) == 1
    ]


@dataclass(frozen=True)
class Identity:
    """Who answers on the wire."""

    maker: str
    model: str
    serial_number: str = ""
    firmware: str = ""


class Device(Protocol):
    """What every device can be asked."""

    name: str

    def connect(self) -> Identity:
        """Find out, by reading only, who answers; refuse to go on if it is not the model we were promised.

        Raises:
            NotReachable: silence, or another model; nothing was written that acts.
        """

    def make_safe(self) -> None:
        """Stop and zero everything, never move; bounded in time, may be called at any moment and again."""
