"""A powder diffractometer. What a chemist should know of it stands in docs/devices/powder_diffractometer.md."""

from functools import partial

import numpy as np

from robot.device_settings import PowderDiffractometerSettings
from robot.drivers.dialogue import introducing
from robot.drivers.numbered_lines import Session
from robot.drivers.powder_diffractometer import codec
from robot.errors import Busy
from robot.interfaces import DiffractometerState, Identity, Pattern
from robot.limits import require
from robot.wire.base import Wire
from robot.wire.turnstile import urgent

REPLY_TIMEOUT_S = 0.5  # the protocol promises 0.2 s
MOST_POINTS = 8192
STEP_DEG = (0.002, 1.0)
SECONDS_PER_STEP = (0.01, 60.0)


class OpenPowderDiffractometer:
    """One diffractometer at the end of a wire; `Diffractometer` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: PowderDiffractometerSettings) -> None:
        self.name = name
        self.min_angle_deg, self.max_angle_deg = settings.min_angle_deg, settings.max_angle_deg
        self._session = Session(name, wire, REPLY_TIMEOUT_S, codec.REFUSALS)

    def connect(self) -> Identity:
        """Ask who it is."""
        with introducing(self.name):
            serial_number, firmware = self._session.read(codec.WHO, decode=codec.decode_introduction)
        return Identity("Athanor", " ".join(codec.PROTOCOL), serial_number, firmware)

    def read_state(self) -> DiffractometerState:
        """How far the scan is, and whether it is safe to reach in."""
        return self._session.read(codec.STATE, decode=codec.decode_state)

    def start_opening_door(self) -> None:
        """Let the door open."""
        self._session.ask(codec.OPEN)

    def start_closing_door(self) -> None:
        """Let the door close."""
        self._session.ask(codec.CLOSE)

    def start_scan(self, start_deg: float, end_deg: float, step_deg: float, seconds_per_step: float) -> int:
        """Order the scan after the last. A lost answer is asked for again: the order's number makes that safe."""
        require(self.name, "start_deg", start_deg, self.min_angle_deg, self.max_angle_deg)
        require(self.name, "end_deg", end_deg, start_deg + step_deg, self.max_angle_deg)
        require(self.name, "step_deg", step_deg, *STEP_DEG)
        require(self.name, "seconds_per_step", seconds_per_step, *SECONDS_PER_STEP)
        require(self.name, "number of points", (end_deg - start_deg) / step_deg + 1, 2, MOST_POINTS)
        angles = (codec.units(angle_deg) for angle_deg in (start_deg, end_deg, step_deg))
        number = self.read_state().scan + 1
        self._session.ask(codec.SCAN, number, *angles, codec.milliseconds(seconds_per_step))
        return number

    @urgent()
    def stop_scan(self) -> None:
        """End the scan, shutter closed."""
        self._session.ask(codec.STOP)

    def read_pattern(self, scan: int) -> Pattern:
        """Fetch what a scan has counted, block by block; a block that came damaged is asked for again."""
        what = self._session.read(codec.WHAT, scan, decode=codec.decode_scan)
        if codec.STAGES[what.end][0] == "scanning":
            raise Busy(self.name, f"still measures scan {scan}", "Wait until it has ended")
        counts: list[int] = []
        while (first := len(counts)) < what.points_measured:
            decode = partial(codec.decode_data, scan=scan, first=first)
            counts += self._session.read(codec.DATA, scan, first, decode=decode)
        return Pattern(
            scan=scan,
            two_theta_deg=(what.start + what.step * np.arange(len(counts))) / codec.UNITS_PER_DEG,
            counts=np.array(counts, dtype=np.int64),
            seconds_per_step=what.step_ms / 1000,
            is_complete=len(counts) == what.points_wanted,
        )

    def make_safe(self) -> None:
        """End the scan; the door stays as it is."""
        self.stop_scan()
