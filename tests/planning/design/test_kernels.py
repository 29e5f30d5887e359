"""Covariance functions: their derivatives, and GPyTorch's values as the second opinion."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from planning.design.composed import Product, Scaled, Sum
from planning.design.gp_library import kernels as library
from planning.design.kernels import (
    Kernel,
    Linear,
    Periodic,
    Stationary,
    gaussian,
    matern_3_2,
    matern_5_2,
)
from planning.design.polytope import Array

from .differences import difference

EACH, SHARED = (0, 1, 2), (0, 0, 1)
KERNELS: dict[str, Kernel] = {
    "gaussian": Stationary(gaussian, EACH),
    "matern_5_2": Stationary(matern_5_2, SHARED),
    "matern_3_2": Stationary(matern_3_2, EACH),
    "periodic": Periodic(0.7),
    "linear": Linear(),
    "scaled sum": Scaled(Sum(Stationary(matern_5_2, EACH), Linear())),
    "product": Product(Scaled(Stationary(gaussian, SHARED)), Sum(Periodic(1.3), Linear())),
}
every_kernel = pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())


def cases(kernel: Kernel) -> tuple[Array, Array, Array, Array]:
    rng = np.random.default_rng(0)
    return rng.normal(-0.5, 0.4, kernel.size), rng.random((6, 3)), rng.random((4, 3)), rng.normal(size=(6, 4))


@every_kernel
def test_the_pull_is_the_derivative_by_the_log_parameters(kernel: Kernel) -> None:
    logs, points, _, _ = cases(kernel)
    weights = np.random.default_rng(1).normal(size=(6, 6))
    weights += weights.T

    found = kernel.with_pull(logs, points)[1](weights)

    expected = difference(logs, lambda at: float((weights * kernel.matrix(at, points, points)).sum()))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@every_kernel
def test_the_slope_is_the_derivative_by_the_left_inputs(kernel: Kernel) -> None:
    logs, left, right, weights = cases(kernel)

    found = kernel.with_slope(logs, left, right)[1](weights)

    def total(flat: Array) -> float:
        return float((weights * kernel.matrix(logs, flat.reshape(left.shape), right)).sum())

    np.testing.assert_allclose(found.ravel(), difference(left.ravel(), total), rtol=1e-4, atol=1e-5)


@every_kernel
def test_the_diagonal_and_its_slope_agree_with_the_matrix(kernel: Kernel) -> None:
    logs, points, _, _ = cases(kernel)

    found, slope = kernel.diagonal(logs, points), kernel.diagonal_slope(logs, points)

    np.testing.assert_allclose(found, kernel.matrix(logs, points, points).diagonal(), rtol=1e-12)
    expected = difference(
        points.ravel(), lambda flat: float(kernel.diagonal(logs, flat.reshape(points.shape)).sum()), 1e-7
    )
    np.testing.assert_allclose(slope.ravel(), expected, rtol=1e-4, atol=1e-5)


def gpytorch_gaussian(logs: Array) -> Any:
    return _with_scales(library.RBFKernel(ard_num_dims=3), logs)


def gpytorch_matern(nu: float) -> Callable[[Array], Any]:
    return lambda logs: _with_scales(library.MaternKernel(nu=nu, ard_num_dims=3), logs)


def gpytorch_linear(logs: Array) -> Any:
    kernel = library.LinearKernel()
    kernel.variance = float(np.exp(logs[0]))
    return lambda x: kernel(x - 0.5)


def gpytorch_periodic(logs: Array) -> Any:
    kernel = library.PeriodicKernel(ard_num_dims=3)
    kernel.lengthscale, kernel.period_length = torch.full((1, 3), float(np.exp(2 * logs[0]))), torch.full((1, 3), 0.7)
    return kernel


def _with_scales(kernel: Any, logs: Array) -> Any:
    kernel.lengthscale = torch.from_numpy(np.exp(logs))
    return kernel


@pytest.mark.parametrize(
    ("kernel", "make"),
    [
        (Stationary(gaussian, EACH), gpytorch_gaussian),
        (Stationary(matern_5_2, EACH), gpytorch_matern(2.5)),
        (Stationary(matern_3_2, EACH), gpytorch_matern(1.5)),
        (Linear(), gpytorch_linear),
        (Periodic(0.7), gpytorch_periodic),
    ],
)
def test_the_values_are_those_of_gpytorch(kernel: Kernel, make: Callable[[Array], Any]) -> None:
    logs, points, _, _ = cases(kernel)

    found = kernel.matrix(logs, points, points)

    with torch.no_grad():
        expected = make(logs)(torch.from_numpy(points)).to_dense().double().numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_columns_of_one_group_share_a_length_scale() -> None:
    kernel, logs = Stationary(gaussian, (0, 0, 1)), np.array([0.3, -1.0])
    left, right = np.random.default_rng(0).random((2, 5, 3))

    found = kernel.matrix(logs, left, right)

    np.testing.assert_allclose(
        found, Stationary(gaussian, (0, 1, 2)).matrix(np.array([0.3, 0.3, -1.0]), left, right), rtol=1e-14
    )
