"""What people have ordered of a run while it goes on, and what follows from it for each task."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from planning.errors import Refused
from planning.gate import Gate
from planning.journal import Event, Journal
from planning.orders import Order, Orders, may_be_ordered
from planning.task import Task


@dataclass
class Controls:
    """The orders that were taken up, and how the run stands by them."""

    orders: Orders
    journal: Journal
    gate: Gate = field(default_factory=Gate)
    require_possible: Callable[[Mapping[str, Any]], object] = lambda values: None
    """Raises Refused if no sample may be made with these values."""
    is_paused: bool = False
    leaving: dict[str, str] = field(default_factory=dict)
    """Samples to be set aside as soon as nothing is at work on them, with why."""
    aborted: set[str] = field(default_factory=set)
    """Those of them whose own tasks are broken off."""
    retried: set[str] = field(default_factory=set)
    """Samples whose failed task a person wants to see done again."""
    _taken: set[int] = field(default_factory=set)

    def take_up(self, samples: Iterable[str], ended: Iterable[str]) -> list[Order]:
        """Write down each new order before it is obeyed; return those that make sense."""
        accepted = []
        for number, order in self.orders.new(self._taken).items():
            self._taken.add(number)
            why = "it cannot be read" if order is None else self._refusal(order, samples, ended)
            if order is None or why:
                self.journal.write("order_refused", durable=True, number=number, why=why)
                continue
            self.journal.write("ordered", sample=order.sample, durable=True, number=number, **order.as_data())
            self._note(order)
            accepted.append(order)
        return accepted

    def restore(self, event: Event) -> None:
        """Know again what an earlier engine took up."""
        if event.kind in ("ordered", "order_refused"):
            self._taken.add(event.data["number"])
        if event.kind == "ordered":
            self._note(Order.read(event))
        elif event.kind in ("proposed", "admitted"):
            self.gate.hear(event)
        elif event.kind in ("set_aside", "sample_finished"):
            self.forget(event.sample)
        elif event.kind in ("retried", "retry_refused"):
            self.retried.difference_update(event.sample.split(","))

    def may_begin(self, task: Task) -> bool:
        """Does no order stand against a task?"""
        return not self.is_paused and not any(name in self.leaving for name in task.samples)

    def forget(self, sample: str) -> None:
        """A sample was set aside or has ended: nothing that was ordered of it is left to do."""
        self.leaving.pop(sample, None)
        self.aborted.discard(sample)
        self.retried.discard(sample)

    def _note(self, order: Order) -> None:
        match order.verb:
            case "pause":
                self.is_paused = True
            case "continue":
                self.is_paused = False
            case "retry":
                self.retried.add(order.sample)
            case "skip" | "abort" if order.sample:
                self.leaving[order.sample] = f"{'skipped' if order.verb == 'skip' else 'aborted'} by {order.by}"
                if order.verb == "abort":
                    self.aborted.add(order.sample)
            case "approve" | "hold" | "edit" | "add":
                self.gate.obey(order)

    def _refusal(self, order: Order, samples: Iterable[str], ended: Iterable[str]) -> str:
        try:
            may_be_ordered(order, samples, ended, self.gate.proposals)
            if order.verb in ("edit", "add"):
                self.require_possible(order.values or {})
        except Refused as err:
            return str(err)
        return ""
