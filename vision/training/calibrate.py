"""Fitting what makes answers honest, on pictures the network was not trained on."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

from vision.segmentation.weights import Calibration
from vision.state.bench_level import fraction_per_cell
from vision.training.evaluate import Look

WITHIN_ONE_STD = 0.683


def calibrate(looks: list[Look]) -> Calibration:
    """Fit temperature and doubt; what the looks cannot tell stays at its default.

    Levels themselves need no correction: read off true masks, their mean error is below 0.0005 of the inner height.
    """
    temperature = _temperature(np.array([look.whole for look in looks]), np.array([look.truth.whole for look in looks]))
    readings = _readings(looks)
    if len(readings) < 20:
        return Calibration(temperature=temperature)
    errors, spread, haze = readings.T
    floor, per_spread, per_haze = _doubt(errors, spread, haze)
    return Calibration(temperature=temperature, std_floor=floor, std_per_spread=per_spread, std_per_haze=per_haze)


def _readings(looks: list[Look]) -> NDArray[np.float64]:
    """Rows of a level's error, its spread and its haze, all as fill height fractions: (N, 3)."""
    rows = []
    for look in looks:
        if look.level is not None and look.truth.fill_height_fraction is not None:
            scale = fraction_per_cell(look.level, look.truth.ware)
            level = look.level
            error = scale * level.height - look.truth.fill_height_fraction
            rows.append((error, scale * level.spread, scale * level.haze))
    return np.array(rows).reshape(-1, 3)


def _temperature(logits: NDArray[np.float64], truths: NDArray[np.intp]) -> float:
    """The temperature under which the truth is least surprising."""

    def surprise(log_temperature: float) -> float:
        scaled = log_softmax(logits / np.exp(log_temperature), axis=1)
        return float(-scaled[np.arange(len(truths)), truths].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-1.5, 2.5), method="bounded").x))


def _doubt(errors: NDArray[np.float64], spread: NDArray[np.float64],
           haze: NDArray[np.float64]) -> tuple[float, float, float]:  # fmt: skip
    """Floor and slopes of the standard deviation: likeliest for errors with heavy tails (Laplace), then widened or
    narrowed until it covers what a standard deviation should."""  # fmt: skip

    def stds(logs: NDArray[np.float64]) -> NDArray[np.float64]:
        floor, per_spread, per_haze = np.exp(logs)
        return np.asarray(np.sqrt(floor**2 + (per_spread * spread) ** 2 + (per_haze * haze) ** 2))

    def surprise(logs: NDArray[np.float64]) -> float:
        std = stds(logs)
        return float((np.log(std) + np.abs(errors) / std).mean())

    best = minimize(surprise, np.log([0.003, 1.0, 0.3]), method="Nelder-Mead", bounds=[(-9, -2), (-7, 4), (-7, 4)]).x
    widen = np.quantile(np.abs(errors) / stds(best), WITHIN_ONE_STD)
    floor, per_spread, per_haze = (np.exp(best) * widen).tolist()
    return floor, per_spread, per_haze
