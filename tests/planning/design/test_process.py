"""The exact Gaussian process: invariances, derivatives, and BoTorch at the same parameters as the second opinion."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from planning.design.composed import Scaled
from planning.design.gp_library import SingleTaskGP, get_covar_module_with_dim_scaled_prior, validate_input_scaling
from planning.design.kernels import Stationary, gaussian, matern_5_2
from planning.design.likelihood import Model, Results, fit, log_likelihood, process
from planning.design.polytope import Array
from planning.design.priors import SHORT_SCALES, SMALL_NOISE, Gamma, LogNormal, dimension_scaled
from planning.design.process import Process

from .differences import difference

KERNEL = Stationary(matern_5_2, (0, 1, 2))
LOGS = np.array([-0.7, 0.1, -0.3])
MODEL = Model(KERNEL, (SHORT_SCALES,) * 3, SMALL_NOISE)


def told(seed: int, count: int = 12) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    inputs = rng.random((count, 3))
    return inputs, np.sin(4 * inputs[:, 0]) + inputs[:, 1] ** 2 + 0.1 * rng.normal(size=count)


def believed(inputs: Array, targets: Array, noise: float = 0.05) -> Process:
    return process(MODEL, Results.merged(inputs, targets), np.append(LOGS, math.log(noise)))


def botorch_model(inputs: Array, targets: Array, mean: float, noise: float) -> Any:
    with validate_input_scaling(False):
        model: Any = SingleTaskGP(
            torch.from_numpy(inputs),
            torch.from_numpy(targets)[:, None],
            covar_module=get_covar_module_with_dim_scaled_prior(ard_num_dims=3, use_rbf_kernel=False),
            outcome_transform=None,
        )
    model.covar_module.lengthscale = torch.from_numpy(np.exp(LOGS))
    model.likelihood.noise = torch.tensor([noise], dtype=torch.float64)
    model.mean_module.constant = mean
    return model.eval()


def test_the_posterior_is_that_of_botorch() -> None:
    (inputs, targets), points = told(0), np.random.default_rng(1).random((7, 3))
    ours = believed(inputs, targets)
    theirs = botorch_model(inputs, targets, ours.mean, 0.05)

    mean, std = ours.posterior(points)

    with torch.no_grad():
        expected = theirs.posterior(torch.from_numpy(points))
        covariance = expected.distribution.covariance_matrix.numpy()
    np.testing.assert_allclose(mean, expected.mean.numpy().ravel(), atol=1e-6)
    np.testing.assert_allclose(std, expected.variance.sqrt().detach().numpy().ravel(), atol=1e-6)
    np.testing.assert_allclose(ours.covariance(points, points), covariance, atol=1e-6)


def test_the_slopes_of_mean_doubt_and_covariance_are_derivatives() -> None:
    ours = believed(*told(0))
    point, other = np.random.default_rng(1).random((2, 1, 3))

    _, _, mean_slope, std_slope = ours.with_slopes(point)
    shared_slope = ours.covariance_slope(point, other, np.ones((1, 1)))

    np.testing.assert_allclose(mean_slope[0], difference(point[0], lambda x: ours.posterior(x[None])[0][0]), 1e-5)
    np.testing.assert_allclose(std_slope[0], difference(point[0], lambda x: ours.posterior(x[None])[1][0]), 1e-5)
    expected = difference(point[0], lambda x: ours.covariance(x[None], other)[0, 0])
    np.testing.assert_allclose(shared_slope[0], expected, rtol=1e-4)


def test_the_likelihood_is_the_density_of_a_normal_distribution() -> None:
    inputs, targets = told(0)

    value, _, mean = log_likelihood(KERNEL, Results.merged(inputs, targets), np.append(LOGS, math.log(0.05)))

    covariance = KERNEL.matrix(LOGS, inputs, inputs) + 0.05 * np.eye(len(inputs))
    assert value == pytest.approx(multivariate_normal.logpdf(targets, np.full(len(targets), mean), covariance), 1e-9)


@pytest.mark.parametrize("kernel", [KERNEL, Scaled(Stationary(gaussian, (0, 0, 1)))])
def test_the_slope_of_the_likelihood_is_its_derivative_with_replicates_too(kernel: Stationary | Scaled) -> None:
    inputs, targets = told(0)
    results = Results.merged(np.vstack([inputs, inputs[:5]]), np.append(targets, targets[:5] + 0.2))
    logs = np.linspace(-1.0, 0.5, kernel.size + 1)

    _, slope, _ = log_likelihood(kernel, results, logs)

    expected = difference(logs, lambda at: log_likelihood(kernel, results, at)[0])
    np.testing.assert_allclose(slope, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("prior", [SHORT_SCALES, SMALL_NOISE, dimension_scaled(4), Gamma(2.0, 0.15)])
def test_a_prior_starts_at_its_mode_and_knows_its_slope(prior: LogNormal | Gamma) -> None:
    logs = np.array([prior.start, -1.0, 0.5])

    values, slopes = prior.log_density(logs)

    assert slopes[0] == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(slopes, (prior.log_density(logs + 1e-6)[0] - values) / 1e-6, atol=1e-4)


def test_the_most_probable_parameters_are_found() -> None:
    results = Results.merged(*told(0))

    logs, density = fit(MODEL, results, least_noise=1e-4)

    def log_density(at: Array) -> float:
        return log_likelihood(KERNEL, results, at)[0] + MODEL.log_prior(at)[0]

    assert density == pytest.approx(log_density(logs))
    assert np.abs(difference(logs, log_density)).max() < 0.01


seeds = st.integers(0, 10_000)


@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_the_order_of_results_does_not_matter(seed: int) -> None:
    (inputs, targets), rng = told(seed), np.random.default_rng(seed)
    points, order = rng.random((5, 3)), rng.permutation(len(targets))

    one, other = believed(inputs, targets).posterior(points), believed(inputs[order], targets[order]).posterior(points)

    np.testing.assert_allclose(one, other, atol=1e-8)


@given(seed=seeds, repeats=st.integers(2, 5), noise=st.floats(1e-3, 0.5))
@settings(max_examples=25, deadline=None)
def test_merged_replicates_teach_the_same_as_single_ones(seed: int, repeats: int, noise: float) -> None:
    (inputs, targets), rng = told(seed, count=6), np.random.default_rng(seed)
    inputs = np.repeat(inputs, repeats, axis=0)
    targets = np.repeat(targets, repeats) + rng.normal(size=len(inputs))
    points, logs = rng.random((5, 3)), np.append(LOGS, math.log(noise))
    plain = Results(inputs, targets, np.ones(len(inputs)), 0.0, np.zeros(len(inputs)))
    merged = Results.merged(inputs, targets)

    one, other = process(MODEL, plain, logs).posterior(points), process(MODEL, merged, logs).posterior(points)

    assert len(merged.targets) == 6
    np.testing.assert_allclose(one, other, atol=1e-7)
    (value, slope, _), (other_value, other_slope, _) = (log_likelihood(KERNEL, r, logs) for r in (plain, merged))
    assert value == pytest.approx(other_value, rel=1e-8)
    np.testing.assert_allclose(slope, other_slope, rtol=1e-6, atol=1e-6)


def test_a_known_standard_error_weighs_a_result() -> None:
    inputs, targets = told(0)
    known = np.full(len(targets), 1e-6)
    known[3] = 1e6

    ours = process(MODEL, Results.merged(inputs, targets, known), np.append(LOGS, math.log(1e-6)))

    left_out = np.arange(len(targets)) != 3
    without = process(MODEL, Results.merged(inputs[left_out], targets[left_out], known[left_out]), np.append(LOGS, math.log(1e-6)))  # fmt: skip
    np.testing.assert_allclose(ours.posterior(inputs)[0], without.posterior(inputs)[0], atol=1e-3)


def test_functions_drawn_scatter_as_the_posterior_says() -> None:
    ours, points = believed(*told(0)), np.random.default_rng(1).random((4, 3))
    rng = np.random.default_rng(2)

    draws = np.array([ours.draw(points, rng) for _ in range(4000)])

    mean, std = ours.posterior(points)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.05)
    np.testing.assert_allclose(draws.std(axis=0), std, rtol=0.1)
