from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import norm

from planning.design import acquisition, rules
from planning.design.acquisition import Acquisition, climb, evaluate, over_the_best
from planning.design.gp_library import (
    LogExpectedImprovement,
    LogProbabilityOfImprovement,
    SingleTaskGP,
    UpperConfidenceBound,
    get_covar_module_with_dim_scaled_prior,
    validate_input_scaling,
)
from planning.design.polytope import Array
from planning.design.space import LinearConstraint, Mixture, Space
from planning.design.surrogate import Surrogate, fit, rough

from .differences import difference

RNG = np.random.default_rng(0)
INPUTS, POINTS = RNG.random((12, 2)), RNG.random((6, 2))
UTILITIES = np.sin(5 * INPUTS[:, 0]) + INPUTS[:, 1]


def several_processes() -> Surrogate:
    return fit(INPUTS, UTILITIES, noise_std=0.1)


def one_process() -> Surrogate:
    return fit(INPUTS, UTILITIES, noise_std=0.1, assumptions=[rough])


ACQUISITIONS: dict[str, Callable[[Surrogate], Acquisition]] = {
    "upper bound": lambda surrogate: acquisition.upper_bound(surrogate, 1.5),
    "doubt": acquisition.largest_doubt,
    "probability": lambda surrogate: acquisition.probability_of_improvement(surrogate, INPUTS),
    "improvement": lambda surrogate: over_the_best(surrogate, INPUTS),
    "variance reduction": lambda surrogate: acquisition.VarianceReduction(surrogate.processes, RNG.random((9, 2))),
}


@pytest.mark.parametrize("make", ACQUISITIONS.values(), ids=ACQUISITIONS.keys())
def test_the_slopes_of_an_acquisition_are_derivatives(make: Callable[[Surrogate], Acquisition]) -> None:
    function = make(several_processes())

    _, found = function.with_slopes(POINTS)

    expected = [difference(point, lambda x: function.values(x[None])[0]) for point in POINTS]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def in_botorch(surrogate: Surrogate) -> Any:
    (process,) = surrogate.processes
    with validate_input_scaling(False):
        model: Any = SingleTaskGP(
            torch.from_numpy(process.inputs),
            torch.from_numpy(process.targets)[:, None],
            covar_module=get_covar_module_with_dim_scaled_prior(ard_num_dims=2, use_rbf_kernel=False),
            outcome_transform=None,
        )
    model.covar_module.lengthscale = torch.from_numpy(np.exp(process.logs))
    model.likelihood.noise = torch.tensor([process.noise], dtype=torch.float64)
    model.mean_module.constant = process.mean
    return model.eval()


@pytest.mark.parametrize(
    ("rule", "beat", "theirs"),
    [
        (rules.bound(2.0), 0.0, lambda model: UpperConfidenceBound(model, beta=4.0)),
        (rules.log_improvement, 0.7, lambda model: LogExpectedImprovement(model, best_f=0.7)),
        (rules.log_probability, 0.7, lambda model: LogProbabilityOfImprovement(model, best_f=0.7)),
    ],
)
def test_a_rule_agrees_with_botorch_on_the_same_process(
    rule: rules.Rule, beat: float, theirs: Callable[[Any], Any]
) -> None:
    surrogate = one_process()
    points = torch.from_numpy(POINTS)[:, None, :].requires_grad_()

    ours = acquisition.Ruled(surrogate, rule, beat)

    expected = theirs(in_botorch(surrogate))(points)
    (slopes,) = torch.autograd.grad(expected.sum(), points)
    np.testing.assert_allclose(ours.values(POINTS), expected.detach().numpy(), atol=1e-6)
    np.testing.assert_allclose(ours.with_slopes(POINTS)[1], slopes[:, 0].numpy(), rtol=1e-5, atol=1e-6)


def test_the_log_of_the_improvement_agrees_with_its_closed_form() -> None:
    z = np.linspace(-30.0, 5.0, 200)

    found = rules.log_improvement_of(z)

    # integral of the normal's upper tail, in logarithms: phi(z) + z Phi(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.log(norm.pdf(z) + z * norm.cdf(z))
    trusted = z > -4
    np.testing.assert_allclose(found[trusted], plain[trusted], rtol=1e-9)
    np.testing.assert_allclose(found[0], norm.logpdf(-30.0) - 2 * np.log(30.0) + np.log1p(-3 / 900 + 15 / 30**4), 1e-7)


@pytest.mark.parametrize("rule", [rules.log_improvement, rules.log_probability])
def test_an_improvement_has_a_slope_however_unlikely(rule: rules.Rule) -> None:
    gains = np.array([-1e4, -100.0, -5.0, -1.0, 0.0, 10.0])

    _, by_gain, by_std = rule(gains, np.ones(6))

    assert np.isfinite(by_std).all()
    assert (by_gain > 0).all()


def test_repeating_the_incumbent_promises_nothing() -> None:
    inputs = np.linspace(0.0, 1.0, 6)[:, None]
    surrogate = fit(inputs, np.sin(5 * inputs[:, 0]), noise_std=0.1)
    function = over_the_best(surrogate, inputs)

    gains = evaluate(function, inputs)

    incumbent = surrogate.posterior(inputs)[0].argmax()
    assert np.exp(gains[incumbent]) < 1e-5


def test_climbing_finds_the_most_promising_point_that_keeps_the_constraints() -> None:
    space = Space(
        mixtures={"m": Mixture("abcde")}, constraints=[LinearConstraint({"m.a": 1.0, "m.b": -1.0}, lower=0.15)]
    )
    rng = np.random.default_rng(0)
    tried = space.polytope.sample(12, rng)
    function = over_the_best(fit(tried, tried @ np.array([0.0, 1.0, -1.0, 0.5, 0.0]), 0.01), tried)

    found = climb(function, space.polytope, space.polytope.sample(4, rng))

    (point,) = space.decode(found[None])
    assert space.contains(point)
    assert evaluate(function, found[None])[0] >= evaluate(function, space.polytope.sample(500, rng)).max()


def test_a_result_is_worth_most_to_the_model_where_it_lessens_the_doubt_most() -> None:
    surrogate = one_process()
    targets = np.random.default_rng(1).random((40, 2))
    function = acquisition.VarianceReduction(surrogate.processes, targets)

    promised = function.values(POINTS)

    before = np.mean(surrogate.moments(targets)[1] ** 2)
    lessened = [before - np.mean(surrogate.believing(point[None]).moments(targets)[1] ** 2) for point in POINTS]
    np.testing.assert_allclose(promised, lessened, rtol=1e-6)


def test_the_bound_grows_with_the_logarithm_of_the_results() -> None:
    betas: Array = np.array([rules.bound_schedule(count, dimension=3) for count in (1, 10, 100)])

    np.testing.assert_allclose(np.diff(betas**2), np.diff(betas**2)[0])
    assert betas[0] > 0
