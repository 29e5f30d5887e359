"""How well a film conducts: the hidden truth of the simulated film bench.

Two truths keep one promise. `ParametricFilm` is a smooth response with its numbers in this file; `TableFilm` answers
from a table of measured films. Both scatter as the measured films did, and share one assumed effect of annealing.
"""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot.files import FileProblem, Problem

Array = NDArray[np.float64]

INKS = ("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt")
COLUMNS = ("P3HT", "D1", "D2", "D6", "D8", "Conductivity")
"""What the columns of a table must begin with, inks in the order of `INKS`, in per cent; then S/cm."""

REPLICATE_STD_DECADES = 0.103
"""Scatter in log10 between films of one composition, pooled over the table (55 degrees of freedom)."""

# Fitted by benchmarks/film_truth_fit.py to the 233 films (178 compositions) of Bash et al., Adv. Funct. Mater. 31,
# 2102606 (2021): ridge regression of log10 conductivity on `features`. Cross-validated with all films of a
# composition on one side: R² 0.88, residual 0.25 decades. Gaussian processes and random forests do no better there.
INTERCEPT_DECADES = 0.573
WEIGHTS_DECADES = np.array([0.443, -0.289, -0.154, -0.300, 1.856, 0.882, 0.924, 2.304, 1.698, -3.738])


class FilmTruth(Protocol):
    """What a perfect instrument would find on a film."""

    def mean_s_per_cm(self, blend: Mapping[str, float], anneal_c: float, anneal_min: float) -> float:
        """Conductivity without the scatter between films."""

    def conductivity_s_per_cm(
        self, blend: Mapping[str, float], anneal_c: float, anneal_min: float, rng: np.random.Generator
    ) -> float:
        """Conductivity of one film; `rng` gives its scatter, one normal number a call.

        Args:
            blend: weight fractions of `INKS`; an ink that is not named is absent.
            anneal_c: the temperature at which the film was held.
            anneal_min: how long it was held.
            rng: where chance comes from.
        """


class ParametricFilm:
    """A smooth response fitted to measured films; 11 numbers and one assumption."""

    def mean_s_per_cm(self, blend: Mapping[str, float], anneal_c: float, anneal_min: float) -> float:
        """Conductivity without the scatter between films."""
        fractions = _fractions(blend)[None, :]
        decades = INTERCEPT_DECADES + features(fractions) @ WEIGHTS_DECADES + sparse_polymer_decades(fractions)
        return float(10.0 ** decades[0]) * anneal_factor(anneal_c, anneal_min)

    def conductivity_s_per_cm(
        self, blend: Mapping[str, float], anneal_c: float, anneal_min: float, rng: np.random.Generator
    ) -> float:
        """Conductivity of one film."""
        return scattered(self.mean_s_per_cm(blend, anneal_c, anneal_min), rng)


class TableFilm:
    """Answers with the table's films of the nearest composition.

    A composition's truth is the arithmetic mean of its films, as those who benchmark on this table take it
    (Liang et al., npj Comput. Mater. 7, 188 (2021)), so that a campaign is judged by the figure it samples from.

    Raises:
        FileProblem: the file is not such a table.
    """

    def __init__(self, path: Path) -> None:
        films = read_films(path)
        count = np.bincount(films.composition_index)  # (m,)
        self.replicates = count
        self._means_s_per_cm = np.bincount(films.composition_index, films.s_per_cm) / count
        first = np.unique(films.composition_index, return_index=True)[1]
        self._blends = films.blends[first]  # (m, 5)

    def compositions(self) -> list[dict[str, float]]:
        """Every composition of the table as weight fractions that sum to 1."""
        return [dict(zip(INKS, blend.tolist(), strict=True)) for blend in self._blends]

    def mean_s_per_cm(self, blend: Mapping[str, float], anneal_c: float, anneal_min: float) -> float:
        """Mean conductivity of the nearest composition's films."""
        nearest = np.linalg.norm(self._blends - _fractions(blend), axis=1).argmin()
        return float(self._means_s_per_cm[nearest]) * anneal_factor(anneal_c, anneal_min)

    def conductivity_s_per_cm(
        self, blend: Mapping[str, float], anneal_c: float, anneal_min: float, rng: np.random.Generator
    ) -> float:
        """Conductivity of one film."""
        return scattered(self.mean_s_per_cm(blend, anneal_c, anneal_min), rng)


def load_truth(spec: str | Path | None) -> ParametricFilm | TableFilm:
    """The built-in response for None or `film_conductivity`, else the table in that file.

    Raises:
        FileProblem: the file is not such a table.
    """
    return ParametricFilm() if spec in (None, "film_conductivity") else TableFilm(Path(str(spec)))


def scattered(mean_s_per_cm: float, rng: np.random.Generator) -> float:
    """One film out of many, log-normal about the mean given."""
    return mean_s_per_cm * float(10.0 ** rng.normal(0.0, REPLICATE_STD_DECADES))


def features(blends: Array) -> Array:
    """What conductivity depends on, (n, 10) for (n, 5) weight fractions.

    Each kind of tube acts through log10(fraction + 1 %), steep for the first tubes that connect and flat thereafter,
    and through its fraction; the long single-wall tubes, which matter most, also bend (square and cube).
    """
    tubes = blends[:, 1:]
    long_tubes = blends[:, 1:2]
    return np.hstack([np.log10(tubes + 0.01), tubes, long_tubes**2, long_tubes**3])


def sparse_polymer_decades(blends: Array) -> Array:
    """Loss, (n,), where less than 35 % P3HT must hold long tubes together: at most 1.2 decades.

    An assumption: nobody measured there, and without it the response would promise most where it knows least.
    """
    unbound = blends[:, 1] * np.clip(0.35 - blends[:, 0], 0.0, None)
    return 1.2 * np.expm1(-13.0 * unbound)


def anneal_factor(anneal_c: float, anneal_min: float) -> float:
    """Share of the best conductivity that this annealing leaves; an assumption, the table has one annealing only.

    Best at 140 °C and 20 min, half (0.3 decades) at 80 or 200 °C or after 5 min, never below a tenth.

    >>> anneal_factor(140.0, 20.0), round(anneal_factor(200.0, 20.0), 2), round(anneal_factor(140.0, 5.0), 2)
    (1.0, 0.5, 0.5)
    """
    off_temperature = (anneal_c - 140.0) / 60.0
    off_time = math.log((anneal_min + 1.0) / 21.0) / math.log(6.0 / 21.0)
    return float(10.0 ** (math.exp(-0.36 * (off_temperature**2 + off_time**2)) - 1.0))


@dataclass(frozen=True)
class MeasuredFilms:
    """A table of films: `blends` (n, 5) weight fractions, `s_per_cm` (n,), `composition_index` (n,) from 0."""

    blends: Array
    s_per_cm: Array
    composition_index: NDArray[np.intp]


def read_films(path: Path) -> MeasuredFilms:
    """Read a table with the columns of `COLUMNS`, repeats of a composition in rows of their own.

    Raises:
        FileProblem: the first line that is wrong, or why there is none.
    """
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise FileProblem(path, [Problem("", f"cannot be read as a table: {err}", "Check the path")]) from err
    header = lines[0] if lines else []
    if len(header) != len(COLUMNS) or not all(map(str.startswith, header, COLUMNS)):
        remedy = f"Give the columns {', '.join(COLUMNS)} in this order"
        raise FileProblem(path, [Problem("", f"begins with the columns {header}", remedy, 1)])
    rows = np.array([_row(path, number, cells) for number, cells in enumerate(lines[1:], start=2) if cells])
    if not rows.size:
        raise FileProblem(path, [Problem("", "holds no films", "Add a row")])
    blends = rows[:, :5] / rows[:, :5].sum(axis=1, keepdims=True)
    return MeasuredFilms(blends, rows[:, 5], np.unique(blends, axis=0, return_inverse=True)[1].reshape(-1))


def _row(path: Path, line: int, cells: list[str]) -> list[float]:
    def wrong(what: str, remedy: str) -> FileProblem:
        return FileProblem(path, [Problem("", what, remedy, line)])

    try:
        values = [float(cell) for cell in cells]
    except ValueError as err:
        raise wrong(f"holds something that is no number: {err}", "Mend the line") from err
    if len(values) != len(COLUMNS) or not all(map(math.isfinite, values)):
        raise wrong(f"does not hold {len(COLUMNS)} finite numbers: {', '.join(cells)}", "Mend the line")
    if min(values[:5]) < 0 or not math.isclose(sum(values[:5]), 100.0, abs_tol=1.0):
        raise wrong(f"has parts of {', '.join(cells[:5])} %", "Give parts from 0 that sum to 100 %")
    if values[5] <= 0:
        raise wrong(f"has a conductivity of {cells[5]} S/cm", "Give a figure above 0")
    return values


def _fractions(blend: Mapping[str, float]) -> Array:
    return np.array([blend.get(ink, 0.0) for ink in INKS])
