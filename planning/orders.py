"""Orders to a run from other processes: each a file in the run's folder, taken up once, in the order in which they came.

An order is in the journal before it is obeyed; its file stays, and its number tells an engine that comes back what
has been taken up.
"""

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import Field, ValidationError

from planning.errors import Refused
from planning.journal import Event
from robot.strict import Strict

FOLDER = "orders"
Verb = Literal["pause", "continue", "skip", "abort", "retry", "approve", "hold", "edit", "add", "overrule"]
OF_SUGGESTIONS = ("approve", "hold", "edit")


class Order(Strict):
    """What somebody wants of a run: when and by whom it was said, and of which sample, if of one."""

    verb: Verb
    sample: str = ""
    suggestion: str = ""
    values: dict[str, Any] | None = None
    """Of a suggestion that is edited or added: the sample's parameters."""
    look: int = 0
    """Of a look that is overruled: the number of its event."""
    answer: str = ""
    """What it shows, as the person says."""
    by: str = Field(default="somebody", min_length=1)
    at: str = ""

    @classmethod
    def read(cls, event: Event) -> "Order":
        """Read an order back from its event."""
        said = {name: value for name, value in event.data.items() if name != "number"}
        return cls(sample=event.sample, **said)

    def as_data(self) -> dict[str, Any]:
        """What its event says besides the sample."""
        return self.model_dump(exclude={"sample"}, exclude_defaults=True) | {"by": self.by, "at": self.at}


class Orders(Protocol):
    """Where orders come in."""

    def new(self, taken: Iterable[int]) -> dict[int, Order | None]:
        """Those that were not taken up, by number; None for what is no order."""

    def rest(self) -> None:
        """Nothing is at work and nothing may begin: wait a little, if time would else fly."""


@dataclass(frozen=True)
class Nobody:
    """Nobody orders anything."""

    def new(self, taken: Iterable[int]) -> dict[int, Order | None]:
        """None, ever."""
        return {}

    def rest(self) -> None:
        """Nobody is waited for."""


NOBODY = Nobody()


@dataclass(frozen=True)
class OrderFolder:
    """Orders as numbered files in a run's folder. `rest_s`: how long to rest where bench time is virtual."""

    folder: Path
    rest_s: float = 0.0

    def put(self, order: Order) -> int:
        """Leave an order, all at once, after all that are there; return its number."""
        home = self.folder / FOLDER
        home.mkdir(exist_ok=True)
        fresh = home / f".{os.getpid()}"
        fresh.write_text(order.model_dump_json() + "\n", encoding="utf-8")
        number = max(self._numbers(), default=0) + 1
        try:
            while True:
                try:
                    os.link(fresh, home / f"{number:06d}.json")
                except FileExistsError:
                    number += 1
                else:
                    return number
        finally:
            fresh.unlink()

    def new(self, taken: Iterable[int]) -> dict[int, Order | None]:
        """Those that were not taken up, by number; None for what is no order."""
        return {number: self._read(number) for number in sorted(self._numbers() - set(taken))}

    def rest(self) -> None:
        """Let the wall's clock go on while nothing happens on the bench."""
        threading.Event().wait(self.rest_s)

    def _numbers(self) -> set[int]:
        try:
            names = os.listdir(self.folder / FOLDER)
        except FileNotFoundError:
            return set()
        return {int(name.removesuffix(".json")) for name in names if name.removesuffix(".json").isdecimal()}

    def _read(self, number: int) -> Order | None:
        try:
            return Order.model_validate_json((self.folder / FOLDER / f"{number:06d}.json").read_bytes())
        except (OSError, ValidationError):
            return None


def may_be_ordered(order: Order, samples: Iterable[str], ended: Iterable[str], proposals: Iterable[str] = ()) -> None:
    """Return if an order makes sense for these samples and suggestions.

    Raises:
        Refused: it speaks of a sample that is not there, or has ended, or of a suggestion that does not wait.
    """
    if order.verb in OF_SUGGESTIONS:
        _require_one(order.suggestion, "suggestion", list(proposals), "None waits for approval")
    if not order.sample:
        return
    _require_one(order.sample, "sample", list(samples), "None has begun yet")
    if order.sample in set(ended):
        raise Refused(f"{order.sample} has ended", f"Nothing is left to {order.verb}")


def _require_one(name: str, what: str, names: list[str], none: str) -> None:
    if name not in names:
        raise Refused(f"no {what} is called {name!r}", f"There are {', '.join(names)}" if names else none)
