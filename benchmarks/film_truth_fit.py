"""Fit `hardware_sim.world.film.ParametricFilm` to a table of measured films, and say how well it fits.

Usage: python benchmarks/film_truth_fit.py TABLE.csv
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from hardware_sim.world.film import MeasuredFilms, features, read_films, sparse_polymer_decades

RIDGE = 0.3
FOLDS, REPEATS = 10, 20

Array = NDArray[np.float64]


def fit(blends: Array, log10_s_per_cm: Array) -> tuple[float, Array]:
    """Ridge regression on standardised features; return intercept and weights for the plain features."""
    plain = features(blends)  # (n, k)
    mean, std = plain.mean(axis=0), plain.std(axis=0)
    scaled = (plain - mean) / std
    target = log10_s_per_cm - sparse_polymer_decades(blends)
    penalty = RIDGE * np.eye(scaled.shape[1])
    weights = np.linalg.solve(scaled.T @ scaled + penalty, scaled.T @ (target - target.mean())) / std
    return float(target.mean() - mean @ weights), weights


def predict(fitted: tuple[float, Array], blends: Array) -> Array:
    """Log10 of the conductivity, (n,)."""
    intercept, weights = fitted
    return intercept + features(blends) @ weights + sparse_polymer_decades(blends)


def cross_validate(films: MeasuredFilms, seed: int = 0) -> tuple[float, float]:
    """R² and residual in decades; films of one composition are never on both sides."""
    rng = np.random.default_rng(seed)
    target = np.log10(films.s_per_cm)
    group = films.composition_index
    residuals = []
    for _ in range(REPEATS):
        fold = rng.permutation(group.max() + 1)[group] % FOLDS
        for held_out in range(FOLDS):
            test = fold == held_out
            residuals.append(target[test] - predict(fit(films.blends[~test], target[~test]), films.blends[test]))
    mean_square = float(np.mean(np.concatenate(residuals) ** 2))
    return 1.0 - mean_square / float(target.var()), mean_square**0.5


def replicate_std_decades(films: MeasuredFilms) -> tuple[float, int]:
    """Pooled standard deviation between films of one composition, and its degrees of freedom."""
    target, group = np.log10(films.s_per_cm), films.composition_index
    means = np.bincount(group, target) / np.bincount(group)
    freedom = len(target) - len(means)
    return float(np.sqrt(np.sum((target - means[group]) ** 2) / freedom)), freedom


def main() -> None:
    """Print the numbers that `ParametricFilm` carries and how well they describe the table."""
    films = read_films(Path(sys.argv[1]))
    intercept, weights = fit(films.blends, np.log10(films.s_per_cm))
    r_squared, residual_decades = cross_validate(films)
    std_decades, freedom = replicate_std_decades(films)
    table = Table("figure", "value")
    table.add_row("intercept", f"{intercept:.3f}")
    table.add_row("weights", ", ".join(f"{weight:.3f}" for weight in weights))
    table.add_row("films, compositions", f"{len(films.s_per_cm)}, {films.composition_index.max() + 1}")
    table.add_row("cross-validated R²", f"{r_squared:.3f}")
    table.add_row("cross-validated residual, decades", f"{residual_decades:.3f}")
    table.add_row("replicate std, decades", f"{std_decades:.3f} ({freedom} degrees of freedom)")
    Console().print(table)


if __name__ == "__main__":
    main()
