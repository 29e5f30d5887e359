"""Questions to a person: raised in the journal, answered through an inbox, each by its own name.

A question waits from its `asked` event to its `answered` event. Who answers writes into the inbox; the engine takes
the answer up within some seconds, writes it down and goes on. An answer stays where it is: an engine that comes back
after a crash finds it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from planning.errors import Refused

if TYPE_CHECKING:  # a check before a run loads no database
    from planning.journal import Event, Journal

POLL_S = 2.0
"""How often an inbox is looked into."""
FOLDER = "answers"
SOMEBODY = "a person"


@dataclass(frozen=True)
class Question:
    """What is asked: with `answers` for one of these words, without for a number. Its `id` is that of its task."""

    id: str
    text: str
    answers: Sequence[str] | None
    quantity: str

    def understood(self, answer: str) -> str | float:
        """Read an answer.

        Raises:
            Refused: it is not among the words, or no number.
        """
        if self.answers is not None:
            if answer not in self.answers:
                raise Refused(f"{answer!r} is no answer to {self.id}", f"Answer {', '.join(self.answers)}")
            return answer
        try:
            return float(answer)
        except ValueError as err:
            raise Refused(f"{answer!r} is no answer to {self.id}", "Answer with a number") from err

    def figures(self, answer: str | float) -> float | dict[str, float]:
        """An answer as conditions speak of it: the number, or 1 for the word that was chosen.

        >>> Question("s001.ask.ask", "Go on?", ["yes", "no"], "go_on").figures("yes")
        {'yes': 1.0, 'no': 0.0}
        """
        if self.answers is None:
            return float(answer)
        return {word: float(word == answer) for word in self.answers}


class Inbox(Protocol):
    """Where answers come in."""

    def answer_to(self, question: Question, time_out_s: float | None) -> str | float | None:
        """The answer, if there is one by now."""

    def who_answered(self, question: Question) -> str:
        """Whose answer it is, for the record."""


@dataclass(frozen=True)
class Silence:
    """Nobody answers."""

    def answer_to(self, question: Question, time_out_s: float | None) -> str | float | None:
        """None, ever."""
        return None

    def who_answered(self, question: Question) -> str:
        """Nobody."""
        return "nobody"


NOBODY = Silence()


@dataclass(frozen=True)
class Rehearsed:
    """Answers for a simulated bench, by what the question calls its answer; `first` is asked before.

    Where none is given and the question may be left unanswered, nobody answers; else the first word is taken.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    first: Inbox = NOBODY

    def answer_to(self, question: Question, time_out_s: float | None) -> str | float | None:
        """The rehearsed answer.

        Raises:
            Refused: a number is wanted, and none was rehearsed.
        """
        given = self.first.answer_to(question, time_out_s)
        if given is not None:
            return given
        if question.quantity in self.answers:
            return question.understood(self.answers[question.quantity])
        if time_out_s is not None:
            return None
        if question.answers is None:
            raise Refused(f"{question.id} asks for a number and nobody is there to answer",
                          f"Rehearse with --answer {question.quantity}=NUMBER")  # fmt: skip
        return question.answers[0]

    def who_answered(self, question: Question) -> str:
        """Who was asked before, if that one did answer."""
        is_given = self.first.answer_to(question, None) is not None
        return self.first.who_answered(question) if is_given else "the rehearsal"


@dataclass(frozen=True)
class FolderInbox:
    """Answers as files in a run's folder, one a question."""

    folder: Path

    def answer_to(self, question: Question, time_out_s: float | None) -> str | float | None:
        """What the question's file says, once it is there."""
        path = self._path(question)
        return question.understood(json.loads(path.read_text("utf-8"))["answer"]) if path.exists() else None

    def who_answered(self, question: Question) -> str:
        """As the question's file says."""
        return str(json.loads(self._path(question).read_text("utf-8")).get("by", SOMEBODY))

    def put(self, question: Question, answer: str, by: str = SOMEBODY) -> None:
        """Leave an answer, all at once.

        Raises:
            Refused: it is none to this question, or there is one already.
        """
        question.understood(answer)
        path = self._path(question)
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"answer": answer, "by": by}), encoding="utf-8")
        try:
            os.link(fresh, path)
        except FileExistsError as err:
            raise Refused(
                f"{question.id} has an answer already", "The engine takes it up; look at the journal"
            ) from err
        finally:
            fresh.unlink()

    def _path(self, question: Question) -> Path:
        return self.folder / FOLDER / f"{question.id.replace('/', '-')}.json"


def raise_question(journal: Journal, question: Question, samples: Sequence[str], time_out_s: float | None) -> None:
    """Write a question down: from now on it waits."""
    journal.write(
        "asked", sample=",".join(samples), task=question.id, durable=True, question=question.text,
        answers=question.answers, quantity=question.quantity, time_out_s=time_out_s,
    )  # fmt: skip


def named(waiting: Mapping[str, Question], name: str) -> Question:
    """The question that a name, or its beginning, means.

    Raises:
        Refused: none waits under that name, or several do.
    """
    meant = [question for each, question in waiting.items() if each == name or each.startswith(f"{name}.")]
    if len(meant) != 1:
        there = f"There wait {', '.join(waiting)}" if waiting else "None waits"
        raise Refused(f"{'no' if not meant else 'more than one'} question is called {name!r}", there)
    return meant[0]


def open_questions(events: Iterable[Event]) -> dict[str, Question]:
    """The questions that wait, by name, as a journal tells."""
    waiting: dict[str, Question] = {}
    for event in events:
        hear_question(waiting, event)
    return waiting


def hear_question(waiting: dict[str, Question], event: Event) -> None:
    """Let the questions that wait become what an event made of them."""
    data: Mapping[str, Any] = event.data
    if event.kind == "asked":
        waiting[event.task] = Question(event.task, data["question"], data["answers"], data["quantity"])
    elif event.kind in ("answered", "set_aside", "task_done"):
        waiting.pop(event.task, None)
