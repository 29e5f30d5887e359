"""What a sample costs in bench hours, from the timetable: `cost: schedule` in a campaign file."""

from pathlib import Path

import numpy as np

from console.checking import preflight
from planning.campaign import Campaign, nested
from planning.design.space import Space
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.files import FileProblem, Problem

SCHEDULE = "schedule"
LOOKS = 24
TELLING = 0.01
"""A parameter that changes the hours by a smaller share, from one end to the other, is left out."""


def with_cost(campaign: Campaign, protocol: Protocol, lab: LabConfig, space: Space, path: Path) -> Campaign:
    """The campaign, with the timetable's hours as a formula if that is what it asks for.

    The timetable is asked for some samples, each alone on the bench, and a straight line is laid through its answers:
    hours are linear in dwells, and nearly so in what a furnace is heated to.

    Raises:
        FileProblem: no sample of them can be timed.
    """
    if campaign.cost != SCHEDULE:
        return campaign
    points = space.sample(LOOKS, np.random.default_rng(0))
    checked = [preflight(lab, protocol, [nested(point)], batch=1, in_flight=1) for point in points]
    timed = [(point, each.duration_s / 3600) for point, each in zip(points, checked, strict=True) if each.passed]
    if not timed:
        why = checked[0].findings[0].what
        raise FileProblem(path, [Problem("cost", f"no sample can be timed: {why}", "Correct that, or leave cost out")])
    names = [name for name in space.free if name in space.numeric]
    rows = np.array([[point[name] for name in names] for point, _ in timed]).reshape(len(timed), len(names))
    return campaign.model_copy(update={"cost": formula(names, rows, np.array([hours for _, hours in timed]))})


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
