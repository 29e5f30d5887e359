"""The check before anything moves: a verdict, all findings at once, and a timetable. Nothing is sent to any device."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planning.circle import Circle
from planning.outline import Seconds
from planning.preflight.findings import Finding, once
from planning.preflight.names import misfits, rules_fit
from planning.preflight.places import out_of_reach, standing_into_each_other
from planning.preflight.rehearsal import Rehearsal
from planning.preflight.timing import Admission, circle, foretell, lags_kept, paces
from planning.preflight.wells import wells_fit
from planning.protocol.document import Protocol
from planning.rooms import Rooms
from planning.schedule import Slot
from planning.skills import expected_s
from planning.task import Task
from robot.config import LabConfig
from robot.interfaces import Device
from vision.state.trust import UNMEASURED, Trust

__all__ = ["Admission", "Finding", "Preflight", "check"]


@dataclass
class Preflight:
    """The verdict on some samples on a bench."""

    findings: list[Finding] = field(default_factory=list)
    timetable: list[Slot] = field(default_factory=list)
    samples: int = 0
    bounds_s: tuple[float, float] = (0.0, 0.0)
    """When the last step ends if every task takes as short, or as long, as it may (`timing.SPREAD`)."""

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
        return self.bounds_s

    def busy_fraction(self, device: str) -> float:
        """Share of the time that a device is at work."""
        busy_s = sum(slot.end_s - slot.start_s for slot in self.timetable if device in slot.task.uses)
        return busy_s / self.duration_s if self.duration_s else 0.0


def check(
    protocol: Protocol,
    lab: LabConfig,
    devices: Mapping[str, Device],
    samples: Sequence[Mapping[str, Any]],
    admission: Admission,
    also: Iterable[Mapping[str, Any]] = (),
    eyes: Trust = UNMEASURED,
) -> Preflight:
    """Check samples with these parameter values; `devices` are asked for their limits only.

    `also` are values that may come instead: each is judged by itself, and neither counted nor timed. `eyes` says what
    the eyes in use can tell.
    """
    unfit = list(misfits(protocol, lab, eyes))
    of_bench = [*out_of_reach(lab, devices), *standing_into_each_other(lab), *wells_fit(lab)]
    findings = [*of_bench, *rules_fit(protocol, lab), *unfit]
    result = Preflight(samples=len(samples))
    if all(finding.step for finding in unfit):  # a vessel that comes from nowhere can be followed nowhere
        rehearsal = Rehearsal(protocol, lab, devices, frozenset(_step_of(finding) for finding in unfit), eyes)
        rehearsal.rehearse(samples)
        rehearsal.consider(also)
        findings += rehearsal.findings
        if not any(finding.level == "error" for finding in findings):
            _foretell(result, rehearsal, admission)
    result.findings = once([*findings, *result.findings])
    return result


def _step_of(finding: Finding) -> tuple[str | int, ...]:
    """The place of the step that a finding is about: up to the last number in its own place."""
    last = max(index for index, part in enumerate(finding.location) if isinstance(part, int))
    return finding.location[: last + 1]


def _foretell(result: Preflight, rehearsal: Rehearsal, admission: Admission) -> None:
    """Make the timetable, with the longest lags and circles that it shows."""
    seconds = _durations(rehearsal)
    try:
        expected, *others = (
            foretell(rehearsal.tasks_of, Rooms(rehearsal.lab), admission, seconds, lasts_s)
            for lasts_s in (seconds, *paces(seconds))
        )
    except Circle as err:
        result.findings.append(circle(err, rehearsal.steps))
        return
    result.timetable = expected
    ends_s = sorted(max((slot.end_s for slot in slots), default=0.0) for slots in others)
    result.bounds_s = ends_s[0], ends_s[-1]
    result.findings += lags_kept([expected, *others], rehearsal.steps)


def _durations(rehearsal: Rehearsal) -> Seconds:
    """How long each task should take, asked once."""
    known_s: dict[str, float] = {}
    lab, devices = rehearsal.lab, rehearsal.bench.devices

    def seconds(task: Task) -> float:
        if task.id not in known_s:
            known_s[task.id] = expected_s(task, lab, devices)
        return known_s[task.id]

    return seconds
