"""What every device promises, and how a command says whether it may be repeated."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
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
