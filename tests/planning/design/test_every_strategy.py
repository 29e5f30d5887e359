"""What every strategy promises, on spaces of every kind. A new strategy joins by standing in the catalogue."""

from importlib.util import find_spec

import numpy as np
import pytest

from planning.design.catalogue import STRATEGIES, choose
from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.observation import Observation
from planning.design.peers import PEERS
from planning.design.space import Category, LinearConstraint, Mixture, Point, Space
from planning.design.strategies import SAME, distances

SPACES = {
    "box": Space(ranges={"x": (0.0, 10.0), "y": (-1.0, 1.0)}),
    "mixture": Space(
        mixtures={"m": Mixture("abcd", at_most=3, minimum_if_present=dict.fromkeys("abcd", 0.1))},
        constraints=[LinearConstraint({"m.a": 1.0, "m.b": -1.0}, lower=0.0)],
    ),
    "words": Space(
        ranges={"t": (20.0, 150.0)},
        steps={"n": (1, 2, 4)},
        categories={"base": Category(("koac", "k2co3", "dbu"))},
        conditions=["t * n < 400 or base == dbu"],
    ),
    "pool": Space.from_pool(
        [{"x": x / 4, "word": word} for x in range(5) for word in ("red", "green", "blue", "grey")]
    ),
}
CASES = [(name, kind) for name in STRATEGIES for kind in SPACES if name != "policy" or kind in ("words", "pool")]
every_strategy = pytest.mark.parametrize(("name", "kind"), CASES)


def value(point: Point) -> float:
    """Anything that depends on the point; of few different values, for strategies that map phases."""
    return round(sum(number for number in point.values() if not isinstance(number, str)) % 3.0)


def designer_after(name: str, kind: str, results: int, seed: int = 1) -> Designer:
    designer = Designer(SPACES[kind], Objective("y"), name, seed, initial=3)
    points = SPACES[kind].sample(results, np.random.default_rng(7))
    designer.tell([Observation(point, {"y": value(point)}) for point in points])
    return designer


@every_strategy
def test_what_is_proposed_is_allowed_and_new_and_apart_from_what_is_under_way(name: str, kind: str) -> None:
    designer, space = designer_after(name, kind, results=5), SPACES[kind]
    pending = space.sample(1, np.random.default_rng(8))

    points = [suggestion.point for suggestion in designer.ask(3, pending)]

    assert all(space.contains(point) for point in points)
    rows = space.encode([*points, *pending, *(each.point for each in designer.history.measured)])
    for index in range(3):
        assert distances(rows[[index]], np.delete(rows, index, axis=0))[0] > SAME


@every_strategy
def test_the_same_seed_and_history_propose_the_same_also_after_a_restore(name: str, kind: str) -> None:
    designer = designer_after(name, kind, results=4)

    first, again = designer.ask(2), designer.ask(2)
    restored = Designer.from_json(designer.to_json()).ask(2)

    assert first == again == restored


@every_strategy
def test_what_failed_is_not_proposed_again(name: str, kind: str) -> None:
    designer, space = designer_after(name, kind, results=3), SPACES[kind]
    failed: list[Point] = []

    for _ in range(3):
        (suggestion,) = designer.ask()
        row = space.encode([suggestion.point])
        assert distances(row, space.encode(failed))[0] > SAME
        failed.append(suggestion.point)
        designer.tell([Observation(suggestion.point, failed="it cracked")])


@every_strategy
def test_it_begins_without_results(name: str, kind: str) -> None:
    suggestions = Designer(SPACES[kind], Objective("y"), name, seed=2).ask(2)

    assert all(SPACES[kind].contains(suggestion.point) for suggestion in suggestions)
    assert all(suggestion.reason for suggestion in suggestions)


@pytest.mark.parametrize("name", ["annealing", "downhill_simplex", "gradient", "log_ei", "mcmc", "policy"])
def test_what_seeks_an_optimum_comes_nearer_to_it_than_the_first_results(name: str) -> None:
    words = Space(categories={f"block{index}": Category(tuple("ABCD")) for index in range(4)})
    space = words if name == "policy" else SPACES["box"]

    def measured(point: Point) -> float:
        if name == "policy":
            return float(sum(word == "C" for word in point.values()))
        return -((point["x"] - 7.0) ** 2) / 10.0 - (point["y"] - 0.3) ** 2

    designer = Designer(space, Objective("y"), name, seed=3, initial=4)
    values = []
    for _ in range({"policy": 60, "log_ei": 20}.get(name, 30)):
        (suggestion,) = designer.ask()
        values.append(measured(suggestion.point))
        designer.tell([Observation(suggestion.point, {"y": values[-1]})])

    assert max(values[4:]) > max(values[:4])
    assert np.mean(values[-10:]) > np.mean(values[:10])


@pytest.mark.parametrize("name", ["grid", "sobol", "latin_hypercube"])
def test_a_regular_design_covers_a_box_better_than_chance(name: str) -> None:
    points = [suggestion.point for suggestion in Designer(SPACES["box"], Objective("y"), name, seed=0).ask(16)]

    rows = SPACES["box"].encode(points)
    quarters = {(x > 0.5, y > 0.5) for x, y in rows.tolist()}
    nearest = [distances(rows[[index]], np.delete(rows, index, axis=0))[0] for index in range(16)]
    assert len(quarters) == 4
    assert min(nearest) > 0.02


def test_the_border_between_phases_is_drawn_nearer_and_nearer() -> None:
    space = Space.from_pool([{"x": x / 40} for x in range(41)])
    designer = Designer(space, Objective("phase"), "phases", seed=0, initial=2)
    asked = []
    for _ in range(10):
        (suggestion,) = designer.ask()
        asked.append(suggestion.point["x"])
        designer.tell([Observation(suggestion.point, {"phase": float(suggestion.point["x"] > 0.63)})])

    assert min(abs(x - 0.63) for x in asked) < 0.05


def test_the_unlike_is_sought_on_both_sides() -> None:
    space = Space.from_pool([{"x": x / 20} for x in range(21)])
    designer = Designer(space, Objective("y"), "blox", seed=0, initial=3)
    for x in (0.4, 0.5, 0.6):
        designer.tell([Observation({"x": x}, {"y": x})])

    asked = []
    for _ in range(6):
        (suggestion,) = designer.ask()
        asked.append(suggestion.point["x"])
        designer.tell([Observation(suggestion.point, {"y": suggestion.point["x"]})])

    assert min(asked) < 0.1
    assert max(asked) > 0.9


@pytest.mark.parametrize("name", [name for name in PEERS if find_spec(PEERS[name].rpartition(".")[2]) is None])
def test_a_peer_that_is_not_installed_is_refused_before_anything_is_asked(name: str) -> None:
    with pytest.raises(ValueError, match=f"strategy {name} needs the package .*; pip install"):
        Designer(SPACES["pool"], Objective("y"), name)


def test_a_policy_needs_words_or_steps() -> None:
    with pytest.raises(ValueError, match="the space has none"):
        Designer(SPACES["box"], Objective("y"), "policy")


@pytest.mark.parametrize("kind", SPACES)
def test_auto_says_why_it_chose(kind: str) -> None:
    choice = choose("auto", SPACES[kind], objectives=1)

    assert choice.name in STRATEGIES
    assert "objective" in choice.why
