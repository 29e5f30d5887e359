"""The check of a campaign: as many samples as its budget, spread over its space, and the ends of that space."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.checking import Examined, Told, located, preflight, read_both, read_or_tell, unreadable
from console.designing import designer_for
from planning.campaign import Campaign, Chosen, nested
from planning.preflight import Finding, Preflight
from planning.protocol.document import Protocol
from robot.config import LabConfig

SPREAD = 16
"""Different samples among those that are timed."""
MOST_ENDS = 64


def examine_campaign(path: Path, samples: int | None = None) -> Examined:
    """Check a campaign with the files that it names, however much is wrong with them."""
    told: list[Told] = []
    campaign = read_or_tell(lambda: Campaign.load(path), told)
    if campaign is None:
        return unreadable(told)
    recipe, bench = read_both(campaign.protocol, campaign.lab, told)
    if recipe is None or bench is None:
        return unreadable(told)
    source = read_or_tell(lambda: designer_for(campaign, recipe, path, None), told)
    if told or source is None:
        return unreadable(told)
    timed = first_samples(source, samples or campaign.budget.samples)
    result = preflight_of(campaign, recipe, bench, source, timed)
    return Examined(result, located(result, files_of(campaign, path)), recipe, bench, timed)


def files_of(campaign: Campaign, path: Path) -> Mapping[str, Path]:
    """Where a campaign's findings may lie."""
    return {"campaign": path, "protocol": campaign.protocol, "lab": campaign.lab}


def first_samples(source: Chosen, count: int) -> list[dict[str, Any]]:
    """Samples that stand for those that a designer will choose: its first proposals, again and again."""
    spread = [nested(suggestion.point) for suggestion in source.designer.ask(min(count, SPREAD))]
    return [spread[index % len(spread)] for index in range(count)]


def preflight_of(
    campaign: Campaign, recipe: Protocol, bench: LabConfig, source: Chosen, timed: list[dict[str, Any]]
) -> Preflight:
    """Time some samples as the campaign will let them in; judge the ends of its space, too: the designer may go there."""
    result = preflight(bench, recipe, timed, campaign.batch, campaign.in_flight, also=_ends(source))
    hours = result.duration_s / 3600
    if hours > campaign.budget.hours:
        what = f"{result.samples} samples take {hours:.1f} h, the budget ends after {campaign.budget.hours:g} h"
        remedy = "Raise hours, or make fewer samples: what is not begun by then is not made"
        result.findings.append(Finding("budget", what, remedy, location=("budget", "hours"), value=hours,
                                       limit=campaign.budget.hours, level="warning", file="campaign"))  # fmt: skip
    return result


def _ends(source: Chosen) -> list[dict[str, Any]]:
    """The points of the space where something is largest or smallest; of a pool, some of its points."""
    space = source.designer.space
    points = space.candidates if space.pool is not None else space.decode(space.polytope.corners)
    different = {repr(values): values for values in map(nested, points)}
    return list(different.values())[:MOST_ENDS]
