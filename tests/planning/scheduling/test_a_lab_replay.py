"""The replay of an A-Lab-like bench: the same failures strike every way of running it, and nothing is lost in it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from a_lab_bench import FIFO_PERSON, FIFO_RULES, OURS_RULES, WAYS, Way, replay
from a_lab_failures import DAY_S, FAILURES, HOUR_S, Chance, by_person, by_rules, is_night

FAILURE = {failure.name: failure for failure in FAILURES}
OFTEN = Chance(seed=3, rate_factor=4.0)


def test_a_task_meets_the_same_failures_whenever_and_however_it_is_done() -> None:
    tasks = [f"p{number:04d}.recover" for number in range(300)]

    assert [Chance(5).strikes(task) for task in tasks] == [Chance(5).strikes(task) for task in reversed(tasks)][::-1]
    assert any(Chance(5).strikes(task) for task in tasks)


def test_rarer_failures_are_some_of_the_frequent_ones() -> None:
    for number in range(300):
        task = f"p{number:04d}.mount"
        assert set(Chance(1, 0.5).strikes(task)) <= set(Chance(1, 2.0).strikes(task))


def test_by_day_a_person_mends_within_half_an_hour_and_at_night_not_before_seven() -> None:
    chance, failure = Chance(0), FAILURE["sieve clogs"]

    by_day_s = chance.answered_s("p0001.mount", failure, 2 * HOUR_S)
    by_night_s = chance.answered_s("p0001.mount", failure, 15 * HOUR_S)

    assert 10 * 60 <= by_day_s - 2 * HOUR_S <= 30 * 60
    assert by_night_s - 22 * HOUR_S == pytest.approx(by_day_s - 2 * HOUR_S)
    assert is_night(15 * HOUR_S)


def test_without_rules_a_person_is_asked_whatever_happens() -> None:
    assert {by_person(failure, {}).act for failure in FAILURES} == {"ask"}


def test_rules_try_a_clogged_sieve_again_once_and_then_set_the_sample_aside() -> None:
    first = by_rules(FAILURE["sieve clogs"], {})
    second = by_rules(FAILURE["sieve clogs"], {first.rule: 1})

    assert (first.act, second.act) == ("again", "aside")


def test_an_arm_that_stopped_to_protect_somebody_always_needs_a_person() -> None:
    assert by_rules(FAILURE["arm's protective stop"], {}).act == "ask"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_makes_samples_and_answers_alike_for_the_same_seed(way: Way) -> None:
    record = replay(way, OFTEN, days=1.2)

    assert record == replay(way, OFTEN, days=1.2)
    assert record.done_s == sorted(record.done_s)
    assert 0 < record.furnaces_busy_fraction < 1
    assert all(0 < used <= 1 for _, _, used in record.programmes)


def test_where_nothing_fails_rules_change_nothing() -> None:
    calm = Chance(seed=3, rate_factor=0.0)

    assert replay(FIFO_RULES, calm, days=1.5) == replay(FIFO_PERSON, calm, days=1.5)


def test_rules_ask_a_person_less_often() -> None:
    asked = {way: len(replay(way, OFTEN, days=2.0).asked_s) for way in (FIFO_PERSON, FIFO_RULES)}

    assert asked[FIFO_RULES] < asked[FIFO_PERSON] / 2


def test_nobody_is_asked_after_the_end_and_each_sample_is_done_once() -> None:
    record = replay(OURS_RULES, OFTEN, days=2.0)

    assert max(record.asked_s, default=0.0) <= 2.0 * DAY_S
    assert len(set(record.done_s)) == len(record.done_s)
