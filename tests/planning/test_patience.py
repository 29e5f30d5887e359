"""How many setbacks in a row are borne."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware_sim.clock import VirtualClock
from planning.journal import Journal
from planning.patience import Patience


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite", VirtualClock()) as journal:
        yield journal


def test_the_third_setback_without_a_finished_sample_is_one_too_many(journal: Journal) -> None:
    patience = Patience(journal, limit=3)

    told = [patience.lose(task, "its door is open.") for task in ("s001.heat", "s005.heat", "s009.heat")]

    assert told[:2] == ["", ""]
    assert told[2].startswith("3 times in a row samples were set aside and none was finished")


def test_samples_that_are_lost_together_are_one_setback(journal: Journal) -> None:
    patience = Patience(journal, limit=2)

    assert [patience.lose("s001.heat", "it was cold.") for _ in range(4)] == [""] * 4


def test_a_finished_sample_lets_the_count_begin_anew(journal: Journal) -> None:
    patience = Patience(journal, limit=2)
    patience.lose("s001.look", "it is wet.")

    patience.regain()

    assert patience.lose("s003.look", "it is wet.") == ""


def test_an_engine_that_comes_back_has_not_forgotten_and_a_person_who_resumes_has_looked(journal: Journal) -> None:
    before = Patience(journal, limit=2)
    before.lose("s001.look", "it is wet.")
    after_a_crash, after_a_stop = Patience(journal, limit=2), Patience(journal, limit=2)
    for event in journal.events():
        after_a_crash.restore(event)
    journal.write("run_finished", complete=False)
    for event in journal.events():
        after_a_stop.restore(event)

    assert after_a_crash.lose("s002.look", "it is wet.")
    assert not after_a_stop.lose("s002.look", "it is wet.")
