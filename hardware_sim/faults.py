"""What can go wrong at a device on purpose: planned before the run, struck on the emulators' side, logged as truth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from hardware_sim.wire.noise import LineNoise


@dataclass(frozen=True)
class LostReply:
    """The device does its `nth` acting command, and nobody hears its answer."""

    device: str
    nth: int


@dataclass(frozen=True)
class ShortAspirate:
    """The `nth` large draw of ink takes in a bubble.

    Draws of an ink (a stock with solids in it) count from `least_fraction` of the syringe on: a bubble in a small
    draw hides in the doubt of any camera.
    """

    device: str
    nth: int
    air_fraction: float = 0.6
    least_fraction: float = 0.4


@dataclass(frozen=True)
class ThermocoupleBreak:
    """The thermocouple's circuit opens `after_min` into the `nth` programme, and closes again `lasts_min` later.

    A broken wire often touches again as it cools; whoever did not stop the programme will see it heat on.
    """

    device: str
    nth: int
    after_min: float
    lasts_min: float = 10.0


@dataclass(frozen=True)
class Ailment:
    """Something that an emulator declares with `suffers` befalls it, `after_s` after its `nth` command or request."""

    device: str
    kind: str
    nth: int
    after_s: float = 0.0


Fault = LostReply | ShortAspirate | ThermocoupleBreak | LineNoise | Ailment

Count = Literal["acts", "requests"]
Method = TypeVar("Method", bound=Callable[..., None])


@dataclass(frozen=True)
class Suffering:
    """How an emulator suffers one kind of fault: by which of its methods, and what is counted until then."""

    method: str
    counts: Count


def suffers(kind: str, counts: Count = "acts") -> Callable[[Method], Method]:
    """Declare that a method of an emulator, called without arguments, is what a kind of fault does to it.

    Args:
        kind: what the fault is called in plans, such as `power-loss`.
        counts: what a plan's number counts: commands that act, or, where a device only measures, its requests.
    """

    def mark(method: Method) -> Method:
        method.__suffers__ = (kind, counts)  # type: ignore[attr-defined]
        return method

    return mark


def ailments_of(emulator: Callable[..., object]) -> dict[str, Suffering]:
    """All that an emulator declares to suffer, by kind.

    >>> class Lamp:
    ...     @suffers("power-loss")
    ...     def go_dark(self) -> None: ...
    >>> ailments_of(Lamp)
    {'power-loss': Suffering(method='go_dark', counts='acts')}
    """
    declared = {name: getattr(getattr(emulator, name), "__suffers__", None) for name in dir(emulator)}
    return {mark[0]: Suffering(name, mark[1]) for name, mark in declared.items() if mark is not None}
