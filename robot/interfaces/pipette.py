"""Syringes that move by themselves: alone, behind a valve, or with a tip over wells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class SyringeState:
    """One look at a syringe pump."""

    volume_ul: float
    """What the plunger's position says is in the syringe."""
    busy: bool
    initialised: bool
    """Does its position mean anything?"""
    fault: str | None
    """What is wrong, in words; None when all is well."""


class SyringePump(Device, Protocol):
    """A syringe whose plunger a motor moves. A verb names a state to reach: a lost reply is settled by reading."""

    capacity_ul: float
    min_volume_ul: float
    resolution_ul: float

    @repeats(Repeat.READ)
    def read_state(self) -> SyringeState:
        """Where the plunger is, and whether it still moves."""

    @repeats(Repeat.IDEMPOTENT)
    def start_moving_plunger(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Move the plunger until the syringe holds `to_volume_ul`: up to draw in, down to push out.

        Raises:
            LimitExceeded: more than the syringe holds, less than nothing, or a flow it cannot make; nothing was sent.
            Busy: it still moves; the command was not taken.
            ReplyLost: it may or may not move: compare `read_state().volume_ul`.
        """


@dataclass(frozen=True)
class PipetteState(SyringeState):
    """One look at a pipette."""

    port: int
    """Where the valve stands, or the well that the tip is in; 0 if it does not know."""


class Pipette(SyringePump, Protocol):
    """A syringe that reaches several places: behind a distribution valve, or with a tip over wells."""

    ports: Mapping[str, int]
    """What hangs on the valve, or lies under the tip: name to port number."""

    @repeats(Repeat.READ)
    def read_state(self) -> PipetteState:
        """Where plunger and valve are, and whether they still move."""

    @repeats(Repeat.ONCE)
    def start_initialising(self, waste_port: int) -> None:
        """Find home again; what is in the syringe leaves through `waste_port`."""

    @repeats(Repeat.IDEMPOTENT)
    def start_turning_valve(self, port: int) -> None:
        """Turn the valve to a port, or bring the tip over a well."""


@dataclass(frozen=True)
class TipState(PipetteState):
    """One look at a pipette with disposable tips."""

    has_tip: bool | None
    """None: nobody knows, since its last command failed."""


class TipPipette(Pipette, Protocol):
    """A pipette that puts on a disposable tip before it draws, and throws it away."""

    @repeats(Repeat.READ)
    def read_state(self) -> TipState:
        """Where plunger and tip are, and whether they still move."""

    @repeats(Repeat.ONCE)
    def start_taking_tip(self, number: int) -> None:
        """Put on the tip that stands at a place of the rack, counted from 0.

        Raises:
            LimitExceeded: the rack has no such place; nothing was sent.
            CommandRefused: it wears a tip already, or may do so.
        """

    @repeats(Repeat.ONCE)
    def start_dropping_tip(self) -> None:
        """Throw the tip away, and whatever is in it."""


@dataclass(frozen=True)
class DipState(TipState):
    """One look at a pipette that knows how high its tip is; its `port` is the well that the tip is in, below the rim."""

    over: int
    """The well that it is in or just over; 0 elsewhere."""
    height_mm: float | None
    """Of the tip's end, over the floor of that well; None elsewhere."""
    next_tip: int | None
    """The place of the rack after the one that a tip was last taken from; None: nobody knows."""


class DippingPipette(TipPipette, Protocol):
    """A tip pipette that is told how deep to dip: just below a surface to draw, above the rim to take in air.

    `start_turning_valve` brings it into a well: down to its floor, where there is liquid if there is any, unless it is in
    that well already: who was told how deep to dip stays there.
    """

    def dip_height_mm(self, port: int, contents_ul: float) -> float:
        """How high over a well's floor a tip's end stays in the liquid until `contents_ul` are left."""

    def hover_height_mm(self, port: int) -> float:
        """How high over a well's floor a tip's end touches nothing, and what falls from it falls into the well."""

    @repeats(Repeat.READ)
    def read_state(self) -> DipState:
        """Where plunger and tip are, and whether they still move."""

    @repeats(Repeat.IDEMPOTENT)
    def start_dipping(self, port: int, height_mm: float) -> None:
        """Bring the tip's end to a height over the floor of a well.

        Raises:
            LimitExceeded: no such well, or a height that is none between its floor and above its rim; nothing was sent.
        """
