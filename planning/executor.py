"""Conducts a run: starts what the dispatcher allows, settles what fails, asks for more samples when there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import inf

import anyio
from anyio.abc import TaskGroup

from planning.attendant import Attendant
from planning.bench import Bench
from planning.circle import Circle
from planning.course import Course
from planning.errors import NotCompleted, Refused
from planning.inventory import Inventory
from planning.journal import Event
from planning.mending import Mender
from planning.orders import NOBODY as NO_ORDERS
from planning.orders import Order, Orders
from planning.outcomes import TROUBLES, Outcomes
from planning.patience import IN_A_ROW, Patience
from planning.protocol.document import Protocol as Recipe
from planning.questions import NOBODY, Inbox
from planning.recovery import Decision
from planning.rules import Act, Rule
from planning.samples import Request, Sample, Source
from planning.schedule import Slot
from planning.skills import SKILLS, Eyes, Job, prepare
from planning.task import Task
from robot.config import LabConfig
from robot.errors import DeviceError

__all__ = ["Executor", "Request", "Sample", "Source"]

LONGEST_WAIT_S = 3600.0


class Executor:
    """One run on one bench."""

    def __init__(
        self,
        bench: Bench,
        lab: LabConfig,
        recipe: Recipe,
        source: Source,
        eyes: Eyes | None,
        inventory: Inventory,
        inbox: Inbox = NOBODY,
        rules: Sequence[Rule] = (),
        orders: Orders = NO_ORDERS,
        patience: int = IN_A_ROW,
    ) -> None:
        self.bench = bench
        self.lab = lab
        self.recipe = recipe
        self.source = source
        self.eyes = eyes
        self.inbox = inbox
        self.mender = Mender(bench, rules, inbox)
        self.patience = Patience(bench.journal, patience)
        self.course = Course(lab, bench.devices, recipe, source, inventory)
        self.attendant = Attendant(bench, self.course, orders)
        self.outcomes = Outcomes(bench, self.course, self.mender, self.patience, self.attendant.controls, self.stop)
        self.samples = self.course.samples
        self.dispatcher = self.course.dispatcher
        self.whereabouts = self.course.whereabouts
        self._noted = self.dispatcher.intent
        self._wake = anyio.Event()

    @property
    def stopped_because(self) -> str:
        """Why nothing more may begin; empty if more may."""
        return self.course.stopped_because

    def stop(self, why: str) -> None:
        """Begin nothing more; what runs is brought to its end."""
        self.course.stop(why)
        self._wake.set()

    def foretell(self) -> list[Slot]:
        """Expect how the tasks that are here will go on."""
        return self.dispatcher.foretell(self.bench.clock.now_s())

    async def run(self) -> None:
        """Conduct until all samples have ended and no more are asked for, or until stopped."""
        if self._must_find_vessels():
            self._finish()
            return
        await self._prepare()
        async with anyio.create_task_group() as tasks:
            self.attendant.look_around(lambda order: self._obey(order, tasks))
            self._take_up(tasks)
            tasks.start_soon(self.attendant.attend, lambda order: self._obey(order, tasks))
            tasks.start_soon(self.attendant.watch_heaters, self.stop)
            while True:
                self._wake = anyio.Event()
                if not self.stopped_because:
                    await self._admit_more()
                for name, why in self.attendant.to_let_go():
                    self.outcomes.set_aside(self.samples[name], "", why)
                now_s = self.bench.clock.now_s()
                self._begin_all(tasks, now_s)
                if not self.dispatcher.running and (self.stopped_because or not self._has_more):
                    break
                await self._wait(now_s)
            self.attendant.leave()
        self._finish()

    @property
    def _has_more(self) -> bool:
        """Does anything wait, for the bench or for a person?"""
        gate = self.attendant.controls.gate
        return bool(self.dispatcher.waiting or gate.undecided or gate.ready)

    def _obey(self, order: Order, tasks: TaskGroup) -> None:
        if order.verb == "abort" and not order.sample:
            self.stop(f"aborted by {order.by}")
            tasks.cancel_scope.cancel()
        self._wake.set()

    def _finish(self) -> None:
        why = self.stopped_because or "all samples have ended"
        self.bench.journal.write("run_finished", durable=True, why=why, complete=not self.stopped_because)

    def _must_find_vessels(self) -> bool:
        """Before anything moves again a person has to say where each vessel is that an earlier engine lost."""
        for task, why in self.course.failed_before:
            self.outcomes.lose_track(task, NotCompleted("bench", why))
        for lost in self.whereabouts.ask(self.inbox, self.bench.journal, self.course.standing()):
            self.stop(lost.question.text)
        return bool(self.stopped_because)

    async def _prepare(self) -> None:
        """Home what must be homed; again only after everything was made safe."""
        task = Task(f"prepare_{self.course.safe_count}", (), "prepare", "prepare", {}, frozenset())
        job = Job(task, self.bench, self.lab, self.course.inventory, self.eyes)
        try:
            await prepare(job)
        except TROUBLES as err:
            self.stop(f"the bench could not be prepared: {err}")

    def _take_up(self, tasks: TaskGroup) -> None:
        """Go on with what an earlier engine left: tasks under way, and samples whose task failed for good."""
        for slot in list(self.dispatcher.running.values()):
            self.bench.journal.write("task_resumed", sample=",".join(slot.task.samples), task=slot.task.id)
            tasks.start_soon(self._conduct, slot.task)
        for task, why in self.course.failed_before:
            if not self.attendant.controls.retried.issuperset(task.samples):
                self.outcomes.give_up(task, why)
            elif not self.stopped_because:
                self._try_again(task, why, tasks)
        self.course.failed_before = []
        for lost in self.whereabouts.gone:
            sample = self.samples[lost.sample]
            was_needed = not self.lab.sites[lost.between[-1].site].bin
            if was_needed and sample.status == "under way" and not sample.why:
                self.outcomes.set_aside(sample, "", f"its {lost.vessel} was not found where the arm had put it")

    def _try_again(self, task: Task, why: str, tasks: TaskGroup) -> None:
        """A person has looked, and wants a failed task done again."""
        if not self.mender.may_be_done_again(task, NotCompleted("bench", why)):
            why = f"{task.id} cannot be done again: some of it may have happened"
            self.bench.journal.write(
                "retry_refused", sample=",".join(task.samples), task=task.id, durable=True, why=why
            )
            self.stop(f"{why}; resume to set it aside")
            return
        self.mender.again(task, Decision(Act.TRY_AGAIN, "a person"))
        self.course.begin_again(task, self.bench.clock.now_s())
        tasks.start_soon(self._conduct, task)

    async def _wait(self, now_s: float) -> None:
        """Until a task ends or a gate opens."""
        wake_s = inf if self.stopped_because else self.dispatcher.next_wake_s(now_s)
        controls = self.attendant.controls
        if not self.dispatcher.running and wake_s == inf and not controls.is_paused and not controls.gate.undecided:
            waiting = ", ".join(list(self.dispatcher.waiting)[:4])
            self.stop(f"nothing runs and nothing may start, though {waiting} wait: a fault of the planner")
            return
        wait_s = min(wake_s - now_s, LONGEST_WAIT_S)
        with anyio.move_on_after(wait_s / self.bench.clock.speed):
            await self._wake.wait()

    async def _admit_more(self) -> None:
        now_s = self.bench.clock.now_s()
        gate, under_way = self.attendant.controls.gate, len(self.course.under_way())
        if not gate.undecided and not gate.ready:
            held = gate.held
            requests = await self.bench.call(lambda: self.source.next_requests(under_way, now_s, held))
            gate.propose(requests, self.bench.journal)
        if not gate.ready:
            return
        try:
            new = self.course.admit(gate.ready, now_s)
        except Refused as err:
            self.bench.journal.write("not_admitted", why=str(err))
            self.stop(str(err))
            return
        self.bench.journal.write(
            "admitted",
            durable=True,
            samples=[{"name": sample.name, **sample.request.as_data()} for sample in new],
        )
        gate.begun()

    def _begin_all(self, tasks: TaskGroup, now_s: float) -> None:
        """Begin what may begin."""
        may_begin = self.attendant.controls.may_begin
        try:
            while not self.stopped_because and (task := self.dispatcher.next_task(now_s, may_begin)) is not None:
                self._note_plan()
                if task.choices:
                    self._assign(task)
                else:
                    self._begin(task, tasks, now_s)
        except Circle as err:
            self.stop(str(err))

    def _note_plan(self) -> None:
        """Write down what is planned, if that has changed."""
        intent = self.dispatcher.planned()
        if intent != self._noted:
            self._noted = intent
            self.bench.journal.write("planned", **asdict(intent))

    def _assign(self, task: Task) -> None:
        """Decide where a sample stands next."""
        sample = self.samples[task.samples[0]]
        chosen = self.dispatcher.choose(task) or {}
        places = {stay: [place.site, place.place] for stay, place in chosen.items()}
        self.bench.journal.write("assigned", sample=sample.name, task=task.id, durable=True, places=places)
        self.course.assign(sample, chosen)

    def _begin(self, task: Task, tasks: TaskGroup, now_s: float) -> None:
        late = self.dispatcher.too_late(task, now_s)
        for name, why in late.items():
            self.outcomes.set_aside(self.samples[name], task.id, why)
        if late:
            self.outcomes.lose(task, why)
            return
        self.dispatcher.start(task, now_s)
        self.bench.forget(task.id)  # what is cleared away a second time goes by the same name
        self.bench.journal.write("task_started", sample=",".join(task.samples), task=task.id, skill=task.skill)
        tasks.start_soon(self._conduct, task)

    async def _conduct(self, task: Task) -> None:
        is_over = False
        with self.attendant.breakable(task) as scope:
            while not is_over:
                job = self._job(task)
                try:
                    result = await SKILLS[task.skill](job)
                except TROUBLES as err:
                    is_over = await self.outcomes.settle(task, err)
                else:
                    self.outcomes.end(task, result, job.done_s)
                    is_over = True
        if scope.cancelled_caught:
            await self._break_off(task)
        self._wake.set()

    async def _break_off(self, task: Task) -> None:
        """Its samples were aborted: stop its devices, give them up."""
        try:
            await self.attendant.make_safe(task)
        except DeviceError as err:
            self.stop(f"{task.id} was broken off: {err}")
        self.outcomes.give_up(task, self.attendant.controls.leaving[task.samples[0]])

    def _job(self, task: Task) -> Job:
        begun_s = self.dispatcher.running[task.id].start_s
        results = self.samples[task.samples[0]].results
        return Job(
            task,
            self.bench,
            self.lab,
            self.course.inventory,
            self.eyes,
            begun_s,
            results,
            self.inbox,
            self.mender.attempts(task),
        )

    def restore(self, events: Iterable[Event]) -> None:
        """Bring a journal's run back to where it stood; nothing is sent."""
        past = list(events)
        self.course.restore(past, self.mender)
        self._noted = self.dispatcher.intent
        for event in past:
            self.attendant.controls.restore(event)
            self.patience.restore(event)
