"""Answers find their question once; what is no answer is refused."""

from pathlib import Path

import pytest

from planning.errors import Refused
from planning.questions import FolderInbox, Question, Rehearsed, named

WORDS = Question("s001.repeat/1/ask.ask", "Is it blue?", ["yes", "no"], "blue")
NUMBER = Question("s002.ask.ask", "How much?", None, "much")


def test_an_answer_is_there_once_it_was_put(tmp_path: Path) -> None:
    inbox = FolderInbox(tmp_path)

    assert inbox.answer_to(WORDS, None) is None
    inbox.put(WORDS, "no")
    inbox.put(NUMBER, "2.5")

    assert FolderInbox(tmp_path).answer_to(WORDS, None) == "no"
    assert FolderInbox(tmp_path).answer_to(NUMBER, None) == 2.5


def test_the_first_answer_stands(tmp_path: Path) -> None:
    FolderInbox(tmp_path).put(WORDS, "no")

    with pytest.raises(Refused, match="has an answer already"):
        FolderInbox(tmp_path).put(WORDS, "yes")

    assert FolderInbox(tmp_path).answer_to(WORDS, None) == "no"


@pytest.mark.parametrize(("question", "answer"), [(WORDS, "maybe"), (NUMBER, "much")])
def test_what_is_no_answer_is_refused(tmp_path: Path, question: Question, answer: str) -> None:
    with pytest.raises(Refused, match="is no answer to"):
        FolderInbox(tmp_path).put(question, answer)

    assert not list(tmp_path.iterdir())


def test_a_question_may_be_called_by_the_beginning_of_its_name() -> None:
    waiting = {question.id: question for question in (WORDS, NUMBER)}

    assert named(waiting, "s002.ask") == NUMBER
    with pytest.raises(Refused, match=r"no question is called 's003'\. There wait s001"):
        named(waiting, "s003")


def test_a_rehearsal_takes_the_first_word_unless_silence_was_foreseen() -> None:
    assert Rehearsed().answer_to(WORDS, None) == "yes"
    assert Rehearsed().answer_to(WORDS, 60.0) is None
    with pytest.raises(Refused, match="--answer much=NUMBER"):
        Rehearsed().answer_to(NUMBER, None)
