"""How campaigns on tables are scored when designers are compared."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))

from designer_pools import Pool

WORDS = [{"t": t, "base": base} for t in (20.0, 120.0) for base in ("koac", "csoac", "kopiv")]
YIELDS = Pool(WORDS, [np.array([float(at), at + 2.0]) for at in range(6)])


def test_what_is_lacking_is_counted_from_the_median_to_the_best() -> None:
    assert YIELDS.lacks([0, 3, 2, 5], start=1) == pytest.approx([0.8, 0.8, 0.0])


def test_of_a_small_table_the_best_is_the_top() -> None:
    assert (YIELDS.share([0, 1]), YIELDS.share([0, 5])) == (0.0, 1.0)


def test_of_two_objectives_the_whole_front_is_the_whole_volume() -> None:
    pool = Pool(WORDS, [np.array([[x, y]]) for x, y in ((0, 0), (1, 3), (2, 2), (3, 1), (1, 1), (0, 3))])

    assert pool.volumes([0, 2, 1, 3], start=1) == pytest.approx([0.0, 4 / 6, 5 / 6, 1.0])


def test_those_who_know_only_numbers_are_shown_words_one_hot_or_by_what_is_unlike_in_their_descriptors() -> None:
    mass, twice = {"koac": 98.0, "csoac": 192.0, "kopiv": 140.0}, {"koac": 1.0, "csoac": 2.0, "kopiv": 1.4468085}
    described = {"base": {word: {"mass": mass[word], "alike": twice[word], "constant": 1.0} for word in mass}}

    plain, by_descriptor = YIELDS.rows, Pool(WORDS, YIELDS.repeats, described).rows

    assert plain[:2].tolist() == [[0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
    assert by_descriptor[:2].tolist() == [[0.0, 0.0], [0.0, 1.0]]
