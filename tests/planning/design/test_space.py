import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.design.space import LinearConstraint, Mixture, Space

INKS = ("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt")
FILM = Space(
    ranges={"anneal_c": (80.0, 200.0)},
    mixtures={"blend": Mixture(INKS)},
    fixed={"anneal_min": 20.0},
    constraints=[LinearConstraint({"blend.p3ht": 1.0}, lower=0.15)],
)


@st.composite
def feasible_spaces(draw: st.DrawFn) -> Space:
    """Spaces built around a point, so that there is one."""
    parts = [f"x{number}" for number in range(draw(st.integers(2, 6)))]
    shares = np.array([draw(st.floats(0.05, 1.0)) for _ in parts])
    shares /= shares.sum()
    temperature_c = draw(st.floats(50.0, 150.0))
    spare = draw(st.sampled_from([0.0, 1e-3, 0.2]))
    point = {f"m.{part}": share for part, share in zip(parts, shares.tolist(), strict=True)} | {"t": temperature_c}
    weights = {name: draw(st.floats(-2.0, 2.0)) for name in point}
    middle = sum(weight * point[name] for name, weight in weights.items())
    return Space(
        ranges={"t": (temperature_c - 30.0, temperature_c + draw(st.floats(0.0, 50.0)))},
        mixtures={
            "m": Mixture(
                parts,
                minimum={parts[0]: max(shares[0] - spare, 0.0)},
                maximum={parts[1]: min(shares[1] + spare, 1.0)},
            )
        },
        constraints=[LinearConstraint(weights, upper=middle + spare)],
    )


@settings(max_examples=40, deadline=None)
@given(space=feasible_spaces(), seed=st.integers(0, 2**32 - 1))
def test_every_sample_is_allowed(space: Space, seed: int) -> None:
    points = space.sample(20, np.random.default_rng(seed))

    assert all(space.contains(point) for point in points)


@settings(max_examples=20, deadline=None)
@given(space=feasible_spaces())
def test_points_survive_being_encoded(space: Space) -> None:
    point = space.sample(1, np.random.default_rng(0))[0]

    (back,) = space.decode(space.encode([point]))

    assert back == pytest.approx(point, abs=1e-9)


def test_fractions_sum_to_one_and_are_never_negative() -> None:
    points = FILM.sample(500, np.random.default_rng(0))

    shares = np.array([[point[f"blend.{ink}"] for ink in INKS] for point in points])
    assert shares.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert shares.min() >= 0.0


def test_samples_spread_evenly_over_the_simplex() -> None:
    points = FILM.sample(2000, np.random.default_rng(0))

    mean = {name: np.mean([point[name] for point in points]) for name in FILM.names}
    assert mean["blend.p3ht"] == pytest.approx(0.15 + 0.85 / 5, abs=0.01)
    assert mean["blend.dwnt"] == pytest.approx(0.85 / 5, abs=0.01)
    assert mean["anneal_c"] == pytest.approx(140.0, abs=3.0)


def test_a_mixture_has_one_dimension_less_than_parts() -> None:
    assert FILM.dimension == 5  # four of the blend, and the temperature


def test_a_fixed_parameter_stands_in_every_point_but_is_not_free() -> None:
    (point,) = FILM.sample(1, np.random.default_rng(0))

    assert point["anneal_min"] == 20.0
    assert "anneal_min" not in FILM.free


def test_a_space_that_leaves_one_point_gives_that_point() -> None:
    space = Space(mixtures={"m": Mixture(("a", "b"), minimum={"a": 0.3, "b": 0.7})})

    (point,) = space.sample(1, np.random.default_rng(0))

    assert point == pytest.approx({"m.a": 0.3, "m.b": 0.7}, abs=1e-6)


@pytest.mark.parametrize(
    ("point", "allowed"),
    [
        ({"m.a": 0.4, "m.b": 0.6}, True),
        ({"m.a": 0.4, "m.b": 0.7}, False),
        ({"m.a": -0.1, "m.b": 1.1}, False),
        ({"m.a": 1.0}, False),
        ({"m.a": float("nan"), "m.b": 0.6}, False),
    ],
)
def test_a_point_must_name_everything_and_break_nothing(point: dict[str, float], allowed: bool) -> None:
    assert Space(mixtures={"m": Mixture(("a", "b"))}).contains(point) is allowed


def test_an_infeasible_space_names_only_what_conflicts() -> None:
    with pytest.raises(ValueError) as caught:
        Space(
            ranges={"t": (0.0, 1.0)},
            mixtures={"m": Mixture(("a", "b", "c"), maximum={"a": 0.1})},
            constraints=[LinearConstraint({"m.a": 1.0}, lower=0.15)],
        )

    assert str(caught.value) == "no point satisfies all of: 0 <= m.a <= 0.1; m.a >= 0.15"


def test_fractions_that_cannot_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"m\.a \+ m\.b = 1"):
        Space(mixtures={"m": Mixture(("a", "b"), maximum={"a": 0.3, "b": 0.3})})


def test_a_fixed_value_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="80 <= t <= 200; t = 300"):
        Space(ranges={"t": (80.0, 200.0)}, fixed={"t": 300.0})


@pytest.mark.parametrize("high", [float("nan"), float("inf")])
def test_a_bound_that_is_no_number_is_refused(high: float) -> None:
    with pytest.raises(ValueError, match="no limit that a point can keep"):
        Space(ranges={"t": (0.0, high)})


def test_a_constraint_on_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match=r"m\.z is not a parameter; there are m\.a, m\.b"):
        Space(mixtures={"m": Mixture(("a", "b"))}, constraints=[LinearConstraint({"m.z": 1.0}, lower=0.1)])


def test_a_space_without_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a parameter"):
        Space()


def test_a_pool_leaves_out_what_breaks_a_constraint_and_adds_what_is_fixed() -> None:
    space = Space(
        mixtures={"m": Mixture(("a", "b"))},
        fixed={"t": 140.0},
        constraints=[LinearConstraint({"m.a": 1.0}, lower=0.15)],
        pool=[{"m.a": 0.1, "m.b": 0.9}, {"m.a": 0.5, "m.b": 0.5}, {"m.a": 0.5, "m.b": 0.5}],
    )

    assert space.candidates == [{"m.a": 0.5, "m.b": 0.5, "t": 140.0}]


def test_a_pool_gives_each_candidate_once_before_any_twice() -> None:
    space = Space(ranges={"t": (0.0, 9.0)}, pool=[{"t": float(number)} for number in range(10)])

    points = space.sample(15, np.random.default_rng(0))

    assert len({point["t"] for point in points[:10]}) == 10
    assert all(space.contains(point) for point in points)


def test_a_pool_of_which_nothing_is_allowed_is_refused() -> None:
    with pytest.raises(ValueError, match="none of the 1 points of the pool"):
        Space(ranges={"t": (0.0, 1.0)}, pool=[{"t": 3.0}])


def test_a_space_is_described_without_loading_torch() -> None:
    code = "import sys, planning.design.space, planning.design.designer; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
