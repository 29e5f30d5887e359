"""Where vessels are, as far as anybody knows: seen there, presumed there, or astray until a person has said."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from planning.bench import Past, past_commands
from planning.errors import Missing
from planning.inventory import Standing
from planning.journal import Event, Journal
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

    @property
    def question(self) -> Question:
        """What a person is asked."""
        name, places = f"{self.sample}.{self.vessel}", [_word(place) for place in self.between]
        text = (
            f"Where is {self.sample}'s {self.vessel}? It may be at {' or '.join(places)}, in the gripper, or on the bench. "
            f"Empty the gripper; put it at one of these places, or take it away ({GONE})"
        )
        return Question(f"{name}.where", text, [GONE, *places], name)

    def at(self, answer: object) -> Standing | None:
        """Where an answer says that it is; None if it is gone."""
        return next((replace(place, seen=True) for place in self.between if _word(place) == answer), None)


def _word(place: Standing) -> str:
    return f"{place.site}:{place.place}"


class Whereabouts:
    """What a run believes of its vessels beyond where they stand: which are astray, what nobody has checked."""

    def __init__(self) -> None:
        self.astray: dict[str, Astray] = {}
        """By the name of the question after them."""
        self.unchecked: list[str] = []
        """The carries since a vessel was last seen where the arm had put it."""

    def note_end(self, task: Task, result: Mapping[str, Any], standing: Places) -> None:
        """A carry has put a vessel somewhere; a look has seen one."""
        if task.skill == "carry":
            standing[task.arguments["vessel"]] = Standing(*task.arguments["to"])
            self.unchecked.append(task.id)
        if "seen" in result:
            vessel = result["seen"]
            standing[vessel] = replace(standing[vessel], seen=True)
            self.unchecked.clear()

    def note_failure(self, task: Task, error: Exception, standing: Places, journal: Journal) -> None:
        """A task did not come to its end: write down what is no longer known of the vessel it handled."""
        vessel: str = task.arguments.get("vessel", "")
        if vessel not in standing:
            return
        between = _after_failure(task, error, standing[vessel], journal)
        if between == (standing[vessel],) and not isinstance(error, Missing):
            return
        kind = "astray" if len(between) > 1 or isinstance(error, Missing) else "presumed"
        places = [[place.site, place.place] for place in between]
        facts: dict[str, Any] = {"vessel": vessel, "between": places, "unchecked": list(self.unchecked)}
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
                              by="a person")  # fmt: skip
                self._find(name, answer, standing_of[lost.sample])
        return list(self.astray.values())

    def _apply(self, kind: str, sample: str, facts: Mapping[str, Any], standing: Places) -> None:
        between = tuple(Standing(site, place) for site, place in facts["between"])
        if kind == "presumed":
            standing[facts["vessel"]] = between[0]
            return
        standing.pop(facts["vessel"], None)
        lost = Astray(sample, facts["vessel"], between)
        self.astray[lost.question.id] = lost

    def _find(self, name: str, answer: object, standing: Places) -> None:
        lost = self.astray.pop(name, None)
        place = None if lost is None else lost.at(answer)
        if lost is not None and place is not None:
            standing[lost.vessel] = place


def _after_failure(task: Task, error: Exception, believed: Standing, journal: Journal) -> tuple[Standing, ...]:
    """Where a vessel may be: one place if the arm cannot have had it, or has let it go; else anywhere on its way."""
    if task.skill != "carry":
        return (believed,)
    source, to = Standing(*task.arguments["source"]), Standing(*task.arguments["to"])
    done = {number: past for (name, number), past in past_commands(journal.events()).items() if name == task.id}
    if not _may_have_acted(done.get(TAKES)):
        return (source,)
    if isinstance(error, Missing) or LETS_GO not in done or done[LETS_GO].ending != "done":
        return (source, to)
    return (to,)


def _may_have_acted(past: Past | None) -> bool:
    """Was a command sent, and not refused?"""
    return past is not None and (past.accepted or past.ending != "failed")
