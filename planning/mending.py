"""What becomes of a task that failed: a rule or a person decides, once for each time that it fails."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from planning.asking import answer_in_time
from planning.bench import Bench
from planning.journal import Event
from planning.past import past_of
from planning.questions import Inbox, Question, raise_question
from planning.recovery import Decision, decide, options
from planning.rules import AGAIN, Act, Rule
from planning.task import Task
from planning.troubles import Trouble, trouble_of


class Mender:
    """Knows the rules of a run, and how often each has been used for each task."""

    def __init__(self, bench: Bench, rules: Sequence[Rule], inbox: Inbox) -> None:
        self._bench = bench
        self._rules = rules
        self._inbox = inbox
        self._used: dict[str, Counter[str]] = {}
        self._failures: Counter[str] = Counter()

    def attempts(self, task: Task) -> int:
        """How often a task was begun and is done again."""
        return sum(self._used.get(task.id, Counter()).values())

    def restore(self, event: Event) -> None:
        """Know again what an earlier engine decided."""
        if event.kind == "retried":
            self._used.setdefault(event.task, Counter())[event.data["rule"]] += 1
        elif event.kind == "task_failed":
            self._failures[event.task] += 1

    async def judge(self, task: Task, error: Exception) -> Decision:
        """Let the rules decide; where they say so, a person."""
        trouble = self._trouble(task, error)
        decision = decide(trouble, self._rules, self._used.get(task.id, Counter()))
        return await self._ask(task, trouble, decision, str(error)) if decision.act is Act.ASK else decision

    def may_be_done_again(self, task: Task, error: Exception) -> bool:
        """Would a person who has looked be allowed to let this task be done again?"""
        return any(act in AGAIN for act in options(self._trouble(task, error)))

    def again(self, task: Task, decision: Decision) -> None:
        """Note that a task is begun anew."""
        self._bench.journal.write(
            "retried", sample=",".join(task.samples), task=task.id, durable=True, rule=decision.rule,
            act=decision.act.value,
        )  # fmt: skip
        self._bench.forget(task.id)
        self._used.setdefault(task.id, Counter())[decision.rule] += 1

    def note_failure(self, task: Task) -> None:
        """The failure was written down, with what was decided."""
        self._failures[task.id] += 1

    def _trouble(self, task: Task, error: Exception) -> Trouble:
        return trouble_of(error, task, past_of(task.id, self._bench.journal.events()))

    async def _ask(self, task: Task, trouble: Trouble, decision: Decision, why: str) -> Decision:
        acts = options(trouble)
        name = f"{task.id}.trouble{self._failures[task.id] + 1}"
        question = Question(name, f"{why} What is to be done?", [act.value for act in acts], "what_to_do")
        raise_question(self._bench.journal, question, task.samples, decision.time_out_s)
        answer = await answer_in_time(self._bench, self._inbox, question, task.samples, decision.time_out_s)
        by = "nobody" if answer is None else self._inbox.who_answered(question)
        act = decision.if_silent if answer is None else Act(str(answer))
        self._bench.journal.write(
            "answered", sample=",".join(task.samples), task=name, answer=act.value, by=by, durable=True
        )
        return replace(decision, act=act, rule=f"{decision.rule}: {by} says {act}", wait_s=0.0)
