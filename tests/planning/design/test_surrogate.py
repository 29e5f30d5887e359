"""What the fitted model says of results on any scale, in any number; and the forest beside it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.design import Designer, Objective, Observation, Space, forest, surrogate, warp
from planning.design.likelihood import Results
from planning.design.polytope import Array
from planning.design.strategies import beta


def told(count: int, seed: int = 0) -> tuple[Array, Array]:
    inputs = np.random.default_rng(seed).random((count, 2))
    return inputs, np.sin(4 * inputs[:, 0]) + inputs[:, 1]


@given(shift=st.floats(-1e3, 1e3), factor=st.floats(1e-2, 1e3), seed=st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_another_unit_and_zero_of_the_figure_move_the_posterior_alike(shift: float, factor: float, seed: int) -> None:
    (inputs, utilities), points = told(10, seed), np.random.default_rng(1).random((5, 2))

    mean, std = surrogate.fit(inputs, utilities, 0.0).posterior(points)
    other_mean, other_std = surrogate.fit(inputs, shift + factor * utilities, 0.0).posterior(points)

    np.testing.assert_allclose(other_mean, shift + factor * mean, atol=2e-3 * factor)
    np.testing.assert_allclose(other_std, factor * std, rtol=0.02, atol=1e-3 * factor)


def test_a_model_of_many_results_learns_from_some_and_is_given_all() -> None:
    inputs, utilities = told(230)

    fitted = surrogate.fit(inputs, utilities, 0.0, assumptions=[surrogate.smooth])

    assert len(fitted.processes[0].inputs) == 230
    np.testing.assert_allclose(fitted.posterior(inputs)[0], utilities, atol=0.05)


def test_of_many_results_the_best_are_learned_from() -> None:
    inputs, utilities = told(50)

    fewer = Results.merged(inputs, utilities).fewer(10)

    assert len(fewer.targets) == 10
    assert set(np.sort(utilities)[-5:]) <= set(fewer.targets)
    assert fewer.targets.min() == utilities.min()


def test_columns_of_a_group_are_equally_far() -> None:
    inputs, utilities = told(12)

    fitted = surrogate.fit(inputs, utilities, 0.0, groups=(0, 0))

    assert fitted.length_scales[0] == fitted.length_scales[1]


def test_a_result_known_to_be_vague_counts_for_less() -> None:
    inputs, utilities = told(12)
    wrong = utilities.copy()
    wrong[0] += 3.0
    vague = np.where(np.arange(12) == 0, 10.0, 0.01)

    trusting = surrogate.fit(inputs, wrong, 0.0).posterior(inputs[:1])[0][0]
    wary = surrogate.fit(inputs, wrong, 0.0, known_std=vague).posterior(inputs[:1])[0][0]

    assert abs(wary - utilities[0]) < abs(trusting - utilities[0])


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40), st.floats(-3.0, 3.0))
@settings(max_examples=60, deadline=None)
def test_a_bent_scale_leads_there_and_back(utilities: list[float], number: float) -> None:
    scale = warp.fit(np.array(utilities))

    np.testing.assert_allclose(scale.back(scale.to(np.array(utilities))), utilities, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(scale.to(scale.back(np.array([number]))), [number], rtol=1e-6, atol=1e-6)


def test_skewed_results_lie_more_evenly_on_the_bent_scale() -> None:
    skewed = np.exp(np.random.default_rng(0).normal(size=60))

    bent = warp.fit(skewed).to(skewed)

    assert abs(np.mean(bent**3)) < 0.4 * abs(np.mean(((skewed - skewed.mean()) / skewed.std()) ** 3))


def test_a_forest_doubts_most_between_unlike_results() -> None:
    inputs = np.linspace(0.0, 1.0, 20)[:, None]
    grown = forest.fit(inputs, (inputs[:, 0] > 0.5).astype(float), seed=0)

    mean, std = grown.moments(np.array([[0.1], [0.5], [0.9]]))

    assert mean[0] < 0.1 < 0.9 < mean[2]
    assert std.argmax() == 1


def test_a_forest_believes_what_it_expects() -> None:
    inputs, utilities = told(20)
    grown, place = forest.fit(inputs, utilities, seed=0), np.array([[0.5, 0.5]])

    believing = grown.believing(place)

    assert believing.moments(place)[0][0] == pytest.approx(grown.moments(place)[0][0], abs=0.2)
    assert len(believing.inputs) == 21


def test_hope_fades_as_results_come_in() -> None:
    hopes = [beta(count) for count in range(2, 60)]

    assert hopes == sorted(hopes, reverse=True)


def test_a_word_that_was_never_tried_comes_before_another_look_around_the_best() -> None:
    heights, steps = {"koac": 1.0, "csoac": 0.8, "kopiv": 0.6}, np.linspace(0.0, 1.0, 9).tolist()
    tried = [{"t": t, "base": base} for base in heights for t in steps[::2]]
    space = Space.from_pool([{"t": t, "base": base} for base in (*heights, "new") for t in steps])
    designer = Designer(space, Objective("y"), initial=2)

    designer.tell([Observation(each, {"y": heights[each["base"]] - (each["t"] - 0.45) ** 2}) for each in tried])

    assert designer.ask()[0].point == {"t": 0.5, "base": "new"}


def test_what_words_do_with_some_tells_what_they_do_with_others() -> None:
    rng = np.random.default_rng(0)
    effects, pairs = rng.normal(size=(2, 6)), np.array([(a, b) for a in range(6) for b in range(6)])
    sums = effects[0, pairs[:, 0]] + effects[1, pairs[:, 1]]
    space = Space.from_pool([{"base": f"b{a}", "ligand": f"l{b}"} for a, b in pairs])
    told = rng.permutation(len(pairs))[:16]
    points = space.candidates

    designer = Designer(space, Objective("y"), initial=2)
    designer.tell([Observation(points[at], {"y": float(sums[at])}) for at in told])

    others = np.setdiff1d(np.arange(len(pairs)), told)
    expected, _ = designer.predict([points[at] for at in others])
    assert np.corrcoef(expected, sums[others])[0, 1] > 0.9
