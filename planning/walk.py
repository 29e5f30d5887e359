"""Where one sample has got to while its tasks are being written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from planning.inventory import Standing
from planning.liquids import soiled_by_use
from planning.places import devices_around
from planning.protocol.binding import BoundStep
from planning.protocol.expectations import Expectation
from planning.reach import Leg, Reach
from planning.rooms import Rooms, place_name
from planning.task import Task
from robot.config import LabConfig


@dataclass
class Content:
    """What is believed to be in a vessel."""

    volume_ul: float = 0.0
    solids_mg: float = 0.0
    """Dissolved, or dry once the liquid has gone."""
    film_mg: float = 0.0
    """Of solids, what was cast on it."""
    powder_mg: float = 0.0

    def share(self, volume_ul: float) -> float:
        """Solids in a part of its liquid, in mg."""
        return self.solids_mg * volume_ul / self.volume_ul if self.volume_ul else 0.0


@dataclass
class Walk:
    """One sample's tasks so far, where its vessels stand and what is in them; `step` is the one being written."""

    sample: str
    lab: LabConfig
    reach: Reach
    standing: dict[str, Standing]
    wares: Mapping[str, str]
    chosen: Mapping[str, Standing] = field(default_factory=dict)
    """Places that were decided, by the stay for which they were."""
    tasks: list[Task] = field(default_factory=list)
    content: dict[str, Content] = field(default_factory=dict)
    step: str = ""
    after: Sequence[str] = ()
    within_s: dict[str, float] = field(default_factory=dict)
    later: Sequence[BoundStep] = ()
    expect: Mapping[str, Expectation] = field(default_factory=dict)
    _last_of_step: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _last_of_vessel: dict[str, str] = field(default_factory=dict)

    def begin(self, step: BoundStep, later: Sequence[BoundStep]) -> None:
        """Turn to a step; `later` are those still to come."""
        self.step, self.later, self.expect = step.name, later, step.step.expect
        self.after = self._ends(step.after)
        self.within_s = {}
        for earlier, minutes in step.within_min.items():
            for end in self._last_of_step[earlier]:
                self.within_s[end] = min(60 * minutes, self.within_s.get(end, inf))
        for earlier, minutes in step.not_before_min.items():
            rest = self.add("wait", [], arguments={"for_s": 60 * minutes}, after=self._last_of_step[earlier])
            self.after = (*self.after, rest.id)

    def end(self, step: BoundStep, first: int) -> None:
        """Note which of the tasks from the `first` on end the step: those that no other of them waits for."""
        own = self.tasks[first:]
        waited_for = {earlier for task in own for earlier in task.after}
        self._last_of_step[step.name] = tuple(task.id for task in own if task.id not in waited_for) or tuple(self.after)

    def _ends(self, steps: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(task for step in steps for task in self._last_of_step[step]))

    def add(self, skill: str, vessels: Iterable[str], after: Sequence[str] | None = None, **details: Any) -> Task:
        """Write down a task that touches vessels and so comes after whatever touched them before."""
        touched = [self._last_of_vessel[vessel] for vessel in vessels if vessel in self._last_of_vessel]
        part = f"{self.sample}.{self.step}.{skill}"
        taken = sum(task.id == part or task.id.startswith(f"{part}_") for task in self.tasks)
        details = {"uses": frozenset()} | details
        task = Task(
            id=part if not taken else f"{part}_{taken + 1}",
            samples=(self.sample,),
            step=self.step,
            skill=skill,
            after=tuple(dict.fromkeys((*(self.after if after is None else after), *touched))),
            **details,
        )
        self.tasks.append(task)
        for vessel in vessels:
            self._last_of_vessel[vessel] = task.id
        return task

    def act(self, skill: str, vessels: Iterable[str], **details: Any) -> Task:
        """Write down what the step is about: the task that its longest lags bind."""
        return self.add(skill, vessels, within_s=self.within_s, **details)

    def __post_init__(self) -> None:
        self.rooms = Rooms(self.lab)

    def device(self, name: str, vessel: str) -> str:
        """The device that a step means, with its vessel where it stands."""
        return self.rooms.device(name, self.standing[vessel].site)

    def device_in_use(self, name: str) -> str:
        """The device that a step without a vessel means: the one it names; of a group, the one where a vessel stands."""
        sites = [place.site for place in self.standing.values()]
        inside = [self.lab.sites[site].inside for site in sites]
        return next((site for site in inside if site in self.rooms.members(name)), None) or self.rooms.members(name)[0]

    def bring(self, vessel: str, to: str, **details: Any) -> None:
        """Carry a vessel to a site, into a device, or to one of a group of either, unless it stands there.

        `details` are of the carry that gets it there.

        Raises:
            Refused: nothing has this name, or no arms reach there.
        """
        places = self.rooms.places(to)
        source = self.standing[vessel]
        if source in places:
            return
        stay = f"{self.sample}.{self.step}.{vessel}"
        goal = self.chosen.get(stay, places[0])
        legs = self.reach.way(source.site, goal.site, self.wares[vessel])
        choices = {} if stay in self.chosen or len(places) == 1 else {stay: places}
        for number, leg in enumerate(legs):
            if leg is legs[-1]:
                self._carry(vessel, leg, goal, choices, **details)
                continue
            racks = self.rooms.places(leg.to)
            halt = f"{stay}.{number}"
            rack = self.chosen.get(halt, racks[0])
            if halt not in self.chosen and len(racks) > 1:
                choices |= {halt: racks}
            self._carry(vessel, leg, rack, choices)
            choices = {}

    def _carry(
        self, vessel: str, leg: Leg, to: Standing, choices: Mapping[str, tuple[Standing, ...]], **details: Any
    ) -> None:
        source = self.standing[vessel]
        shared = {f"way to {site}" for site in (source.site, to.site) if self.reach.is_shared(site)}
        self.add(
            "carry",
            [vessel],
            arguments={
                "vessel": vessel,
                "ware": self.wares[vessel],
                "arm": leg.arm,
                "source": [source.site, source.place],
                "to": [to.site, to.place],
                "withdraws": f"way to {to.site}" in shared,
            },
            uses=frozenset({leg.arm, *shared, *devices_around(self.lab, source.site, to.site)}),
            takes=self._held(to),
            frees=self._held(source),
            choices=choices,
            **details,
        )
        self.standing[vessel] = to

    def _held(self, place: Standing) -> frozenset[str]:
        """What a vessel on a place holds: nothing in a store or a bin."""
        return frozenset({place_name(self.lab, place)}) if self.rooms.room(place.site) else frozenset()

    def inside(self, vessel: str) -> Content:
        """What is in a vessel."""
        return self.content.setdefault(vessel, Content())

    def frees_pipette(self, pipette: str) -> frozenset[str]:
        """The pipette, if use soils it, unless this sample will use it again before anybody else may."""
        again = any(getattr(later.step.action, "with_", None) == pipette for later in self.later)
        return frozenset() if again else soiled_by_use(self.lab, pipette)
