import math
from importlib import import_module

import numpy as np
import pytest
import torch

from planning.design.designer import Designer
from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.pareto import Columns, hypervolume, reference_of, undominated
from planning.design.space import Point, Space

LINE = Space(ranges={"x": (0.0, 1.0)})
SQUARE = Space(ranges={"x": (0.0, 1.0), "y": (0.0, 1.0)})


@pytest.mark.parametrize(("value", "utility"), [(1.4, 0.0), (1.3, 0.0), (1.2, -0.1), (1.75, -0.25)])
def test_a_range_is_missed_by_its_distance(value: float, utility: float) -> None:
    assert Objective("gap", low=1.3, high=1.5).utility(value) == pytest.approx(utility)


def test_a_target_on_a_log_scale_is_missed_by_decades() -> None:
    goal = Objective("viscosity", scale="log", low=100.0, high=100.0)

    assert goal.utility(1000.0) == goal.utility(10.0) == -1.0
    assert goal.text(goal.value(-1.0)) == "1 decades off"


@pytest.mark.parametrize("wrong", [{"low": 1.0}, {"low": 2.0, "high": 1.0}, {"low": -1.0, "high": 1.0, "scale": "log"}])
def test_a_range_that_is_none_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        Objective("gap", **wrong)


def test_a_target_is_found() -> None:
    designer = Designer(LINE, Objective("gap", low=0.5, high=0.5), seed=0, initial=3)
    for _ in range(12):
        (point,) = (suggestion.point for suggestion in designer.ask())
        designer.tell([Observation(point, {"gap": point["x"] ** 2})])

    point, off = designer.best()

    assert point["x"] == pytest.approx(math.sqrt(0.5), abs=0.03)
    assert off == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("objectives", [2, 3])
def test_volumes_and_expected_gains_are_those_of_botorch(objectives: int) -> None:
    import_module("planning.design.gp_library")  # keeps a warning of its import from us
    from botorch.acquisition.multi_objective.analytic import ExpectedHypervolumeImprovement
    from botorch.utils.multi_objective.box_decompositions import NondominatedPartitioning
    from botorch.utils.multi_objective.hypervolume import Hypervolume
    from botorch.utils.testing import MockModel, MockPosterior

    rng = np.random.default_rng(objectives)
    utilities, reference = rng.normal(size=(12, objectives)), np.full(objectives, -1.5)
    means, stds = rng.normal(size=(5, objectives)), rng.uniform(0.1, 1.0, size=(5, objectives))
    front = utilities[undominated(utilities)]

    theirs = Hypervolume(torch.tensor(reference)).compute(torch.tensor(front))
    partitioning = NondominatedPartitioning(ref_point=torch.tensor(reference), Y=torch.tensor(front))
    gains = []
    for mean, std in zip(means, stds, strict=True):
        posterior = MockPosterior(mean=torch.tensor(mean)[None, None], variance=torch.tensor(std**2)[None, None])
        function = ExpectedHypervolumeImprovement(MockModel(posterior), reference.tolist(), partitioning)
        gains.append(float(function(torch.zeros(1, 1, 1, dtype=torch.float64))))

    assert hypervolume(utilities, reference) == pytest.approx(theirs)
    np.testing.assert_allclose(Columns.above(front, reference).expected_gain(means, stds), gains, rtol=1e-6)


def test_the_reference_lies_below_the_front() -> None:
    utilities = np.array([[0.0, 1.0], [1.0, 0.0], [-5.0, -5.0]])

    assert reference_of(utilities).tolist() == [-0.1, -0.1]


def two(point: Point) -> dict[str, float]:
    return {"up": point["x"] - 0.3 * point["y"] ** 2, "down": (point["x"] - 0.2) ** 2 + point["y"]}


def test_several_objectives_push_out_the_front() -> None:
    goals = [Objective("up"), Objective("down", maximise=False)]
    designer, chance = (Designer(SQUARE, goals, strategy, seed=1, initial=4) for strategy in ("auto", "random"))
    volumes = []
    for each in (designer, chance):
        for _ in range(14):
            (point,) = (suggestion.point for suggestion in each.ask())
            each.tell([Observation(point, two(point))])
        volumes.append(hypervolume(each.history.utilities, np.array([-0.5, -1.5])))

    assert designer.choice.name == "hypervolume"
    assert volumes[0] > volumes[1]
    assert 2 <= len(designer.front()) <= 14
    assert set(designer.ask()[0].expected) == {"up", "down"}


def test_a_strategy_for_one_objective_is_refused_for_two() -> None:
    with pytest.raises(ValueError, match="log_ei serves one objective, not 2"):
        Designer(LINE, [Objective("a"), Objective("b")], "log_ei")


def test_what_breaks_a_limit_is_neither_recommended_nor_proposed_near() -> None:
    designer = Designer(LINE, Objective("yield"), seed=0, initial=3, limits=[OutcomeLimit("heat", high=0.5)])
    for x in np.linspace(0.0, 1.0, 9).tolist():
        designer.tell([Observation({"x": x}, {"yield": x, "heat": x})])

    (suggestion,) = designer.ask()

    assert designer.best()[0]["x"] <= 0.5
    assert suggestion.point["x"] < 0.65


def test_failures_teach_where_not_to_go() -> None:
    space = Space.from_pool([{"x": x / 20} for x in range(21)])
    designer = Designer(space, Objective("yield"), "log_ei", seed=0, initial=3)
    for x in (0.0, 0.2, 0.4, 0.6):
        designer.tell([Observation({"x": x}, {"yield": x})])
    before = designer.ask()[0]
    for x in (0.8, 0.85, 0.9, 1.0):
        designer.tell([Observation({"x": x}, failed="it cracked")])

    (after,) = designer.ask()

    assert before.point["x"] > 0.75
    assert after.point["x"] <= 0.75
    assert after.why is not None
    assert after.why.success_fraction < 0.5


def test_the_cheaper_of_equals_is_preferred() -> None:
    space = Space.from_pool([{"x": x / 10} for x in range(11)])
    designer = Designer(space, Objective("yield"), seed=0, initial=2, cost="1 + 100 * x")
    designer.tell([Observation({"x": 0.5}, {"yield": 1.0}), Observation({"x": 0.4}, {"yield": 0.9})])
    designer.tell([Observation({"x": 0.6}, {"yield": 0.9})])

    assert designer.ask()[0].point["x"] < 0.5


def test_a_cost_that_is_not_above_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="always above zero"):
        Designer(LINE, Objective("y"), cost="x - 0.5")
