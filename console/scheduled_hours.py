"""What a sample takes in bench hours, from the timetable: `cost: schedule`, `sample_hours: schedule` in a campaign file."""

from pathlib import Path

import numpy as np

from console.checking import preflight
from planning.campaign import Campaign, nested
from planning.design.space import Space
from planning.protocol.document import Protocol
from planning.question_and_recipe import SCHEDULE
from robot.config import LabConfig
from robot.files import FileProblem, Problem

LOOKS = 24
TELLING = 0.01
"""A parameter that changes the hours by a smaller share, from one end to the other, is left out."""


def with_schedule(campaign: Campaign, protocol: Protocol, lab: LabConfig, space: Space, path: Path) -> Campaign:
    """The campaign, with the timetable's hours as formulas where it asks for them.

    A sample costs what it takes alone on the bench. Whether a batch ends in time is another question: as long as the last of
    as many samples, all alike, takes.

    Raises:
        FileProblem: no sample can be timed.
    """
    made = {"cost": 1, "sample_hours": campaign.batch}
    asked = {field: count for field, count in made.items() if getattr(campaign, field) == SCHEDULE}
    return campaign.model_copy(
        update={field: _hours(field, count, protocol, lab, space, path) for field, count in asked.items()}
    )


def _hours(field: str, count: int, protocol: Protocol, lab: LabConfig, space: Space, path: Path) -> str:
    """A straight line through what the timetable says of some samples, each made so many times.

    Hours are linear in dwells, and nearly so in what a furnace is heated to.
    """
    points = space.sample(LOOKS, np.random.default_rng(0))
    checked = [preflight(lab, protocol, [nested(point)] * count, batch=count, in_flight=count) for point in points]
    timed = [(point, each.duration_s / 3600) for point, each in zip(points, checked, strict=True) if each.passed]
    if not timed:
        why = checked[0].findings[0].what
        raise FileProblem(
            path, [Problem(field, f"no sample can be timed: {why}", f"Correct that, or leave {field} out")]
        )
    names = [name for name in space.free if name in space.numeric]
    rows = np.array([[point[name] for name in names] for point, _ in timed]).reshape(len(timed), len(names))
    return formula(names, rows, np.array([hours for _, hours in timed]))


def formula(names: list[str], rows: np.ndarray, hours: np.ndarray) -> str:
    """A straight line through hours (n,) at rows (n, d), as a campaign file writes it.

    >>> formula(["hold_min"], np.array([[0.0], [60.0], [120.0]]), np.array([1.0, 2.0, 3.0]))
    '1 + 0.01667 * hold_min'
    """
    middle = rows.mean(axis=0)
    slopes = np.linalg.lstsq(rows - middle, hours - hours.mean(), rcond=None)[0]
    tells = np.abs(slopes) * np.ptp(rows, axis=0) > TELLING * hours.mean()
    terms = [f"{slope:.4g} * {name}" for name, slope, told in zip(names, slopes, tells, strict=True) if told]
    at_zero = float(hours.mean() - slopes[tells] @ middle[tells])
    return " + ".join([f"{at_zero:.4g}", *terms]).replace("+ -", "- ")
