"""What a run has come to. Whatever happens changes it here, alike when it happens and when a journal is read again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from planning.errors import InDoubt, Refused
from planning.foresight import Intent
from planning.graph import build, clearing
from planning.inventory import Inventory, Standing
from planning.journal import Event
from planning.mending import Mender
from planning.protocol.document import Protocol as Recipe
from planning.reach import Reach
from planning.rooms import Rooms
from planning.rules import Act
from planning.samples import Request, Sample, Source
from planning.schedule import Dispatcher, Slot
from planning.skills import expected_s
from planning.task import Task
from planning.whereabouts import Places, Whereabouts
from robot.config import LabConfig
from robot.interfaces import Device


class Course:
    """The samples of a run, their tasks, what is in store, what nobody knows."""

    def __init__(
        self,
        lab: LabConfig,
        devices: Mapping[str, Device],
        recipe: Recipe,
        source: Source,
        inventory: Inventory,
    ) -> None:
        self.lab = lab
        self.recipe = recipe
        self.source = source
        self.inventory = inventory
        self.samples: dict[str, Sample] = {}
        self.dispatcher = Dispatcher(self._seconds, Rooms(lab), thinks=True)
        self.whereabouts = Whereabouts()
        self.failed_before: list[tuple[Task, str]] = []
        """Tasks that an earlier engine saw fail for good, and why."""
        self.safe_count = 0
        """How often everything was made safe."""
        self.emptied: set[str] = set()
        self.stopped_because = ""
        """Why nothing more may begin."""
        self._devices = devices
        self._reach = Reach.of(lab, devices)
        self._lasted_s: dict[str, float] = {}

    def under_way(self) -> list[Sample]:
        """The samples that have begun and not ended."""
        return [sample for sample in self.samples.values() if sample.status == "under way"]

    def _seconds(self, task: Task) -> float:
        """What a furnace programme took last time; of other tasks what the devices' limits say."""
        return self._lasted_s.get(_programme(task)) or expected_s(task, self.lab, self._devices)

    def admit(self, requests: Sequence[Request], now_s: float) -> list[Sample]:
        """Give samples their vessels and write down their tasks.

        Raises:
            Refused: a rack is empty, or the bench lacks what they need.
        """
        new: list[Sample] = []
        for request in requests:
            name = f"s{len(self.samples) + len(new) + 1:03d}"
            bound = self.recipe.bind(request.values)
            new.append(Sample(name, request, bound, self.inventory.allot(self.recipe)))
        tasks = [task for sample in new for task in self._build(sample)]
        self.samples |= {sample.name: sample for sample in new}
        self.dispatcher.add(tasks, now_s)
        self.source.admitted(new)
        return new

    def end(self, task: Task, result: Mapping[str, Any], now_s: float, ended_s: float | None = None) -> None:
        """A task is done, with this result; `ended_s`: it was so before anybody saw it, at the earliest since then."""
        if task.skill == "heat":
            self._lasted_s[_programme(task)] = now_s - self.dispatcher.running[task.id].start_s
        self.dispatcher.finish(task, now_s, ended_s)
        self.inventory.use(result.get("volumes_ul", {}))
        self.inventory.use_powders(result.get("masses_mg", {}))
        if task.skill == "decide":
            sample = self.samples[task.samples[0]]
            sample.decisions[task.arguments["decision"]] = result["outcome"]
            self.dispatcher.exchange(sample.name, self._build(sample))
            return
        for name in task.samples:
            sample = self.samples[name]
            sample.results |= {key: value for key, value in result.items() if key not in ("volumes_ul", "seen", "felt")}
            self.whereabouts.note_end(task, result, sample.standing)

    def begin_again(self, task: Task, now_s: float) -> None:
        """A task that had failed for good is under way again; what it took it still has."""
        self.failed_before = [each for each in self.failed_before if each[0] is not task]
        self.dispatcher.running[task.id] = Slot(task, now_s, now_s + self._seconds(task))

    def _build(self, sample: Sample) -> list[Task]:
        return build(sample.name, sample.bound, sample.start, self.lab, sample.decisions, sample.chosen, self._reach)

    def assign(self, sample: Sample, chosen: Mapping[str, Standing]) -> None:
        """Where a sample stands next was decided: write its tasks with these places."""
        sample.chosen |= chosen
        self.dispatcher.exchange(sample.name, self._build(sample))

    def clear(self, sample: Sample, why: str, now_s: float) -> None:
        """Drop what was to come for a sample, and have its vessels taken away; stop if a person has to do that."""
        sample.why = why
        self.dispatcher.drop(sample.name)
        slots = self.dispatcher.running.values()
        running = [slot.task.own_id(sample.name) for slot in slots if sample.name in slot.task.samples]
        holds = [place for place, holder in self.dispatcher.held.items() if holder == sample.name]
        try:
            tasks = clearing(sample.name, sample.standing, sample.bound, holds, running, self._reach)
        except Refused as err:
            self.stop(str(err))
        else:
            self.dispatcher.add(tasks, now_s)

    def stop(self, why: str) -> None:
        """Nothing more may begin."""
        self.stopped_because = self.stopped_because or why

    def is_over(self, sample: Sample) -> bool:
        """Is nothing left to be done for a sample that has not ended yet?"""
        here = [*self.dispatcher.waiting.values(), *(slot.task for slot in self.dispatcher.running.values())]
        return sample.status == "under way" and not any(sample.name in task.samples for task in here)

    def standing(self) -> dict[str, Places]:
        """By sample where its vessels stand."""
        return {name: sample.standing for name, sample in self.samples.items()}

    def close(self, sample: Sample, status: str) -> None:
        """A sample has ended."""
        self.dispatcher.release(sample.name)
        sample.status = status
        self.source.finished(sample)

    def restore(self, events: Iterable[Event], mender: Mender) -> None:
        """Bring a journal's run back to where it stood: the same samples, tasks and holds, nothing sent.

        A task that was stopped in doubt is under way again, so that the device is asked once more; one that failed
        for good gives its samples up when the run goes on: a person has looked at the bench in between. What needs no
        device, such as a question, outlives that all were made safe.
        """
        for event in events:
            mender.restore(event)
            self.hear(event)

    def hear(self, event: Event) -> None:
        """Let one event of a journal become part of the course."""
        running = self.dispatcher.running
        match event.kind:
            case "admitted":
                self.admit([Request.read(sample) for sample in event.data["samples"]], event.time_s)
            case "planned":
                self.dispatcher.intent = Intent.read(event.data)
            case "assigned":
                chosen = {stay: Standing(site, place) for stay, (site, place) in event.data["places"].items()}
                self.assign(self.samples[event.sample], chosen)
            case "task_started":
                self.dispatcher.start(self.dispatcher.joint(event.task, event.sample.split(",")), event.time_s)
            case "task_done":
                self.end(running[event.task].task, event.data["result"], event.time_s, event.data.get("ended_s"))
            case "task_failed" if event.data["decision"] == Act.STOP.value:
                if event.data["error"] != InDoubt.__name__:
                    self.failed_before.append((running.pop(event.task).task, event.data["why"]))
            case "retried":
                for task in [task for task, _ in self.failed_before if task.id == event.task]:
                    self.begin_again(task, event.time_s)
            case "set_aside":
                for task in [task for task, _ in self.failed_before if task.id == event.task]:
                    self.dispatcher.fail(task, event.time_s)
                self.failed_before = [(task, why) for task, why in self.failed_before if task.id != event.task]
                if event.task in running:
                    self.dispatcher.fail(running[event.task].task, event.time_s)
                self.clear(self.samples[event.sample], event.data["why"], event.time_s)
            case "astray" | "presumed":
                self.whereabouts.restore(event, self.samples[event.sample].standing)
                if event.task in running:
                    self.failed_before.append((running.pop(event.task).task, "its vessel was lost"))
            case "answered" if event.task in self.whereabouts.astray:
                self.whereabouts.restore(event, self.samples[event.sample].standing)
            case "tip_allotted":
                self.inventory.allot_tip(event.device, event.task, event.data["tip"])
            case "emptying":
                self.emptied.add(event.device)
            case "made_safe":
                self.safe_count += 1
                why = "interrupted when everything was made safe"
                stopped = [slot.task for slot in running.values() if slot.task.uses]
                self.failed_before += [(running.pop(task.id).task, why) for task in stopped]
            case "sample_finished":
                self.close(self.samples[event.sample], event.data["status"])


def _programme(task: Task) -> str:
    return f"{task.skill} {sorted(task.arguments.items())}" if task.skill == "heat" else ""
