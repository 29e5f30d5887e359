"""Words of the powder diffractometer. Pure: nothing here opens, waits or logs.

Source: docs/protocols/powder_diffractometer.md; lines are those of `robot.drivers.numbered_lines`. Angles travel in
ten-thousandths of a degree, times in milliseconds.
"""

from dataclasses import dataclass
from typing import cast, get_args

from robot.drivers.numbered_lines import Refusal
from robot.drivers.open_protocols import decode_figures, require_words
from robot.errors import Busy
from robot.interfaces import DiffractometerState
from robot.interfaces.diffractometer import DoorStage, ScanStage

WHO, STATE, STOP, OPEN, CLOSE = "WHO", "STATE", "STOP", "OPEN", "CLOSE"
SCAN, WHAT, DATA = "SCAN", "WHAT", "DATA"
PROTOCOL = ("powder-diffractometer", "1")
UNITS_PER_DEG = 10_000
DOORS = get_args(DoorStage)
XRAYS = {"on": True, "off": False}

REFUSALS = {
    10: Refusal("a figure is out of its range", "Compare with its manual"),
    11: Refusal("a scan is under way", "Wait until it has ended, or stop it", Busy),
    12: Refusal("another scan was started meanwhile", "See that nobody else commands it"),
    13: Refusal("its door is not closed", "Close the door, and wait until it has"),
    14: Refusal("it does not remember that scan", "Fetch patterns before eight more scans"),
    15: Refusal("it is not ready", "Look at its panel, and start the scan again"),
}
STAGES: dict[str, tuple[ScanStage, str | None]] = {
    "none": ("idle", None),
    "running": ("scanning", None),
    "done": ("complete", None),
    "stopped": ("stopped", None),
    "door": ("failed", "its door was opened while it scanned"),
    "power": ("failed", "it was without power while it scanned"),
}
"""How the last scan is, and what went wrong."""


@dataclass(frozen=True)
class Scan:
    """What a scan was to do, and how far it came; angles and time as they travel."""

    number: int
    start: int
    last: int
    step: int
    step_ms: int
    end: str
    points_measured: int

    @property
    def points_wanted(self) -> int:
        """How many it was to measure; 0 if there never was a scan."""
        return (self.last - self.start) // self.step + 1 if self.number else 0


def units(angle_deg: float) -> int:
    """Write an angle.

    >>> units(10.0131)
    100131
    """
    return round(angle_deg * UNITS_PER_DEG)


def milliseconds(duration_s: float) -> int:
    """Write a time.

    >>> milliseconds(0.137)
    137
    """
    return round(duration_s * 1000)


def decode_introduction(words: tuple[str, ...]) -> tuple[str, str]:
    """Read serial number and firmware from the answer to `WHO`, or raise ValueError.

    >>> decode_introduction(("powder-diffractometer", "1", "PXD-0001", "1.0"))
    ('PXD-0001', '1.0')
    """
    serial_number, firmware = decode_figures(words, PROTOCOL, count=2)
    return serial_number, firmware


def decode_scan(words: tuple[str, ...]) -> Scan:
    """Read the answer to `WHAT`, or raise ValueError.

    >>> decode_scan(tuple("4 100000 800000 200 137 done 3501".split())).points_wanted
    3501
    """
    require_words(words, 7, {5: STAGES}, "what a scan did")
    number, start, last, step, step_ms = map(int, words[:5])
    if number and step < 1:
        raise ValueError(f"not a scan's step: {step}")
    return Scan(number, start, last, step, step_ms, words[5], int(words[6]))


def decode_state(words: tuple[str, ...]) -> DiffractometerState:
    """Read the answer to `STATE`, or raise ValueError.

    >>> state = decode_state(tuple("1 closed on 4 100000 800000 200 137 running 120".split()))
    >>> state.stage, state.end_deg, state.points_measured
    ('scanning', 80.0, 120)
    """
    require_words(words, 10, {1: DOORS, 2: XRAYS}, "a diffractometer's state")
    boots, door, xrays = words[:3]
    scan = decode_scan(words[3:])
    stage, fault = STAGES[scan.end]
    return DiffractometerState(
        stage=stage,
        scan=scan.number,
        start_deg=scan.start / UNITS_PER_DEG,
        end_deg=scan.last / UNITS_PER_DEG,
        step_deg=scan.step / UNITS_PER_DEG,
        seconds_per_step=scan.step_ms / 1000,
        points_measured=scan.points_measured,
        points_wanted=scan.points_wanted,
        xrays_on=XRAYS[xrays],
        door=cast(DoorStage, door),
        boots=int(boots),
        fault=fault,
    )


def decode_data(words: tuple[str, ...], scan: int, first: int) -> list[int]:
    """Read the counts of a block, or raise ValueError; it must be the block that was asked for.

    >>> decode_data(("4", "64", "12", "9"), scan=4, first=64)
    [12, 9]
    """
    found_scan, found_first, *counts = map(int, words)
    if (found_scan, found_first) != (scan, first) or not counts:
        raise ValueError(f"not points {first} and on of scan {scan}: {' '.join(words)}")
    return counts
