"""What must not meet: in a vessel, or in the syringe that draws one after the other."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from planning.liquids import soiled_by_use
from planning.preflight.findings import Finding
from planning.preflight.moments import Bench, Moment
from robot.liquid_handlers import TipPipetteSettings


def vessel_is_peaceful(moment: Moment) -> Iterator[Finding]:
    """Nothing comes into a vessel that must not meet what is in it."""
    for vessel, there in moment.after.items():
        before = moment.inside(vessel)
        stocks = [*there.liquids_ul, *there.powders_mg]
        old = {*before.liquids_ul, *before.powders_mg}
        if set(stocks) == old:
            continue
        for one, other, because in _hazards(moment.bench, stocks):
            if not {one, other} <= old:
                what = f"{one} and {other} meet in {vessel}: {because}"
                yield moment.finding("materials", what, "Keep them apart, or say under materials what they are",
                                     value=f"{one} + {other}")  # fmt: skip


def syringe_is_peaceful(moments: Iterable[Moment]) -> Iterator[Finding]:
    """One syringe does not draw, one after the other, what must not meet. Fresh tips share nothing."""
    drawn: dict[str, dict[str, Moment]] = {}
    for moment in moments:
        if isinstance(moment.bench.lab.devices.get(moment.details.get("pipette", "")), TipPipetteSettings):
            continue
        liquids = moment.details.get("volumes_ul") or (
            [moment.details["liquid"]] if moment.task.skill == "wash" else []
        )
        for stock in liquids:
            drawn.setdefault(moment.details["pipette"], {}).setdefault(stock, moment)
    for pump, first in drawn.items():
        for one, other, because in _hazards(next(iter(first.values())).bench, list(first)):
            what = f"{one} and {other} are drawn by {pump}, and meet in its syringe and its waste: {because}"
            yield first[other].finding("materials", what, "Draw them with two pumps, or rinse in between and collect apart",
                                       value=f"{one} + {other}", level="warning")  # fmt: skip


def nothing_is_carried_over(moments: Iterable[Moment]) -> Iterator[Finding]:
    """What was drawn from a vessel is rinsed out of a syringe and its lines before they see another vessel, or a stock."""
    last_drawn: dict[str, str] = {}
    for moment in moments:
        pump, skill = moment.details.get("pipette", ""), moment.task.skill
        if not pump or not soiled_by_use(moment.bench.lab, pump):
            continue
        drawn = "" if skill in ("dose", "wash") else moment.details["vessel"]
        before = last_drawn.pop(pump, "")
        if before and skill != "wash" and drawn != before:
            what = f"{pump} still bears what it drew from {before}: a trace of it is carried over"
            yield moment.finding("carried over", what, f"Wash {pump} before", value=before, level="warning")
        if drawn:
            last_drawn[pump] = drawn


def _hazards(bench: Bench, stocks: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Which two of these must not meet, and why."""
    for one, other in combinations(stocks, 2):
        for a in bench.materials_of(one):
            because = next(
                (hazard for b in bench.materials_of(other) if (hazard := bench.lab.materials.hazard(a, b))), None
            )
            if because:
                yield one, other, because
                break
