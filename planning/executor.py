"""Conducts a run: starts what the dispatcher allows, settles what fails, asks for more samples when there is room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import anyio
from anyio.abc import TaskGroup

from planning.bench import Bench
from planning.errors import Disappointed, InDoubt, NotCompleted, Refused, VolumeUnknown
from planning.graph import Task, build, clearing, device_of, join_batches
from planning.inventory import Inventory, Standing
from planning.journal import Event
from planning.mending import Mender
from planning.protocol.document import Bound
from planning.protocol.document import Protocol as Recipe
from planning.questions import NOBODY, Inbox
from planning.rules import AGAIN, Act, Rule
from planning.schedule import Dispatcher, Slot
from planning.skills import SKILLS, Eyes, Job, empty, expected_s, prepare
from planning.whereabouts import Whereabouts
from robot.config import ArmSettings, CavroSettings, LabConfig
from robot.errors import DeviceError

TROUBLES = (Disappointed, InDoubt, NotCompleted, Refused, DeviceError)
LONGEST_WAIT_S = 3600.0


@dataclass(frozen=True)
class Request:
    """One sample to make: its parameters, and why it was chosen."""

    values: Mapping[str, Any]
    reason: str = ""
    predicted: tuple[float, float] | None = None


@dataclass
class Sample:
    """One sample on its way."""

    name: str
    request: Request
    bound: Bound
    standing: dict[str, Standing]
    decisions: dict[str, bool] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    status: str = "under way"
    why: str = ""

    def __post_init__(self) -> None:
        self.start: Mapping[str, Standing] = dict(self.standing)


class Source(Protocol):
    """Where samples come from: a list, or a campaign's designer."""

    def next_requests(self, under_way: int, now_s: float) -> Sequence[Request]:
        """Name further samples to begin now, given how many are under way; none if there is no room or no more."""

    def admitted(self, samples: Sequence[Sample]) -> None:
        """These have begun (also told again after a restart)."""

    def finished(self, sample: Sample) -> None:
        """This one has ended, well or not (also told again after a restart)."""


class Executor:
    """One run on one bench."""

    def __init__(
        self,
        bench: Bench,
        lab: LabConfig,
        recipe: Recipe,
        source: Source,
        eyes: Eyes | None,
        chamber_places: int,
        inventory: Inventory,
        inbox: Inbox = NOBODY,
        rules: Sequence[Rule] = (),
    ) -> None:
        self.bench = bench
        self.lab = lab
        self.recipe = recipe
        self.source = source
        self.eyes = eyes
        self.samples: dict[str, Sample] = {}
        self.inventory = inventory
        self.inbox = inbox
        self.mender = Mender(bench, rules, inbox)
        self.stopped_because = ""
        self._chamber_places = chamber_places
        self._arm: Any = bench.devices[device_of(lab, ArmSettings)]
        self._lasted_s: dict[str, float] = {}
        self.dispatcher = Dispatcher(self._seconds)
        self._batches = 0
        self._wake = anyio.Event()
        self._failed_before: list[tuple[Task, str]] = []
        self._safe_count = 0
        self._emptied: set[str] = set()
        self.whereabouts = Whereabouts()

    def stop(self, why: str) -> None:
        """Begin nothing more; what runs is brought to its end."""
        self.stopped_because = self.stopped_because or why
        self._wake.set()

    def under_way(self) -> list[Sample]:
        """The samples that have begun and not ended."""
        return [sample for sample in self.samples.values() if sample.status == "under way"]

    def foretell(self) -> list[Slot]:
        """Expect how the tasks that are here will go on."""
        return self.dispatcher.foretell(self.bench.clock.now_s())

    def _seconds(self, task: Task) -> float:
        """What a furnace programme took last time; of other tasks what the devices' limits say."""
        return self._lasted_s.get(_programme(task)) or expected_s(task, self.lab, self._arm)

    async def run(self) -> None:
        """Conduct until all samples have ended and no more are asked for, or until stopped."""
        if self._must_find_vessels():
            self._finish()
            return
        await self._prepare()
        async with anyio.create_task_group() as tasks:
            self._take_up(tasks)
            while True:
                self._wake = anyio.Event()
                if not self.stopped_because:
                    await self._admit_more()
                now_s = self.bench.clock.now_s()
                for task in [] if self.stopped_because else self.dispatcher.startable(now_s):
                    self._begin(task, tasks)
                if not self.dispatcher.running and (self.stopped_because or not self.dispatcher.waiting):
                    break
                await self._wait(now_s)
        self._finish()

    def _finish(self) -> None:
        why = self.stopped_because or "all samples have ended"
        self.bench.journal.write("run_finished", durable=True, why=why, complete=not self.stopped_because)

    def _must_find_vessels(self) -> bool:
        """Before anything moves again a person has to say where each vessel is that an earlier engine lost."""
        for task, why in self._failed_before:
            self._lose_track(task, NotCompleted("bench", why))
        standing_of = {name: sample.standing for name, sample in self.samples.items()}
        for lost in self.whereabouts.ask(self.inbox, self.bench.journal, standing_of):
            self.stop(lost.question.text)
        return bool(self.stopped_because)

    def _lose_track(self, task: Task, error: Exception) -> None:
        for name in task.samples:
            self.whereabouts.note_failure(task, error, self.samples[name].standing, self.bench.journal)

    async def _prepare(self) -> None:
        """Home what must be homed; again only after everything was made safe."""
        task = Task(f"prepare_{self._safe_count}", (), "prepare", "prepare", {}, frozenset())
        job = Job(task, self.bench, self.lab, self.eyes)
        try:
            await prepare(job)
        except TROUBLES as err:
            self.stop(f"the bench could not be prepared: {err}")

    def _take_up(self, tasks: TaskGroup) -> None:
        """Go on with what an earlier engine left: tasks under way, and samples whose task failed for good."""
        for slot in list(self.dispatcher.running.values()):
            self.bench.journal.write("task_resumed", sample=",".join(slot.task.samples), task=slot.task.id)
            tasks.start_soon(self._conduct, slot.task)
        for task, why in self._failed_before:
            self._give_up(task, why)
        self._failed_before = []

    async def _wait(self, now_s: float) -> None:
        """Until a task ends or a gate opens."""
        gates_s = [gate_s for gate_s in self.dispatcher.gates_s.values() if gate_s > now_s]
        if not self.dispatcher.running and not gates_s:
            waiting = ", ".join(list(self.dispatcher.waiting)[:4])
            self.stop(f"nothing runs and nothing may start, though {waiting} wait: a fault of the planner")
            return
        wait_s = min(gates_s, default=now_s + LONGEST_WAIT_S) - now_s
        with anyio.move_on_after(wait_s / self.bench.clock.speed):
            await self._wake.wait()

    async def _admit_more(self) -> None:
        now_s = self.bench.clock.now_s()
        under_way = len(self.under_way())
        requests = await self.bench.call(lambda: self.source.next_requests(under_way, now_s))
        if not requests:
            return
        try:
            new = self._admit(requests)
        except Refused as err:
            self.bench.journal.write("not_admitted", why=str(err))
            self.stop(str(err))
            return
        self.bench.journal.write(
            "admitted",
            durable=True,
            samples=[
                {"name": sample.name, "values": sample.request.values, "reason": sample.request.reason,
                 "predicted": sample.request.predicted}
                for sample in new
            ],
        )  # fmt: skip

    def _admit(self, requests: Sequence[Request]) -> list[Sample]:
        """Give samples their vessels and write down their tasks."""
        new: list[Sample] = []
        for request in requests:
            name = f"s{len(self.samples) + len(new) + 1:03d}"
            bound = self.recipe.bind(request.values)
            new.append(Sample(name, request, bound, self.inventory.allot(self.recipe)))
        tasks_of = [build(sample.name, sample.bound, sample.standing, self.lab) for sample in new]
        self._batches += 1
        self.samples |= {sample.name: sample for sample in new}
        tasks = join_batches(tasks_of, f"b{self._batches:02d}", self._chamber_places)
        self.dispatcher.add(tasks, self.bench.clock.now_s())
        self.source.admitted(new)
        return new

    def _begin(self, task: Task, tasks: TaskGroup) -> None:
        now_s = self.bench.clock.now_s()
        for name, age_s in self.dispatcher.too_late(task, now_s).items():
            self._set_aside(
                self.samples[name],
                task,
                f"{task.step} may begin within {task.within_s:.0f} s, now {age_s:.0f} s have passed",
            )
            if task.samples == (name,):
                return
            task = self.dispatcher.waiting[task.id]
        self.dispatcher.start(task, now_s)
        self.bench.journal.write("task_started", sample=",".join(task.samples), task=task.id, skill=task.skill)
        tasks.start_soon(self._conduct, task)

    async def _conduct(self, task: Task) -> None:
        is_over = False
        while not is_over:
            try:
                result = await SKILLS[task.skill](self._job(task))
            except TROUBLES as err:
                is_over = await self._settle(task, err)
            else:
                self._end(task, result)
                is_over = True
        self._wake.set()

    def _job(self, task: Task) -> Job:
        begun_s = self.dispatcher.running[task.id].start_s
        results = self.samples[task.samples[0]].results
        return Job(task, self.bench, self.lab, self.eyes, begun_s, results, self.inbox, self.mender.attempts(task))

    def _end(self, task: Task, result: Mapping[str, Any]) -> None:
        self.bench.journal.write(
            "task_done", sample=",".join(task.samples), task=task.id, skill=task.skill, result=result
        )
        self._apply_end(task, result)
        for name in task.samples:
            self._close_if_over(self.samples[name])

    def _apply_end(self, task: Task, result: Mapping[str, Any], at_s: float | None = None) -> None:
        now_s = self.bench.clock.now_s() if at_s is None else at_s
        if task.skill == "heat":
            self._lasted_s[_programme(task)] = now_s - self.dispatcher.running[task.id].start_s
        self.dispatcher.finish(task, now_s)
        self.inventory.use(result.get("volumes_ul", {}))
        self.inventory.use_powders(result.get("masses_mg", {}))
        if task.skill == "decide":
            self._decide(self.samples[task.samples[0]], task.arguments["decision"], result["outcome"])
            return
        for name in task.samples:
            sample = self.samples[name]
            sample.results |= {key: value for key, value in result.items() if key not in ("volumes_ul", "seen")}
            self.whereabouts.note_end(task, result, sample.standing)

    def _decide(self, sample: Sample, decision: str, outcome: bool) -> None:
        """Write the rest of a sample's tasks anew, if it goes another way than planned."""
        before = build(sample.name, sample.bound, sample.start, self.lab, sample.decisions)
        sample.decisions[decision] = outcome
        after = build(sample.name, sample.bound, sample.start, self.lab, sample.decisions)
        self.dispatcher.exchange(sample.name, before, after, self.bench.clock.now_s())

    async def _settle(self, task: Task, error: Exception) -> bool:
        """Decide what a failure means, write it down, act on it; return False if the task is to be done again."""
        decision = await self.mender.judge(task, error)
        act = decision.act
        if act is Act.EMPTY:
            act = await self._empty(error.device) if isinstance(error, VolumeUnknown) else Act.STOP
        self.bench.journal.write(
            "task_failed", sample=",".join(task.samples), task=task.id, durable=True,
            why=str(error), error=type(error).__name__, decision=act.value, rule=decision.rule,
        )  # fmt: skip
        self.mender.note_failure(task)
        if act in AGAIN:
            await self.mender.again(task, decision)
            return False
        self._lose_track(task, error)
        if act is Act.STOP:
            self.dispatcher.running.pop(task.id, None)
            self.stop(f"{task.id}: {error}")
        else:
            self._give_up(task, str(error))
        return True

    async def _empty(self, pump: str) -> Act:
        """Empty a pump that lost its home, once in a run; its lines are washed when the sample is cleared away."""
        settings = self.lab.devices[pump]
        if pump in self._emptied or not isinstance(settings, CavroSettings):
            return Act.STOP
        self._emptied.add(pump)
        self.bench.journal.write("emptying", device=pump, durable=True)
        task = Task(f"empty_{pump}", (), "empty", "empty", {}, frozenset())
        try:
            await empty(Job(task, self.bench, self.lab, self.eyes), pump, settings)
        except TROUBLES:
            return Act.STOP
        return Act.SET_ASIDE

    def _give_up(self, task: Task, why: str) -> None:
        """Set all samples of a failed task aside."""
        self.dispatcher.finish(task, self.bench.clock.now_s())
        for name in task.samples:
            self._set_aside(self.samples[name], task, why)

    def _set_aside(self, sample: Sample, task: Task, why: str) -> None:
        self.bench.journal.write("set_aside", sample=sample.name, task=task.id, why=why, durable=True)
        self._clear(sample, why)
        self._close_if_over(sample)

    def _clear(self, sample: Sample, why: str) -> None:
        """Drop what was to come for a sample, and have its vessels taken away."""
        sample.why = why
        self.dispatcher.drop(sample.name)
        running = [slot.task.id for slot in self.dispatcher.running.values() if sample.name in slot.task.samples]
        held = self.dispatcher.held.items()
        holds = {resource: holders[sample.name] for resource, holders in held if sample.name in holders}
        try:
            tasks = clearing(sample.name, sample.standing, sample.bound, holds, running, self.lab)
        except Refused as err:
            self.stop(str(err))
            return
        self.dispatcher.add(tasks, self.bench.clock.now_s())

    def _close_if_over(self, sample: Sample) -> None:
        here = [*self.dispatcher.waiting.values(), *(slot.task for slot in self.dispatcher.running.values())]
        if sample.status != "under way" or any(sample.name in task.samples for task in here):
            return
        self.dispatcher.release(sample.name)
        self._close(sample, "set aside" if sample.why else "finished")
        self.bench.journal.write(
            "sample_finished", sample=sample.name, status=sample.status, results=sample.results, durable=True
        )

    def _close(self, sample: Sample, status: str) -> None:
        sample.status = status
        self.source.finished(sample)

    def restore(self, events: Iterable[Event]) -> None:
        """Bring a journal's run back to where it stood: the same samples, tasks and holds, nothing sent.

        A task that was stopped in doubt is under way again, so that the device is asked once more; one that failed
        for good gives its samples up when the run goes on: a person has looked at the bench in between. What needs no
        device, such as a question, outlives that all were made safe.
        """
        for event in events:
            running = self.dispatcher.running
            self.mender.restore(event)
            match event.kind:
                case "admitted":
                    self._admit([_request(sample) for sample in event.data["samples"]])
                case "task_started":
                    self.dispatcher.start(self.dispatcher.waiting[event.task], event.time_s)
                case "task_done":
                    self._apply_end(running[event.task].task, event.data["result"], event.time_s)
                case "task_failed" if event.data["decision"] == Act.STOP.value:
                    if event.data["error"] != InDoubt.__name__:
                        self._failed_before.append((running.pop(event.task).task, event.data["why"]))
                case "set_aside":
                    self._failed_before = [(task, why) for task, why in self._failed_before if task.id != event.task]
                    if event.task in running:
                        self.dispatcher.finish(running[event.task].task, event.time_s)
                    self._clear(self.samples[event.sample], event.data["why"])
                case "astray" | "presumed":
                    self.whereabouts.restore(event, self.samples[event.sample].standing)
                    if event.task in running:
                        self._failed_before.append((running.pop(event.task).task, "its vessel was lost"))
                case "answered" if event.task in self.whereabouts.astray:
                    self.whereabouts.restore(event, self.samples[event.sample].standing)
                case "emptying":
                    self._emptied.add(event.device)
                case "made_safe":
                    self._safe_count += 1
                    why = "interrupted when everything was made safe"
                    stopped = [slot.task for slot in running.values() if slot.task.uses]
                    self._failed_before += [(running.pop(task.id).task, why) for task in stopped]
                case "sample_finished":
                    self.dispatcher.release(event.sample)
                    self._close(self.samples[event.sample], event.data["status"])


def _programme(task: Task) -> str:
    return f"{task.skill} {sorted(task.arguments.items())}" if task.skill == "heat" else ""


def _request(sample: Mapping[str, Any]) -> Request:
    """Read a request back from its event."""
    predicted = sample["predicted"]
    return Request(sample["values"], sample["reason"], (predicted[0], predicted[1]) if predicted else None)
