import numpy as np
import pytest

from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.observation import Observation
from planning.design.repeats import worth_repeating
from planning.design.space import Space
from planning.design.why import improvement

LINE = Space(ranges={"x": (0.0, 1.0)})


def told(noise_std: float, values: dict[float, float], space: Space = LINE) -> Designer:
    designer = Designer(space, Objective("y", noise_std=noise_std), seed=0, initial=2)
    designer.tell([Observation({"x": x}, {"y": y}) for x, y in values.items()])
    return designer


def test_a_suggestion_accounts_for_itself() -> None:
    designer = told(0.0, {0.0: 0.0, 0.3: 0.4, 0.6: 0.9, 1.0: 0.2})

    (suggestion,) = designer.ask()

    assert suggestion.why is not None
    assert suggestion.why.gain > 0
    assert 0 <= suggestion.why.exploit_fraction <= 1
    assert set(suggestion.why.length_scales) == {"x"}
    nearest = designer.history.measured[suggestion.why.neighbours[0].index].point["x"]
    assert nearest == min((0.0, 0.3, 0.6, 1.0), key=lambda x: abs(x - suggestion.point["x"]))
    assert suggestion.why.runner_up is not None
    assert abs(suggestion.why.runner_up.row[0] - suggestion.point["x"]) > 0.1
    assert suggestion.why.against.startswith("the runner-up")


def test_the_improvement_is_split_into_what_the_mean_and_what_the_doubt_brings() -> None:
    gains, by_mean = improvement(np.array([1.0, 0.0, 5.0]), np.array([1e-9, 1.0, 1e-9]), best=0.0)

    np.testing.assert_allclose(gains, [1.0, 1.0 / np.sqrt(2.0 * np.pi), 5.0], rtol=1e-6)
    np.testing.assert_allclose(by_mean, [1.0, 0.0, 5.0], atol=1e-9)


def test_nothing_that_was_made_is_asked_again_without_need() -> None:
    space = Space.from_pool([{"x": x / 8} for x in range(9)])
    designer = Designer(space, Objective("y"), seed=0, initial=2)

    asked = []
    for _ in range(9):
        (suggestion,) = designer.ask()
        asked.append(suggestion.point["x"])
        designer.tell([Observation(suggestion.point, {"y": 1.0})])

    assert sorted(asked) == [x / 8 for x in range(9)]


def test_the_best_is_measured_again_where_scatter_hides_which_it_is() -> None:
    pool = Space.from_pool([{"x": x / 4} for x in range(5)])
    designer = told(0.5, {0.0: 0.0, 0.25: 2.0, 0.5: 0.1, 0.75: 2.1, 1.0: 0.0}, pool)

    (suggestion,) = designer.ask()

    assert suggestion.is_repeat
    assert suggestion.point["x"] in (0.25, 0.75)


def test_without_scatter_nothing_is_measured_again() -> None:
    assert worth_repeating((np.array([1.0, 1.0]), np.array([0.5, 0.5])), (0.9, 0.01), noise_std=0.0) is None


def test_what_was_measured_often_enough_is_not_measured_again() -> None:
    tried = (np.array([1.0, 0.9]), np.array([0.01, 0.01]))

    assert worth_repeating(tried, (0.9, 0.5), noise_std=0.1) is None


def test_there_is_no_advice_before_a_model() -> None:
    assert Designer(LINE, Objective("y"), seed=0).advise() is None


def test_it_is_time_to_stop_when_nothing_better_can_be_told_from_the_best() -> None:
    xs = np.linspace(0.0, 1.0, 80).tolist()

    known = told(0.2, {x: -((x - 0.5) ** 2) for x in xs}).advise(batch=4)
    unknown = told(0.01, {0.0: 0.0, 0.2: 1.0}).advise(batch=4)

    assert known is not None
    assert known.stop
    assert known.regret_bound <= known.noise_std
    assert unknown is not None
    assert not unknown.stop
    assert unknown.gain > known.gain


def test_it_is_time_to_stop_when_the_next_batch_costs_more_than_it_brings() -> None:
    designer = told(0.01, {0.0: 0.0, 0.2: 1.0, 0.7: 0.8})

    poor, rich = (designer.advise(batch=2, worth_of_gain=worth) for worth in (0.001, 1e6))

    assert poor is not None
    assert poor.stop
    assert poor.why.startswith("the next 2 samples cost 2")
    assert rich is not None
    assert not rich.stop


def test_a_larger_batch_may_gain_more() -> None:
    designer = told(0.01, {0.0: 0.0, 0.2: 1.0, 0.7: 0.8})

    gains = [advice.gain for batch in (1, 4) if (advice := designer.advise(batch)) is not None]

    assert gains[1] > gains[0]


def batches(shift: float) -> Designer:
    designer = Designer(LINE, Objective("y", noise_std=0.1), seed=0)
    rng = np.random.default_rng(0)
    for number, name in enumerate(("monday", "tuesday", "wednesday")):
        for x in np.linspace(0.0, 1.0, 6).tolist():
            value = x + 0.1 * rng.normal() + (shift if number == 2 else 0.0)
            designer.tell([Observation({"x": x}, {"y": value}, batch=name)])
    return designer


def test_a_batch_that_came_out_otherwise_is_noticed() -> None:
    drift = batches(shift=0.8).drift()

    assert drift is not None
    assert drift.batch == "wednesday"
    assert drift.shift == pytest.approx(0.8, abs=0.3)


def test_batches_alike_are_no_drift() -> None:
    assert batches(shift=0.0).drift() is None


def test_what_was_made_otherwise_than_asked_teaches_as_it_was_made() -> None:
    designer = told(0.0, {0.0: 0.0, 0.5: 0.5})

    designer.tell([Observation({"x": 1.04}, {"y": 1.0}, asked={"x": 1.0})])

    assert designer.history.rows[-1, 0] == pytest.approx(1.04)


def test_a_point_that_was_made_outside_without_being_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="no point of the space"):
        told(0.0, {1.04: 1.0})


@pytest.mark.parametrize("wrong", [{"values": {}}, {"values": {"y": 1.0}, "std_errors": {"y": -1.0}}])
def test_an_observation_that_says_nothing_clear_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        Observation({"x": 1.0}, **wrong)


def test_replicates_and_standard_errors_tell_the_scatter() -> None:
    designer = told(0.0, {0.0: 1.0})
    designer.tell([Observation({"x": 0.0}, {"y": 1.2})])
    with_errors = told(0.0, {})
    with_errors.tell([Observation({"x": 0.1}, {"y": 1.0}, std_errors={"y": 0.3})])

    assert designer.history.noise_std(0) == pytest.approx(np.std([1.0, 1.2], ddof=1))
    assert with_errors.history.noise_std(0) == pytest.approx(0.3)
