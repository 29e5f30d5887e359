"""From a sample's protocol to tasks, written down in the order of its steps."""

from collections.abc import Container, Mapping, Sequence

from planning.batches import join_batches
from planning.errors import Refused
from planning.inventory import Standing
from planning.places import device_of, held
from planning.protocol.binding import Bound, Decisions
from planning.protocol.consistency import Location
from planning.task import Task
from planning.walk import Walk
from planning.writers import write_step
from robot.config import CavroSettings, LabConfig

__all__ = ["Task", "build", "clearing", "device_of", "join_batches"]


def build(
    sample: str, bound: Bound, vessels: Mapping[str, Standing], lab: LabConfig, decisions: Decisions | None = None
) -> list[Task]:
    """Write down one sample's tasks, as if it had the furnace to itself; `join_batches` lets samples share it.

    Args:
        sample: its name, with which the names of its tasks begin.
        bound: its protocol, with figures filled in.
        vessels: where its vessels stand before the first step.
        lab: the bench.
        decisions: what is known of its decisions; of the others the outcome to plan with is taken.

    Raises:
        Refused: the bench lacks a device, a line or a camera that a step needs.
    """
    tasks, refusals = write_down(sample, bound, vessels, lab, decisions)
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
) -> tuple[list[Task], list[Refused]]:
    """The tasks of `build`, as far as the bench can do them, and why it cannot do the others.

    Steps that stand in the document at a place of `without` are not even tried.
    """
    walk = Walk(sample, lab, dict(vessels), _wares(bound))
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
    holds: Mapping[str, str],
    after: Sequence[str],
    lab: LabConfig,
) -> list[Task]:
    """Tasks that make room after a sample was set aside: its vessels go to the bin, a pipette it soiled is washed.

    `holds` are the resources it holds, each with the owner in whose name.

    Raises:
        Refused: the bench has no bin, or the protocol no way to wash.
    """
    walk = Walk(sample, lab, dict(standing), _wares(bound), step="clear", after=after)
    for pipette in holds:
        if not isinstance(lab.devices.get(pipette), CavroSettings):
            continue
        wash = next((each for each in bound.assumed if each.step.wash and each.step.wash.with_ == pipette), None)
        if wash is None:
            raise Refused(f"{pipette} is soiled and the protocol has no wash for it", "Wash it by hand")
        write_step(walk, wash)
    rubbish = next((name for name, site in lab.sites.items() if site.bin), None)
    for vessel, place in standing.items():
        if lab.sites[place.site].bin or lab.sites[place.site].stock:
            continue
        if rubbish is None:
            raise Refused(
                f"{sample}'s {vessel} stands at {place.site} and the bench has no bin", "Take it away by hand"
            )
        shared = {resource for resource in held(lab, place.site) if holds.get(resource, sample) != sample}
        batch = holds[min(shared)] if shared else ""
        walk.bring(vessel, Standing(rubbish), batch=batch, shared=frozenset(shared))
    return walk.tasks
