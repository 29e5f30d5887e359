"""A powder diffractometer at the end of a line of numbered lines. Source: docs/protocols/powder_diffractometer.md."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hardware_sim.emulators.numbered_lines import Command, NumberedLines, Refused, require
from hardware_sim.faults import suffers
from hardware_sim.world.agenda import Event
from hardware_sim.world.diffraction import expected_cps
from hardware_sim.world.world import World
from robot.device_settings import PowderDiffractometerSettings

RANGE, BUSY, NUMBER, DOOR, FORGOTTEN, NOT_READY = 10, 11, 12, 13, 14, 15
UNITS_PER_DEG = 10_000
LOWEST, HIGHEST = 50_000, 1_400_000
STEPS, STEP_MS = (20, 10_000), (10, 60_000)
MOST_POINTS = 8192
BLOCK = 64
REMEMBERED = 8
SETTING_OUT_S = 10.0
DOOR_S = 3.0

End = Literal["none", "running", "done", "stopped", "door", "power"]


@dataclass
class Scan:
    """One scan: what was asked for, and what the detector will have counted."""

    number: int = 0
    start: int = 0
    last: int = 0
    step: int = 0
    step_ms: int = 0
    end: End = "none"
    begun_s: float = 0.0
    measured: int = 0
    """Points, once it has ended."""
    counts: NDArray[np.int64] | None = None

    @property
    def figures(self) -> tuple[int, ...]:
        """What makes an order the same order."""
        return self.number, self.start, self.last, self.step, self.step_ms

    @property
    def wanted(self) -> int:
        """Points."""
        return (self.last - self.start) // self.step + 1 if self.number else 0

    def measured_at(self, now_s: float) -> int:
        """Points counted by now."""
        if self.end != "running":
            return self.measured
        return min(max(int((now_s - self.begun_s - SETTING_OUT_S) * 1000 / self.step_ms), 0), self.wanted)


class PowderDiffractometerEmulator:
    """Counts what stands inside; its shutter never opens while the door is not closed."""

    def __init__(self, name: str, world: World, _settings: PowderDiffractometerSettings) -> None:
        self.acts: Counter[str] = Counter()
        self._name = name
        self._world = world
        self._spot = next((spot for spot in world.bench.spots.values() if spot.inside == name), None)
        self._boots = 1
        self._door_opens = False
        self._door_moves_until_s = 0.0
        self._is_not_ready = False
        self._scan = Scan()
        self._scans: dict[int, Scan] = {}
        self._completion: Event | None = None
        commands: dict[str, Command] = {
            "WHO": (0, lambda: "powder-diffractometer 1 PXD-0001 1.0"),
            "STATE": (0, self._tell_state),
            "OPEN": (0, self._open),
            "CLOSE": (0, self._close),
            "SCAN": (5, self._take_order),
            "STOP": (0, self._stop),
            "WHAT": (1, self._tell_what),
            "DATA": (2, self._tell_data),
        }
        self._lines = NumberedLines(commands)

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        return self._lines.receive(data)

    def state(self) -> dict[str, object]:
        """What it believes, for records."""
        return {
            "boots": self._boots,
            "door": self._door,
            "xrays": self._xrays,
            "scan": self._scan.number,
            "end": self._scan.end,
            "measured": self._scan.measured_at(self._world.now_s),
        }

    # What befalls it

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Power goes and comes back at once: a scan is over, its counts and its number are kept."""
        self._boots += 1
        self._end_scan("power")

    @suffers("door-opened")
    def force_door(self) -> None:
        """Somebody pulls the door open: its switch drops the shutter before there is a gap."""
        self._end_scan("door")
        self._door_opens, self._door_moves_until_s = True, 0.0

    @suffers("scan-refused")
    def refuse_next(self) -> None:
        """It will say once that it is not ready."""
        self._is_not_ready = True

    # Commands

    @property
    def _door(self) -> str:
        if self._world.now_s < self._door_moves_until_s:
            return "moving"
        return "open" if self._door_opens else "closed"

    @property
    def _is_scanning(self) -> bool:
        return self._scan.end == "running"

    @property
    def _xrays(self) -> str:
        return "on" if self._is_scanning and self._world.now_s >= self._scan.begun_s + SETTING_OUT_S else "off"

    def _tell_state(self) -> str:
        return f"{self._boots} {self._door} {self._xrays} {self._words_of(self._scan)}"

    def _open(self) -> str:
        if self._is_scanning:
            raise Refused(BUSY)
        return self._move_door(opens=True)

    def _close(self) -> str:
        return self._move_door(opens=False)

    def _move_door(self, *, opens: bool) -> str:
        if self._door_opens is not opens:
            self.acts["open" if opens else "close"] += 1
            self._door_opens = opens
            self._door_moves_until_s = self._world.now_s + DOOR_S
        return ""

    def _take_order(self, number: int, start: int, last: int, step: int, step_ms: int) -> str:
        scan = Scan(number, start, last, step, step_ms, "running", self._world.now_s)
        within = (
            LOWEST <= start < last <= HIGHEST and STEPS[0] <= step <= STEPS[1] and STEP_MS[0] <= step_ms <= STEP_MS[1]
        )
        require(within and scan.wanted <= MOST_POINTS, RANGE)
        if scan.figures != self._scan.figures:
            require(number == self._scan.number + 1, NUMBER)
            require(not self._is_scanning, BUSY)
            require(self._door == "closed", DOOR)
            is_ready, self._is_not_ready = not self._is_not_ready, False
            require(is_ready, NOT_READY)
            self._begin(scan)
        return str(number)

    def _begin(self, scan: Scan) -> None:
        self.acts["scan"] += 1
        vessel = self._spot.top if self._spot is not None else None
        parts_mg = vessel.powder.state() if vessel is not None else {}
        rng = self._world.rng(self._name, scan.number)
        angles_deg = (scan.start + scan.step * np.arange(scan.wanted)) / UNITS_PER_DEG
        scan.counts = rng.poisson(expected_cps(parts_mg, angles_deg, rng) * scan.step_ms / 1000)
        self._scan = self._scans[scan.number] = scan
        self._scans.pop(scan.number - REMEMBERED, None)
        self._world.note("scan", device=self._name, scan=scan.number, vessel=vessel and vessel.name, powder_mg=parts_mg)
        done_s = scan.begun_s + SETTING_OUT_S + scan.wanted * scan.step_ms / 1000
        self._completion = self._world.agenda.at(done_s, self._name, lambda: self._end_scan("done"))

    def _stop(self) -> str:
        if self._is_scanning:
            self.acts["stop"] += 1
            self._end_scan("stopped")
        return ""

    def _end_scan(self, end: End) -> None:
        if self._is_scanning:
            assert self._completion is not None
            self._completion.cancel()
            self._scan.measured = self._scan.wanted if end == "done" else self._scan.measured_at(self._world.now_s)
            self._scan.end = end

    def _tell_what(self, number: int) -> str:
        return self._words_of(self._remembered(number))

    def _words_of(self, scan: Scan) -> str:
        return " ".join(map(str, (*scan.figures, scan.end, scan.measured_at(self._world.now_s))))

    def _tell_data(self, number: int, first: int) -> str:
        scan = self._remembered(number)
        measured = scan.measured_at(self._world.now_s)
        require(first < measured, RANGE)
        assert scan.counts is not None
        return " ".join(map(str, (number, first, *scan.counts[first : min(first + BLOCK, measured)].tolist())))

    def _remembered(self, number: int) -> Scan:
        if number not in self._scans:
            raise Refused(FORGOTTEN)
        return self._scans[number]
