"""What the check before a run has to say: one thing each, with its place and its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from planning.protocol.consistency import Location

Level = Literal["error", "warning"]
Figure = float | str | None


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, by which rule, where in which file, and what to do."""

    rule: str
    """As `docs/pre-flight.md` calls it."""
    what: str
    remedy: str
    step: str = ""
    location: Location = ()
    value: Figure = None
    """What was found."""
    limit: Figure = None
    """What it must not pass."""
    level: Level = "error"
    file: Literal["protocol", "lab", "campaign"] = "protocol"


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what was said of an earlier sample in the same words of advice; errors come first."""
    told: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        told.setdefault((finding.rule, finding.file, finding.step, finding.location, finding.remedy), finding)
    return sorted(told.values(), key=lambda finding: finding.level != "error")
