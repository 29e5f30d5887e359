"""From a sample's protocol to tasks: which devices, which places, in which order. Transfers are put in where needed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, product
from string import ascii_lowercase
from types import UnionType
from typing import Any, get_args

from planning.errors import Refused
from planning.inventory import Standing, ink_volumes_ul
from planning.protocol.document import Bound
from planning.protocol.expectations import Expectation
from planning.protocol.steps import Cast, Discard, Dose, Heat, Look, Measure, Move, Step, Wash
from robot.config import ArmSettings, CavroSettings, LabConfig, OpenCvCameraSettings


@dataclass(frozen=True)
class Task:
    """One step, or part of one, bound to devices.

    `uses` are devices busy while it runs. A task that `takes` a resource (a site, a soiled pipette, a furnace) holds it
    for its sample until a task of the same sample `frees` it; what is `shared` is held in the name of the `batch`.
    `within_s` is the longest time after the end of any of `after_lag` at which it may start.
    """

    id: str
    samples: tuple[str, ...]
    step: str
    skill: str
    arguments: Mapping[str, Any]
    uses: frozenset[str]
    after: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    frees: frozenset[str] = frozenset()
    batch: str = ""
    shared: frozenset[str] = frozenset()
    within_s: float | None = None
    after_lag: tuple[str, ...] = ()

    def owner_of(self, resource: str) -> str:
        """In whose name this task holds a resource: several samples of one owner may hold it at once."""
        return self.batch if resource in self.shared else self.samples[0]


@dataclass
class _Walk:
    """Where one sample has got to while its tasks are being written down."""

    sample: str
    lab: LabConfig
    standing: dict[str, Standing]
    wares: Mapping[str, str]
    tasks: list[Task] = field(default_factory=list)
    last_of_step: dict[str, tuple[str, ...]] = field(default_factory=dict)
    last_of_vessel: dict[str, str] = field(default_factory=dict)
    volume_ul: dict[str, float] = field(default_factory=dict)
    solids_mg_per_ml: dict[str, float] = field(default_factory=dict)
    film_mg: dict[str, float] = field(default_factory=dict)

    def add(self, step: str, skill: str, vessels: Iterable[str], after: Sequence[str], **details: Any) -> Task:
        """Write down a task that touches vessels and so comes after whatever touched them before."""
        touched = [self.last_of_vessel[vessel] for vessel in vessels if vessel in self.last_of_vessel]
        part = f"{self.sample}.{step}.{skill}"
        taken = sum(task.id.startswith(part) for task in self.tasks)
        task = Task(
            id=part if not taken else f"{part}_{taken + 1}",
            samples=(self.sample,),
            step=step,
            skill=skill,
            after=tuple(dict.fromkeys((*after, *touched))),
            **details,
        )
        self.tasks.append(task)
        for vessel in vessels:
            self.last_of_vessel[vessel] = task.id
        return task

    def bring(self, step: str, vessel: str, to: Standing, after: Sequence[str], **details: Any) -> None:
        """Carry a vessel to a place unless it stands there."""
        source = self.standing[vessel]
        if source == to:
            return
        arm = device_of(self.lab, ArmSettings)
        self.add(
            step,
            "carry",
            [vessel],
            after,
            arguments={
                "vessel": vessel,
                "ware": self.wares[vessel],
                "source": [source.site, source.place],
                "to": [to.site, to.place],
            },
            uses=frozenset({arm, *_devices_around(self.lab, source.site, to.site)}),
            takes=_held(self.lab, to.site),
            frees=_held(self.lab, source.site),
            **details,
        )
        self.standing[vessel] = to


def device_of(lab: LabConfig, settings: type | UnionType) -> str:
    """Name the bench's device of a kind; raise Refused if there is none."""
    for name, device in lab.devices.items():
        if isinstance(device, settings):
            return name
    kinds = " or ".join(kind.__name__.removesuffix("Settings") for kind in get_args(settings) or (settings,))
    raise Refused(f"the bench has no {kinds}", "Add one to the lab file")


def camera_at(lab: LabConfig, site: str) -> str:
    """Name the camera that sees a site; raise Refused if none does."""
    for name, device in lab.devices.items():
        if isinstance(device, OpenCvCameraSettings) and site in device.sees:
            return name
    raise Refused(f"no camera sees {site}", "Look elsewhere, or add the site to a camera's `sees`")


def line_to(lab: LabConfig, pipette: str, site: str) -> str:
    """Name the valve port whose line ends at a site; raise Refused if none does."""
    settings = lab.devices.get(pipette)
    if isinstance(settings, CavroSettings):
        for line, end in settings.reaches.items():
            if end == site:
                return line
    raise Refused(f"no line of {pipette} ends at {site}", "Add it to the pipette's `reaches`")


def _held(lab: LabConfig, site: str) -> frozenset[str]:
    """The resource that a vessel at a site holds: a single place itself, a furnace as a whole, racks and bins none."""
    place = lab.sites[site]
    if place.bin or place.stock:
        return frozenset()
    if place.places > 1 and place.inside:
        return frozenset({place.inside})
    return frozenset({site})


def _devices_around(lab: LabConfig, *sites: str) -> list[str]:
    """The devices that an arm reaches into at these sites: they may not work meanwhile."""
    return [inside for site in sites if (inside := lab.sites[site].inside)]


def build(sample: str, bound: Bound, vessels: Mapping[str, Standing], lab: LabConfig) -> list[Task]:
    """Write down one sample's tasks, as if it had the furnace to itself; `join_batches` lets samples share it.

    Raises:
        Refused: the bench lacks a device, a line or a camera that a step needs.
    """
    wares = {name: use.labware for name, use in bound.protocol.vessels.items()}
    walk = _Walk(sample, lab, dict(vessels), wares)
    steps = bound.named_steps()
    for index, (name, step) in enumerate(steps):
        after = [task for earlier in bound.protocol.predecessors[name] for task in walk.last_of_step[earlier]]
        first = len(walk.tasks)
        _write_step(walk, name, step, after, [later for _, later in steps[index + 1 :]])
        _write_looks(walk, name, step, after)
        walk.last_of_step[name] = _ends(walk.tasks[first:]) or tuple(after)
    return walk.tasks


def _ends(tasks: Sequence[Task]) -> tuple[str, ...]:
    """The tasks that no other of these waits for."""
    waited_for = {earlier for task in tasks for earlier in task.after}
    return tuple(task.id for task in tasks if task.id not in waited_for)


def _write_step(walk: _Walk, name: str, step: Step, after: list[str], later: list[Step]) -> None:
    match step.action:
        case Dose() as dose:
            _write_dose(walk, name, dose, after, later)
        case Cast() as cast:
            _write_cast(walk, name, cast, after, later)
        case Wash() as wash:
            walk.add(
                name, "wash", [], after,
                arguments={"pipette": wash.with_, "liquid": wash.liquid, "to": wash.to,
                           "volume_ul": float(wash.volume_ul), "cycles": wash.cycles},
                uses=frozenset({wash.with_}), frees=frozenset({wash.with_}),
            )  # fmt: skip
        case Heat() as heat:
            _write_heat(walk, name, heat, step, after)
        case Look() as look:
            walk.bring(name, look.what, Standing(look.at), after)
        case Measure() as measure:
            _write_measure(walk, name, measure, after)
        case Discard(what=vessel, to=site) | Move(what=vessel, to=site):
            walk.bring(name, vessel, Standing(site), after)


def _soils(pipette: str, later: list[Step]) -> bool:
    """Will this sample use the pipette again before anybody else may?"""
    return any(getattr(step.action, "with_", None) == pipette for step in later)


def _write_dose(walk: _Walk, name: str, dose: Dose, after: list[str], later: list[Step]) -> None:
    assert not isinstance(dose.blend, str)
    volumes_ul, as_made = ink_volumes_ul(dose.blend, float(dose.volume_ul), dose.leave_out_below, walk.lab)
    walk.bring(name, dose.into, Standing(dose.at), after)
    walk.add(
        name, "dose", [dose.into], after,
        arguments={"pipette": dose.with_, "line": line_to(walk.lab, dose.with_, dose.at), "vessel": dose.into,
                   "volumes_ul": volumes_ul, "as_made": as_made},
        uses=frozenset({dose.with_}), takes=frozenset({dose.with_}),
        frees=frozenset() if _soils(dose.with_, later) else frozenset({dose.with_}),
    )  # fmt: skip
    before_ul = walk.volume_ul.get(dose.into, 0.0)
    solids_mg = sum(walk.lab.stocks[ink].concentration_mg_per_ml * ul for ink, ul in volumes_ul.items()) / 1000
    solids_mg += walk.solids_mg_per_ml.get(dose.into, 0.0) * before_ul / 1000
    walk.volume_ul[dose.into] = before_ul + float(dose.volume_ul)
    walk.solids_mg_per_ml[dose.into] = 1000 * solids_mg / walk.volume_ul[dose.into]


def _write_cast(walk: _Walk, name: str, cast: Cast, after: list[str], later: list[Step]) -> None:
    volume_ul = float(cast.volume_ul)
    walk.bring(name, cast.onto, Standing(cast.at), after)
    walk.add(
        name, "cast", [cast.from_, cast.onto], after,
        arguments={"pipette": cast.with_, "line": line_to(walk.lab, cast.with_, walk.standing[cast.from_].site),
                   "nozzle": line_to(walk.lab, cast.with_, cast.at), "volume_ul": volume_ul,
                   "vessel": cast.from_, "film": cast.onto},
        uses=frozenset({cast.with_}), takes=frozenset({cast.with_}),
        frees=frozenset() if _soils(cast.with_, later) else frozenset({cast.with_}),
    )  # fmt: skip
    walk.volume_ul[cast.from_] = walk.volume_ul.get(cast.from_, 0.0) - volume_ul
    walk.volume_ul[cast.onto] = walk.volume_ul.get(cast.onto, 0.0) + volume_ul
    cast_mg = walk.solids_mg_per_ml.get(cast.from_, 0.0) * volume_ul / 1000
    walk.film_mg[cast.onto] = walk.film_mg.get(cast.onto, 0.0) + cast_mg


def _write_heat(walk: _Walk, name: str, heat: Heat, step: Step, after: list[str]) -> None:
    walk.bring(name, heat.what, Standing(heat.at), after)
    walk.add(
        name, "heat", [heat.what], after,
        arguments={"furnace": heat.in_, "to_c": float(heat.to_c), "rate_c_per_min": float(heat.rate_c_per_min),
                   "hold_min": float(heat.hold_min)},
        uses=frozenset({heat.in_}),
        within_s=None if step.within_min is None else 60 * step.within_min,
        after_lag=tuple(after) if step.within_min is not None else (),
    )  # fmt: skip


def _write_measure(walk: _Walk, name: str, measure: Measure, after: list[str]) -> None:
    walk.bring(name, measure.what, Standing(measure.at), after)
    ware = walk.lab.ware(walk.wares[measure.what])
    film_mg = walk.film_mg.get(measure.what, 0.0)
    walk.add(
        name, "measure", [measure.what], after,
        arguments={"meter": measure.with_, "quantity": measure.as_, "current_a": float(measure.current_a),
                   "compliance_v": float(measure.compliance_v), "readings": measure.readings,
                   "thickness_mm": film_mg / measure.density_mg_per_mm3 / ware.inner_width_mm**2},
        uses=frozenset({measure.with_}),
    )  # fmt: skip


def _write_looks(walk: _Walk, name: str, step: Step, after: list[str]) -> None:
    for vessel, expectation in step.expect.items():
        camera = camera_at(walk.lab, walk.standing[vessel].site)
        ware = walk.lab.ware(walk.wares[vessel])
        walk.add(
            name, "look", [vessel], after,
            arguments={"camera": camera, "vessel": vessel, "ware": ware.name,
                       "expectation": expectation.model_dump(exclude_none=True),
                       "fill_height_fraction": _expected_fill(expectation, ware.fill_height_fraction(
                           walk.volume_ul.get(vessel, 0.0)))},
            uses=frozenset({camera}),
        )  # fmt: skip


def _expected_fill(expectation: Expectation, as_dosed: float) -> float | None:
    return as_dosed if expectation.fill == "as dosed" else expectation.fill


def join_batches(tasks_of: Sequence[list[Task]], batch: str, capacity: int) -> list[Task]:
    """Let samples that arrive together share a furnace: heats with the same programme become one task.

    `tasks_of` holds one list a sample; the heats of one step that agree are joined, `capacity` at most at a time. The
    loads and unloads then hold the furnace in the batch's name, each sample on a place of its own. A batch's samples
    come one after the other, or one of another batch could stand in their way while it waits for their furnace.
    """
    alike: dict[tuple[str, str], list[Task]] = {}
    for task in chain.from_iterable(tasks_of):
        if task.skill == "heat":
            alike.setdefault((task.step, repr(sorted(task.arguments.items()))), []).append(task)
    groups = [heats[start : start + capacity] for heats in alike.values() for start in range(0, len(heats), capacity)]
    owners: dict[tuple[str, ...], str] = {}
    letters = iter(_letters())
    joined: dict[str, tuple[Task, int]] = {}
    for members in groups:
        samples = tuple(task.samples[0] for task in members)
        if samples not in owners:  # samples that are heated together again stay one batch
            owners[samples] = f"{batch}{next(letters)}"
        heat = _joined(members, owners[samples])
        joined |= {member.id: (heat, place) for place, member in enumerate(members)}
    result: dict[str, Task] = {}
    for tasks in sorted(tasks_of, key=lambda tasks: _turn(tasks, joined)):
        shared = next((joined[task.id] for task in tasks if task.id in joined), None)
        for task in tasks:
            if task.id in joined:
                result.setdefault(joined[task.id][0].id, joined[task.id][0])
            else:
                result[task.id] = _in_batch(task, *shared) if shared else task
    return [
        replace(task, after=tuple(joined[earlier][0].id if earlier in joined else earlier for earlier in task.after))
        for task in result.values()
    ]


def _turn(tasks: Sequence[Task], joined: Mapping[str, tuple[Task, int]]) -> int:
    """A sample's turn: that of its first batch; `joined` is in the order of batches."""
    order = {name: turn for turn, name in enumerate(joined)}
    return min((order[task.id] for task in tasks if task.id in order), default=len(order))


def _letters() -> Iterable[str]:
    return ("".join(letters) for length in count(1) for letters in product(ascii_lowercase, repeat=length))


def _joined(members: Sequence[Task], batch: str) -> Task:
    """One heat for all of these."""
    return replace(
        members[0],
        id=f"{batch}.{members[0].step}",
        samples=tuple(task.samples[0] for task in members),
        after=tuple(earlier for task in members for earlier in task.after),
        after_lag=tuple(earlier for task in members for earlier in task.after_lag),
        batch=batch,
        shared=members[0].uses,
    )


def _in_batch(task: Task, heat: Task, place: int) -> Task:
    """Let a load or unload of the heat's furnace hold it in the batch's name, at this sample's own place."""
    shared = heat.uses & (task.takes | task.frees)
    if not shared:
        return task
    end = "to" if shared & task.takes else "source"
    arguments = {**task.arguments, end: [task.arguments[end][0], place]}
    return replace(task, batch=heat.batch, shared=shared, arguments=arguments)


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
    walk = _Walk(sample, lab, dict(standing), {name: use.labware for name, use in bound.protocol.vessels.items()})
    for pipette in holds:
        if not isinstance(lab.devices.get(pipette), CavroSettings):
            continue
        wash = next((step for _, step in bound.named_steps() if step.wash and step.wash.with_ == pipette), None)
        if wash is None:
            raise Refused(f"{pipette} is soiled and the protocol has no wash for it", "Wash it by hand")
        _write_step(walk, "clear", wash, list(after), [])
    rubbish = next((name for name, site in lab.sites.items() if site.bin), None)
    for vessel, place in standing.items():
        if lab.sites[place.site].bin or lab.sites[place.site].stock:
            continue
        if rubbish is None:
            raise Refused(
                f"{sample}'s {vessel} stands at {place.site} and the bench has no bin", "Take it away by hand"
            )
        shared = {resource for resource in _held(lab, place.site) if holds.get(resource, sample) != sample}
        batch = holds[min(shared)] if shared else ""
        walk.bring("clear", vessel, Standing(rubbish), after, batch=batch, shared=frozenset(shared))
    return walk.tasks
