"""The check before anything moves: a verdict, all findings at once, and a timetable. Nothing is sent to any device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planning.fit import Finding, misfits, out_of_reach
from planning.protocol.document import Protocol
from planning.rehearsal import Rehearsal
from planning.schedule import Slot
from robot.config import LabConfig
from robot.interfaces import Device

DURATION_SPREAD = (0.9, 1.2)
"""How far a whole run strays from its timetable: assumed until benches have shown it."""


@dataclass
class Preflight:
    """The verdict on some samples on a bench."""

    findings: list[Finding] = field(default_factory=list)
    timetable: list[Slot] = field(default_factory=list)
    samples: int = 0

    @property
    def passed(self) -> bool:
        """May this run?"""
        return not any(finding.level == "error" for finding in self.findings)

    @property
    def duration_s(self) -> float:
        """Expected time to the last step's end."""
        return max((slot.end_s for slot in self.timetable), default=0.0)

    def duration_interval_s(self) -> tuple[float, float]:
        """Between which the end should lie."""
        return DURATION_SPREAD[0] * self.duration_s, DURATION_SPREAD[1] * self.duration_s

    def busy_fraction(self, device: str) -> float:
        """Share of the time that a device is at work."""
        busy_s = sum(slot.end_s - slot.start_s for slot in self.timetable if device in slot.task.uses)
        return busy_s / self.duration_s if self.duration_s else 0.0


def check(
    protocol: Protocol,
    lab: LabConfig,
    devices: Mapping[str, Device],
    samples: Sequence[Mapping[str, Any]],
    *,
    batch: int,
    chamber_places: int,
) -> Preflight:
    """Check samples with these parameter values; `devices` are asked for their limits only."""
    result = Preflight(samples=len(samples))
    result.findings = [*out_of_reach(lab, devices), *misfits(protocol, lab)]
    if result.passed:
        rehearsal = Rehearsal(protocol, lab, devices, chamber_places)
        result.timetable = rehearsal.rehearse(samples, batch)
        result.findings += rehearsal.findings
    return result
