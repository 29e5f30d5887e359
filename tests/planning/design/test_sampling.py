"""The draw is even: each choice of parts and steps as likely as what it leaves open is large, and even inside it."""

import numpy as np
import pytest
from scipy.stats import beta, chisquare, kstest

from planning.design.polytope import Polytope
from planning.design.space import Category, LinearConstraint, Mixture, Space

TWELVE = tuple("abcdefghijkl")
THREE_OF_TWELVE = Space(
    mixtures={
        "m": Mixture(TWELVE, maximum={"a": 0.5, "b": 0.6}, at_least=3, at_most=3,
                     minimum_if_present=dict.fromkeys(TWELVE, 0.05))
    },
    constraints=[LinearConstraint({"m.a": 1.0, "m.b": 2.0, "m.c": 1.0}, upper=0.9)],
)  # fmt: skip


def test_ten_thousand_mixtures_of_three_of_twelve_parts_are_all_allowed() -> None:
    points = THREE_OF_TWELVE.sample(10_000, np.random.default_rng(0))

    assert all(THREE_OF_TWELVE.contains(point) for point in points)
    assert all(sum(share > 0 for share in point.values()) == 3 for point in points)


def test_every_choice_of_parts_comes_as_often_as_it_is_large() -> None:
    space = Space(mixtures={"m": Mixture("abc", maximum={"a": 0.6}, at_least=2, at_most=2)})
    rng = np.random.default_rng(1)

    points = space.sample(4000, rng)

    # lines between corners: a with b and a with c keep 0.6 of their length each, b with c all of it
    without_a = sum(point["m.a"] == 0 for point in points)
    without_b = sum(point["m.b"] == 0 for point in points)
    counts = [without_a, without_b, 4000 - without_a - without_b]
    assert chisquare(counts, [4000 / 2.2, 2400 / 2.2, 2400 / 2.2]).pvalue > 0.001
    on_ab = [point["m.a"] for point in points if point["m.c"] == 0]
    assert kstest(on_ab, "uniform", args=(0.0, 0.6)).pvalue > 0.001


def test_choices_of_unequal_freedom_come_as_often_as_there_are_of_their_kind() -> None:
    space = Space(mixtures={"m": Mixture("abcd", at_most=2)})

    points = space.sample(3000, np.random.default_rng(2))

    alone = sum(sum(share > 0 for share in point.values()) == 1 for point in points)
    assert chisquare([alone, 3000 - alone], [3000 * 4 / 10, 3000 * 6 / 10]).pvalue > 0.001


def test_a_simplex_is_drawn_from_evenly() -> None:
    space = Space(mixtures={"m": Mixture("abcde")})

    points = space.sample(3000, np.random.default_rng(3))

    for part in "abcde":
        assert kstest([point[f"m.{part}"] for point in points], beta(1, 4).cdf).pvalue > 0.001


def test_what_an_inequality_cuts_off_is_not_missed_elsewhere() -> None:
    space = Space(
        ranges={"x": (0.0, 1.0), "y": (0.0, 1.0)}, constraints=[LinearConstraint({"x": 1.0, "y": 1.0}, upper=1.0)]
    )

    points = space.sample(4000, np.random.default_rng(4))

    # of the triangle, quarters of equal area
    quarters = [sum(point["x"] > 0.5 for point in points), sum(point["y"] > 0.5 for point in points)]
    quarters.append(sum(max(point["x"], point["y"]) < 0.5 for point in points))
    assert sum(quarters) == 4000
    assert chisquare(quarters, [1000, 1000, 2000]).pvalue > 0.001


def test_walks_and_cuts_draw_alike() -> None:
    rows = np.vstack([np.eye(3), [[1.0, 1.0, 1.0]]])
    polytope = Polytope(rows, np.array([0.0, 0.0, 0.0, -np.inf]), np.array([1.0, 1.0, 1.0, 1.5]))
    rng = np.random.default_rng(5)

    cut, walked = polytope.sample(1500, rng), polytope._walk(1500, rng)

    for column in range(3):
        assert kstest(cut[:, column], walked[:, column]).pvalue > 0.001


def test_a_step_tied_to_a_number_leaves_each_of_its_values_as_much_as_fits() -> None:
    space = Space(
        ranges={"t": (0.0, 10.0)},
        steps={"n": (1, 2, 4)},
        constraints=[LinearConstraint({"t": 1.0, "n": 2.0}, upper=10.0)],
    )

    points = space.sample(3000, np.random.default_rng(6))

    counts = [sum(point["n"] == value for point in points) for value in (1, 2, 4)]
    assert chisquare(counts, [3000 * 8 / 16, 3000 * 6 / 16, 3000 * 2 / 16]).pvalue > 0.001


def test_choices_too_many_to_list_are_drawn_all_the_same() -> None:
    parts = [f"x{number}" for number in range(20)]
    space = Space(
        ranges={"t": (20.0, 300.0)},
        mixtures={"m": Mixture(parts, at_most=5, minimum_if_present=dict.fromkeys(parts, 0.05))},
        constraints=[LinearConstraint({"m.x1": 100.0, "t": 1.0}, upper=200.0)],
    )

    points = space.sample(64, np.random.default_rng(7))

    assert all(space.contains(point) for point in points)


def test_a_choice_that_chance_hardly_hits_is_found() -> None:
    names = [f"n{number}" for number in range(8)]
    space = Space(
        steps=dict.fromkeys(names, range(20)), constraints=[LinearConstraint(dict.fromkeys(names, 1.0), upper=1.0)]
    )

    points = space.sample(5, np.random.default_rng(8))

    assert all(space.contains(point) for point in points)


def test_the_same_seed_draws_the_same() -> None:
    first, second = (THREE_OF_TWELVE.sample(5, np.random.default_rng(9)) for _ in range(2))

    assert first == second


def test_words_come_equally_often() -> None:
    space = Space(categories={"solvent": Category(("toluene", "water", "dmf"))})

    points = space.sample(3000, np.random.default_rng(10))

    assert (
        chisquare([sum(point["solvent"] == word for point in points) for word in ("toluene", "water", "dmf")]).pvalue
        > 0.001
    )


def test_conditions_are_kept_by_every_draw_and_by_what_is_brought_inside() -> None:
    space = Space(
        ranges={"t": (20.0, 150.0), "hours": (1.0, 24.0)},
        categories={"solvent": Category(("toluene", "water"))},
        conditions=["t * hours < 1500 or solvent == water", "solvent == toluene or t < 100"],
    )
    rng = np.random.default_rng(11)

    points = space.sample(200, rng) + space.decode(space.polytope.inside(rng.random((50, len(space.free)))))

    assert all(space.contains(point) for point in points)


@pytest.mark.parametrize("space", [THREE_OF_TWELVE])
def test_what_is_brought_inside_stays_there(space: Space) -> None:
    inside = space.polytope.inside(np.random.default_rng(12).random((40, len(space.free))))

    np.testing.assert_allclose(space.encode(space.decode(inside)), inside, atol=1e-9)
    np.testing.assert_allclose(space.polytope.inside(inside), inside, atol=1e-9)
