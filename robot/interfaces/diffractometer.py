"""A powder diffractometer: how strongly a powder scatters, angle by angle."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from robot.interfaces.device import Device, Repeat, repeats

ScanStage = Literal["idle", "scanning", "complete", "stopped", "failed"]
"""How far the last scan is: not one yet, under way, done, ended on command, ended by a fault."""

DoorStage = Literal["open", "moving", "closed"]


@dataclass(frozen=True)
class DiffractometerState:
    """One look at a diffractometer."""

    stage: ScanStage
    scan: int
    """The number of the last scan that it began; 0 before the first. It survives power cuts: no number comes twice."""
    start_deg: float
    end_deg: float
    step_deg: float
    seconds_per_step: float
    """What it was to do: 0 before the first."""
    points_measured: int
    points_wanted: int
    xrays_on: bool
    """Is the shutter open?"""
    door: DoorStage
    boots: int
    """How often it was switched on."""
    fault: str | None
    """What is wrong, in words; None when all is well."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """What one scan counted."""

    scan: int
    two_theta_deg: NDArray[np.float64]
    """(N,) evenly spaced, rising."""
    counts: NDArray[np.int64]
    """(N,) at each angle."""
    seconds_per_step: float
    is_complete: bool
    """Did the scan come to its end?"""

    def xy(self) -> bytes:
        """As two columns, the way programs for diffraction exchange patterns: angle and counts, ASCII."""
        lines = [f"# scan {self.scan}: 2 theta (degrees, Cu K alpha), counts in {self.seconds_per_step:g} s"]
        lines += [f"{angle:.4f} {count}" for angle, count in zip(self.two_theta_deg, self.counts, strict=True)]
        return ("\n".join(lines) + "\n").encode("ascii")


class Diffractometer(Device, Protocol):
    """Counts in angular steps with copper radiation. X-rays are on only behind a closed door."""

    min_angle_deg: float
    max_angle_deg: float

    @repeats(Repeat.READ)
    def read_state(self) -> DiffractometerState:
        """How far the scan is, and whether it is safe to reach in."""

    @repeats(Repeat.IDEMPOTENT)
    def start_opening_door(self) -> None:
        """Let the door open.

        Raises:
            Busy: a scan is under way; the door stays shut.
        """

    @repeats(Repeat.IDEMPOTENT)
    def start_closing_door(self) -> None:
        """Let the door close."""

    @repeats(Repeat.ONCE)
    def start_scan(self, start_deg: float, end_deg: float, step_deg: float, seconds_per_step: float) -> int:
        """Begin to measure what stands inside; return the number of the scan.

        Angles are 2θ. The device knows each scan by its number, and begins none twice.

        Raises:
            LimitExceeded: angles, step, time or number of points that it cannot do; nothing was sent.
            Busy: a scan is under way.
            CommandRefused: the door is open, or it has a fault.
            ReplyLost: it may or may not have begun: compare `read_state().scan`.
        """

    @repeats(Repeat.IDEMPOTENT)
    def stop_scan(self) -> None:
        """End the scan, shutter closed; what was counted stays to be read."""

    @repeats(Repeat.READ)
    def read_pattern(self, scan: int) -> Pattern:
        """Fetch what a scan has counted; it can be fetched again.

        Raises:
            Busy: it is under way.
            CommandRefused: it is no longer, or never was, in the device's memory.
        """
