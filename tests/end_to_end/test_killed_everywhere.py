"""The engine is killed once at every kind of event, write and reply of a run, each time in a world of its own.

`benchmarks/kill_everywhere.py` does so at all of the 1500 points.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from kill_everywhere import Tally, kill_everywhere
from mortal import AFTER_EVENT, AFTER_WRITE, BEFORE_WRITE


@pytest.fixture(scope="module")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Tally:
    return kill_everywhere("film", tmp_path_factory.mktemp("killed"), most=1)


def test_wherever_an_engine_dies_nothing_is_lost_and_nothing_is_done_twice(tally: Tally) -> None:
    assert set(tally.points) == {AFTER_EVENT, BEFORE_WRITE, AFTER_WRITE}
    assert tally.troubles == []


def test_what_a_dead_engine_left_in_doubt_is_told_by_the_devices(tally: Tally) -> None:
    told = {outcome for *_, outcome in tally.doubts}

    assert told >= {"done", "under way", "not done"}
    assert told.isdisjoint({"fault", "unknown"})
