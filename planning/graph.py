"""From a sample's protocol to tasks, written down in the order of its steps."""

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress

from planning.errors import Refused
from planning.inventory import Standing
from planning.protocol.binding import Bound, Decisions
from planning.protocol.consistency import Location
from planning.reach import Reach
from planning.task import Task
from planning.walk import Walk
from planning.writers import write_step
from robot.config import LabConfig
from robot.device_settings import CavroSettings

NOTHING: Mapping[str, Standing] = {}


def build(
    sample: str,
    bound: Bound,
    vessels: Mapping[str, Standing],
    lab: LabConfig,
    decisions: Decisions | None = None,
    chosen: Mapping[str, Standing] = NOTHING,
    reach: Reach | None = None,
) -> list[Task]:
    """Write down one sample's tasks, as if it had the bench to itself.

    Args:
        sample: its name, with which the names of its tasks begin.
        bound: its protocol, with figures filled in.
        vessels: where its vessels stand before the first step.
        lab: the bench.
        decisions: what is known of its decisions; of the others the outcome to plan with is taken.
        chosen: places that were decided, by stay; of the others the first that is possible is taken for all.
        reach: which arm gets where; if left out, the first one gets everywhere.

    Raises:
        Refused: the bench lacks a device, a line or a camera that a step needs.
    """
    tasks, refusals = write_down(sample, bound, vessels, lab, decisions, chosen=chosen, reach=reach)
    if refusals:
        raise refusals[0]
    return tasks


def write_down(
    sample: str,
    bound: Bound,
    vessels: Mapping[str, Standing],
    lab: LabConfig,
    decisions: Decisions | None = None,
    without: Container[Location] = (),
    chosen: Mapping[str, Standing] = NOTHING,
    reach: Reach | None = None,
) -> tuple[list[Task], list[Refused]]:
    """The tasks of `build`, as far as the bench can do them, and why it cannot do the others.

    Steps that stand in the document at a place of `without` are not even tried.
    """
    walk = Walk(sample, lab, reach or Reach.of(lab), dict(vessels), _wares(bound), chosen)
    path = bound.path(decisions) if decisions else bound.assumed
    refusals = []
    for index, step in enumerate(path):
        first = len(walk.tasks)
        walk.begin(step, path[index + 1 :])
        try:
            if step.location not in without:
                write_step(walk, step)
        except Refused as err:
            refusals.append(Refused(f"step {step.name}: {err.what}", err.remedy, step.location))
        walk.end(step, first)
    return walk.tasks, refusals


def _wares(bound: Bound) -> dict[str, str]:
    return {name: use.labware for name, use in bound.protocol.vessels.items()}


def clearing(
    sample: str,
    standing: Mapping[str, Standing],
    bound: Bound,
    holds: Iterable[str],
    after: Sequence[str],
    reach: Reach,
) -> list[Task]:
    """Tasks that make room after a sample was set aside: its vessels go to a bin, a pipette it soiled is washed.

    `holds` are the places and pipettes that it holds.

    Raises:
        Refused: the bench has no bin within reach, or the protocol no way to wash.
    """
    lab = reach.lab
    walk = Walk(sample, lab, reach, dict(standing), _wares(bound), step="clear", after=after)
    for pipette in holds:
        if not isinstance(lab.devices.get(pipette), CavroSettings):
            continue
        wash = next((each for each in bound.assumed if each.step.wash and each.step.wash.with_ == pipette), None)
        if wash is None:
            raise Refused(f"{pipette} is soiled and the protocol has no wash for it", "Wash it by hand")
        write_step(walk, wash)
    for vessel, place in standing.items():
        if walk.rooms.room(place.site) is not None:
            walk.bring(vessel, _bin(walk, vessel, place))
    return walk.tasks


def _bin(walk: Walk, vessel: str, place: Standing) -> str:
    """The bin that takes the fewest carries."""
    ways: dict[str, int] = {}
    for name, site in walk.lab.sites.items():
        if site.bin:
            with suppress(Refused):
                ways[name] = len(walk.reach.way(place.site, name, walk.wares[vessel]))
    if not ways:
        raise Refused(f"{walk.sample}'s {vessel} stands at {place.site} and the bench has no bin within reach",
                      "Take it away by hand")  # fmt: skip
    return min(ways, key=lambda name: ways[name])
