"""The engine is killed once at every kind of event and act of a run, each time in a world of its own.

`benchmarks/kill_everywhere.py` does so at all of its points.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from endings import Ending
from kill_everywhere import Tally, kill_everywhere, prepared
from mortal import AFTER_EVENT, BEFORE_REPLY, Mortal

from planning.journal import Journal


@pytest.fixture(scope="module")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    return Tally.of(kill_everywhere("film", tmp_path_factory.mktemp("killed"), most=1))


def test_wherever_an_engine_dies_nothing_is_lost_and_nothing_is_done_twice(tally: Tally) -> None:
    assert set(tally.points) == {AFTER_EVENT, BEFORE_REPLY}
    assert tally.troubles == []


def test_what_a_dead_engine_left_in_doubt_is_told_by_the_devices(tally: Tally) -> None:
    told = {outcome for *_, outcome in tally.doubts}

    assert told >= {"done", "under way", "not done"}
    assert told.isdisjoint({"fault", "unknown"})


def test_a_film_that_was_cast_while_nobody_was_there_is_as_old_as_it_can_be(tmp_path: Path) -> None:
    undisturbed = Mortal(prepared("film", tmp_path / "undisturbed"), lambda number: False)
    undisturbed.run()
    with Journal.reading(tmp_path / "undisturbed" / "journal.db") as journal:
        strokes = [event for event in journal.events() if event.data.get("verb") == "start_moving_plunger"]
    last = max(nth for nth, event in enumerate(strokes) if event.task == "s001.cast.cast")
    sent = [
        number
        for number, passed in enumerate(undisturbed.passed, start=1)
        if passed == (BEFORE_REPLY, "pipette.start_moving_plunger")
    ]
    endings: list[Ending] = []

    an_hour_s = 3600.0  # it had to be fired within 30 min
    Mortal(
        prepared("film", tmp_path / "run"),
        {sent[last]}.__contains__,
        (an_hour_s,),
        lambda point, ending: endings.append(ending),
    ).run()

    assert {name: status for name, (status, _) in endings[0].samples.items()} == {
        "s001": "set aside", "s002": "finished", "s003": "finished",
    }  # fmt: skip
