from collections.abc import Callable

import numpy as np
import pytest

from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.observation import Observation
from planning.design.space import Category, LinearConstraint, Mixture, Point, Space
from planning.design.suggestion import Suggestion

BLEND = Space(
    mixtures={"blend": Mixture(("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt"))},
    fixed={"anneal_c": 140.0},
    constraints=[LinearConstraint({"blend.p3ht": 1.0}, lower=0.15)],
)
LINE = Space(ranges={"x": (0.0, 10.0)})
POOL = Space(ranges={"x": (0.0, 10.0)}, pool=[{"x": float(number)} for number in range(11)])
CONDUCTIVITY = Objective("conductivity_s_per_cm", scale="log", noise_std=0.1, unit="S/cm")


def blend_s_per_cm(point: Point) -> float:
    return 700.0 * 10 ** (-4 * (point["blend.p3ht"] - 0.4) ** 2 - 2 * (point["blend.l_swnt"] - 0.6) ** 2)


def tell(designer: Designer, point: Point, value: float) -> None:
    designer.tell([Observation(point, {designer.objective.name: value})])


def hill(point: Point) -> float:
    return 10.0 - (point["x"] - 7.0) ** 2


def campaign(
    designer: Designer, measure: Callable[[Point], float], samples: int, batch: int = 4, in_flight: int = 8
) -> list[Suggestion]:
    """Ask when there is room for a batch, tell the oldest otherwise."""
    asked: list[Suggestion] = []
    under_way: list[Point] = []
    while len(asked) < samples:
        if len(under_way) + batch <= in_flight:
            asked += designer.ask(batch, under_way)
            under_way += [suggestion.point for suggestion in asked[-batch:]]
        else:
            point = under_way.pop(0)
            tell(designer, point, measure(point))
    for point in under_way:
        tell(designer, point, measure(point))
    return asked


def test_batches_with_samples_in_flight_keep_the_constraints_and_find_a_good_blend() -> None:
    designer = Designer(BLEND, CONDUCTIVITY, seed=3)
    rng = np.random.default_rng(0)

    asked = campaign(designer, lambda point: blend_s_per_cm(point) * 10 ** rng.normal(0.0, 0.1), samples=20)

    assert all(BLEND.contains(suggestion.point) for suggestion in asked)
    assert blend_s_per_cm(designer.best()[0]) > 600.0


def test_the_same_history_gives_the_same_suggestions_after_a_restart() -> None:
    told = BLEND.sample(9, np.random.default_rng(5))
    pending = BLEND.sample(4, np.random.default_rng(6))
    designers = [Designer(BLEND, CONDUCTIVITY, seed=11) for _ in range(2)]
    for point in told:
        tell(designers[0], point, blend_s_per_cm(point))
        designers[0].expected_gain_fraction()  # looking changes nothing
    designers[0].ask(4, pending)
    for point in told:
        tell(designers[1], point, blend_s_per_cm(point))

    assert designers[0].ask(2, pending) == designers[1].ask(2, pending)


def test_another_seed_gives_another_random_search() -> None:
    first, second = (Designer(LINE, Objective("y"), seed=seed, strategy="random").ask(3) for seed in (1, 2))

    assert first != second


def test_the_first_design_spreads_and_says_so() -> None:
    suggestions = Designer(LINE, Objective("y"), seed=0, initial=5).ask(5)

    spots = sorted(suggestion.point["x"] for suggestion in suggestions)
    assert np.diff(spots).min() > 0.5
    assert spots[-1] - spots[0] > 5.0
    assert suggestions[4].reason == "first design: spreads over the space"
    assert suggestions[4].mean is None


def test_a_minimum_is_found_as_a_maximum_is() -> None:
    designer = Designer(LINE, Objective("loss", maximise=False), seed=0)

    campaign(designer, lambda point: -hill(point), samples=12, batch=2, in_flight=2)

    point, value = designer.best()
    assert point["x"] == pytest.approx(7.0, abs=0.3)
    assert value == pytest.approx(-10.0, abs=0.3)


def test_a_suggestion_tells_in_a_sentence_what_is_hoped_for() -> None:
    designer = Designer(POOL, Objective("yield", unit="%"), seed=0)
    campaign(designer, hill, samples=4, batch=2, in_flight=2)

    (suggestion,) = designer.ask(1)

    assert suggestion.mean is not None
    assert "best" in suggestion.reason
    assert suggestion.reason.endswith("most uncertain in x")


@pytest.mark.parametrize("space", [LINE, POOL])
def test_pending_points_are_not_proposed_again(space: Space) -> None:
    designer = Designer(space, Objective("y", noise_std=0.1), seed=0)
    campaign(designer, hill, samples=4, batch=2, in_flight=2)
    (first,) = designer.ask(1)

    (second,) = designer.ask(1, [first.point])

    assert abs(second.point["x"] - first.point["x"]) > 0.1


@pytest.mark.parametrize("strategy", ["log_ei", "random"])
def test_a_failed_point_of_a_pool_is_not_proposed_until_it_has_worked(strategy: str) -> None:
    designer = Designer(POOL, Objective("y"), seed=0, strategy=strategy)
    for number in (1, 3, 5):
        tell(designer, {"x": float(number)}, float(number))
    designer.tell([Observation({"x": 10.0}, failed="the film is wet")])

    while_failed = designer.ask(7)
    tell(designer, {"x": 10.0}, 10.0)

    assert all(suggestion.point["x"] != 10.0 for suggestion in while_failed)
    assert designer.best()[0] == {"x": 10.0}


def test_replicates_are_understood_as_noise_so_that_luck_is_not_recommended() -> None:
    designer = Designer(LINE, Objective("y", noise_std=0.5), seed=0)
    for value in (5.0, 5.1, 4.9, 5.0):
        tell(designer, {"x": 6.0}, value)
    for x, value in ((0.0, 0.0), (3.0, 2.5), (4.0, 3.2), (5.0, 4.1), (8.0, 3.0), (10.0, 1.0), (2.0, 1.6), (2.0, 5.6)):
        tell(designer, {"x": x}, value)

    assert designer.best()[0] == {"x": 6.0}


def test_predictions_are_on_the_measured_scale_and_grow_doubtful_away_from_results() -> None:
    designer = Designer(LINE, Objective("y", scale="log"), seed=0)
    for x in (1.0, 1.5, 2.0, 2.5, 3.0):
        tell(designer, {"x": x}, 10.0**x)

    mean, std = designer.predict([{"x": 2.0}, {"x": 10.0}])

    assert mean[0] == pytest.approx(100.0, rel=0.1)
    assert std[1] / mean[1] > std[0] / mean[0]


def test_the_expected_gain_is_infinite_before_the_first_design_and_small_when_all_is_known() -> None:
    designer = Designer(POOL, Objective("y"), seed=0)
    before = designer.expected_gain_fraction()

    for point in POOL.candidates:
        tell(designer, point, hill(point))

    assert before == float("inf")
    assert designer.expected_gain_fraction() < 0.02


@pytest.mark.parametrize("result", [3.0, 0.1, 0.0, -1e9])  # the mean of many times 0.1 is not quite 0.1
def test_equal_results_are_no_obstacle(result: float) -> None:
    designer = Designer(LINE, Objective("y"), seed=0)
    for x in (0.0, 2.0, 4.0, 5.0, 5.0, 6.0, 10.0):
        tell(designer, {"x": x}, result)

    (suggestion,) = designer.ask(1)

    assert suggestion.mean == pytest.approx(result)


def test_nothing_can_be_recommended_or_predicted_without_results() -> None:
    designer = Designer(LINE, Objective("y"), seed=0)

    with pytest.raises(ValueError, match="no result yet"):
        designer.best()
    with pytest.raises(ValueError, match="fewer than two"):
        designer.predict([{"x": 1.0}])


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_value_that_cannot_be_learned_is_refused(value: float) -> None:
    designer = Designer(LINE, Objective("y", scale="log"), seed=0)

    with pytest.raises(ValueError):
        tell(designer, {"x": 1.0}, value)


def test_a_point_outside_the_space_is_refused() -> None:
    with pytest.raises(ValueError, match="no point of the space"):
        tell(Designer(LINE, Objective("y"), seed=0), {"x": 11.0}, 1.0)


def test_a_space_of_a_single_point_is_asked_and_told_again_and_again() -> None:
    designer = Designer(Space({"anneal_c": (80.0, 200.0)}, {}, fixed={"anneal_c": 140.0}), Objective("s", True), seed=1)

    for value in (1.0, 2.0, 3.0):
        (suggestion,) = designer.ask(1)
        tell(designer, suggestion.point, value)

    assert suggestion.point == {"anneal_c": 140.0}
    assert not designer.has_model


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(ValueError, match="there are auto, upper_bound, log_ei"):
        Designer(LINE, Objective("y"), seed=0, strategy="best")


def test_the_best_three_of_twelve_parts_are_found_with_their_solvent_and_heat() -> None:
    parts = tuple("abcdefghijkl")
    space = Space(
        ranges={"t": (80.0, 200.0)},
        mixtures={"m": Mixture(parts, at_most=3, minimum_if_present=dict.fromkeys(parts, 0.05))},
        categories={"solvent": Category(("dmf", "toluene", "water"))},
    )

    def loss(point: Point) -> float:
        shares = {"m.c": 0.5, "m.f": 0.3, "m.k": 0.2}
        apart = sum(4.0 * (point[name] - share) ** 2 for name, share in shares.items())
        return apart + ((point["t"] - 150.0) / 60.0) ** 2 + 0.5 * (point["solvent"] != "toluene")

    designer = Designer(space, Objective("loss", maximise=False), seed=1, initial=10)
    for _ in range(40):
        (suggestion,) = designer.ask()
        tell(designer, suggestion.point, loss(suggestion.point))

    assert loss(designer.best()[0]) < 0.05
