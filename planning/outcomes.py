"""What becomes of tasks that have ended or failed, and of their samples: written down, then acted on."""

from collections.abc import Callable, Mapping
from typing import Any

from planning.bench import Bench
from planning.controls import Controls
from planning.course import Course
from planning.errors import Disappointed, InDoubt, NotCompleted, Refused, VolumeUnknown
from planning.mending import Mender
from planning.patience import Patience
from planning.rules import AGAIN, Act
from planning.samples import Sample
from planning.skills import ENDS_WITH_LAST_COMMAND, Job, empty_after_loss
from planning.task import Task
from robot.errors import DeviceError
from robot.liquid_handlers import PipetteSettings

TROUBLES = (Disappointed, InDoubt, NotCompleted, Refused, DeviceError)


class Outcomes:
    """Settles each task once; `stop` lets nothing more begin."""

    def __init__(
        self, bench: Bench, course: Course, mender: Mender, patience: Patience, controls: Controls,
        stop: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.bench = bench
        self.course = course
        self.mender = mender
        self.patience = patience
        self._controls = controls
        self._stop = stop

    def end(self, task: Task, result: Mapping[str, Any], done_s: float | None) -> None:
        """It was done: write that down."""
        ended_s = done_s if task.skill in ENDS_WITH_LAST_COMMAND else None
        unseen: dict[str, Any] = {} if ended_s is None else {"ended_s": ended_s}
        self.bench.journal.write(
            "task_done", sample=",".join(task.samples), task=task.id, skill=task.skill, result=result, **unseen
        )
        self.course.end(task, result, self.bench.clock.now_s(), ended_s)
        for name in task.samples:
            self._close_if_over(self.course.samples[name])

    async def settle(self, task: Task, error: Exception) -> bool:
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
            await self.bench.sleep(decision.wait_s)
            self.mender.again(task, decision)
            return False
        self.lose_track(task, error)
        if act is Act.STOP:
            self.course.dispatcher.running.pop(task.id, None)
            self._stop(f"{task.id}: {error}")
        else:
            self.give_up(task, str(error))
            self.lose(task, str(error))
        return True

    def lose(self, task: Task, why: str) -> None:
        """Samples were lost to a task: stop if that happens time after time."""
        if stop := self.patience.lose(task.id, why):
            self._stop(stop)

    async def _empty(self, pump: str) -> Act:
        """Empty a pump that lost its home, once in a run; its lines are washed when the sample is cleared away."""
        settings = self.course.lab.devices[pump]
        if pump in self.course.emptied or not isinstance(settings, PipetteSettings):
            return Act.STOP
        self.course.emptied.add(pump)
        self.bench.journal.write("emptying", device=pump, durable=True)
        task = Task(f"empty_{pump}", (), "empty", "empty", {}, frozenset())
        try:
            await empty_after_loss(Job(task, self.bench, self.course.lab, self.course.inventory, None), pump, settings)
        except TROUBLES:
            return Act.STOP
        return Act.SET_ASIDE

    def give_up(self, task: Task, why: str) -> None:
        """Set all samples of a failed task aside."""
        self.course.dispatcher.fail(task, self.bench.clock.now_s())
        for name in task.samples:
            self.set_aside(self.course.samples[name], task.id, why)

    def set_aside(self, sample: Sample, task: str, why: str) -> None:
        """Give a sample up, and let what is left of it be cleared away."""
        self.bench.journal.write("set_aside", sample=sample.name, task=task, why=why, durable=True)
        self._controls.forget(sample.name)
        self.course.clear(sample, why, self.bench.clock.now_s())
        self._close_if_over(sample)

    def _close_if_over(self, sample: Sample) -> None:
        if not self.course.is_over(sample):
            return
        self.course.close(sample, "set aside" if sample.why else "finished")
        if not sample.why:
            self.patience.regain()
        self.bench.journal.write(
            "sample_finished", sample=sample.name, status=sample.status, results=sample.results, durable=True
        )

    def lose_track(self, task: Task, error: Exception) -> None:
        """Of what a task had in its grip nobody may know any longer where it is."""
        self.course.whereabouts.note_failure(task, error, self.course.standing(), self.bench.journal)
