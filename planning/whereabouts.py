"""Where vessels are, as far as anybody knows: seen there, presumed there, or astray until a person has said."""

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planning.errors import Missing
from planning.inventory import Standing
from planning.journal import Event, Journal
from planning.past import Past, past_of
from planning.questions import Inbox, Question, raise_question
from planning.skills.arm import LETS_GO, TAKES
from planning.task import Task

GONE = "gone"

Places = MutableMapping[str, Standing]
"""A sample's vessels, by name."""


@dataclass(frozen=True)
class Astray:
    """A vessel that may be at any of these places, in the gripper, or on the bench."""

    sample: str
    vessel: str
    between: tuple[Standing, ...]
    taken_from: Standing
    """Where it stood before it was carried last."""
    times: int = 1
    """How often it has been lost by now."""

    @property
    def question(self) -> Question:
        """What a person is asked."""
        name, places = f"{self.sample}.{self.vessel}", [_word(place) for place in self.between]
        text = (
            f"Where is {self.sample}'s {self.vessel}? It may be at {' or '.join(places)}, in the gripper, or on the bench. "
            f"Empty the gripper; put it at {'one of these places' if len(places) > 1 else 'its place'}, "
            f"or take it away ({GONE})"
        )
        again = "" if self.times == 1 else str(self.times)
        return Question(f"{name}.where{again}", text, [GONE, *places], name)

    def at(self, answer: object) -> Standing | None:
        """Where an answer says that it is; None if it is gone."""
        return next((replace(place, seen=True) for place in self.between if _word(place) == answer), None)


def _word(place: Standing) -> str:
    return f"{place.site}:{place.place}"


class Whereabouts:
    """What a run believes of its vessels beyond where they stand: which are astray, what nobody has checked."""

    def __init__(self) -> None:
        self._times: Counter[tuple[str, str]] = Counter()
        self.astray: dict[str, Astray] = {}
        """By the name of the question after them."""
        self.gone: list[Astray] = []
        """Those that a person has taken away, or not found."""
        self.unchecked: dict[str, list[Task]] = {}
        """By arm its carries since something last showed that it goes where it believes: a camera that saw a vessel where the
        arm had put it, or the arm's own gripper, closing on the next."""

    def note_end(self, task: Task, result: Mapping[str, Any], standing: Places) -> None:
        """A carry has put a vessel somewhere; a look has seen one."""
        if task.skill == "carry":
            standing[task.arguments["vessel"]] = Standing(*task.arguments["to"])
            before = [] if result.get("felt") else self.unchecked.get(task.arguments["arm"], [])
            self.unchecked[task.arguments["arm"]] = [*before, task]
        if "seen" in result:
            vessel = result["seen"]
            standing[vessel] = replace(standing[vessel], seen=True)
            for arm, carries in self.unchecked.items():
                own = [number for number, each in enumerate(carries, start=1) if _carries(each, task.samples, vessel)]
                self.unchecked[arm] = carries[max(own, default=0) :]

    def note_failure(self, task: Task, error: Exception, standing_of: Mapping[str, Places], journal: Journal) -> None:
        """A task did not come to its end: write down what is no longer known of the vessel it handled, and, if that is
        missing, of those that its arm has carried since something last showed that it goes where it believes.
        """
        standing, vessel = standing_of[task.samples[0]], task.arguments.get("vessel", "")
        if vessel not in standing:
            return
        between = _after_failure(task, error, standing[vessel], journal)
        if between == (standing[vessel],) and not isinstance(error, Missing):
            return
        kind = "astray" if len(between) > 1 or isinstance(error, Missing) else "presumed"
        suspects = self._suspects(task, vessel, standing_of) if isinstance(error, Missing) else []
        self._write(kind, task, vessel, between, standing, journal)
        for each in suspects:
            name, to = each.arguments["vessel"], Standing(*each.arguments["to"])
            self._write("astray", each, name, (to,), standing_of[each.samples[0]], journal)

    def _suspects(self, task: Task, vessel: str, standing_of: Mapping[str, Places]) -> list[Task]:
        """Carries that ended where nobody has seen, or felt, that they did: of the arm that missed a vessel, and of the one that
        had put it there.
        """
        carries = [
            each for arm, own in self.unchecked.items() for each in own
            if arm == task.arguments.get("arm") or any(_carries(one, task.samples, vessel) for one in own)
        ]  # fmt: skip
        last = {(each.samples[0], each.arguments["vessel"]): each for each in carries}
        last.pop((task.samples[0], vessel), None)
        return [
            each for (sample, name), each in last.items()
            if (place := standing_of[sample].get(name)) is not None
            and place == Standing(*each.arguments["to"]) and not place.seen
        ]  # fmt: skip

    def _write(
        self, kind: str, task: Task, vessel: str, between: Sequence[Standing], standing: Places, journal: Journal
    ) -> None:
        taken_from = Standing(*task.arguments["source"]) if task.skill == "carry" else between[0]
        facts: dict[str, Any] = {
            "vessel": vessel, "between": [[place.site, place.place] for place in between],
            "taken_from": [taken_from.site, taken_from.place],
        }  # fmt: skip
        journal.write(kind, sample=task.samples[0], task=task.id, durable=True, **facts)
        self._apply(kind, task.samples[0], facts, standing)
        for lost in self.astray.values():
            if (lost.sample, lost.vessel) == (task.samples[0], vessel):
                raise_question(journal, lost.question, task.samples, None)

    def restore(self, event: Event, standing: Places) -> None:
        """Believe again what a journal tells of a vessel: it was lost, presumed somewhere, or found."""
        if event.kind == "answered":
            self._find(event.data["question"], event.data["answer"], standing)
        else:
            self._apply(event.kind, event.sample, event.data, standing)

    def ask(self, inbox: Inbox, journal: Journal, standing_of: Mapping[str, Places]) -> list[Astray]:
        """Take up what a person has said by now; return what is still astray."""
        for name, lost in list(self.astray.items()):
            answer = inbox.answer_to(lost.question, 0.0)
            if answer is not None:
                journal.write("answered", sample=lost.sample, task=name, durable=True, question=name, answer=answer,
                              by=inbox.who_answered(lost.question))  # fmt: skip
                self._find(name, answer, standing_of[lost.sample])
        return list(self.astray.values())

    def _apply(self, kind: str, sample: str, facts: Mapping[str, Any], standing: Places) -> None:
        between = tuple(Standing(site, place) for site, place in facts["between"])
        if kind == "presumed":
            standing[facts["vessel"]] = between[0]
            return
        standing.pop(facts["vessel"], None)
        self._times[sample, facts["vessel"]] += 1
        times = self._times[sample, facts["vessel"]]
        lost = Astray(sample, facts["vessel"], between, Standing(*facts["taken_from"]), times)
        self.astray[lost.question.id] = lost

    def _find(self, name: str, answer: object, standing: Places) -> None:
        lost = self.astray.pop(name, None)
        place = None if lost is None else lost.at(answer)
        if lost is not None and place is not None:
            standing[lost.vessel] = place
        elif lost is not None:
            self.gone.append(lost)


def _carries(task: Task, samples: Sequence[str], vessel: str) -> bool:
    return task.samples == tuple(samples) and task.arguments["vessel"] == vessel


def _after_failure(task: Task, error: Exception, believed: Standing, journal: Journal) -> tuple[Standing, ...]:
    """Where a vessel may be: one place if the arm cannot have had it, or has let it go; else anywhere on its way."""
    if task.skill != "carry":
        return (believed,)
    source, to = Standing(*task.arguments["source"]), Standing(*task.arguments["to"])
    done = past_of(task.id, journal.events())
    if not _may_have_acted(done.get(TAKES)):
        return (source,)
    if isinstance(error, Missing) or LETS_GO not in done or done[LETS_GO].ending != "done":
        return (source, to)
    return (to,)


def _may_have_acted(past: Past | None) -> bool:
    """Was a command sent, and not refused?"""
    return past is not None and (past.accepted or past.ending != "failed")
