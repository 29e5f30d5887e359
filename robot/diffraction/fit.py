"""How much of which phase: reference lines are fitted to a pattern, and their strengths weighed.

Reference intensity ratios in their normalised form: w_i = (s_i / r_i) / Σ (s_j / r_j), with s_i the strength of a
phase's strongest line and r_i that line's strength beside corundum (Chung, J. Appl. Cryst. 7 (1974) 526; Hubbard &
Snyder, Powder Diffr. 3 (1988) 74). It holds for what is crystalline and has a card: what is amorphous is not seen, and
lines without a card are told as unexplained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy  # its parts, which are slow to load, come when they are first used: a check before a run needs none
from numpy.typing import NDArray

from robot.diffraction.cards import CARDS, Card
from robot.diffraction.fractions import PhaseFractions
from robot.diffraction.ground import Ground, splines
from robot.diffraction.profile import Floats, Profile, draw
from robot.interfaces.diffractometer import Pattern

SHORTEST_DEG = 10.0
CARD_ERROR_FRACTION = 0.1
"""How far single lines stray from their cards, by texture and grains: no point counts for more (assumed)."""
RATIO_ERROR_FRACTION = 0.05
"""How far reference intensity ratios are to be trusted (assumed)."""
DETECTED_SIGMA = 4.0
LEAST_FRACTION = 0.005
"""What is found with less mass, or less significance, is taken for not there."""
EXCESS_SIGMA = 6.0

PROFILE_CENTRE = np.array([0.0, 0.0, 0.004, 0.0, 0.01, 0.5])
PROFILE_SPREAD = np.array([0.03, 0.05, 0.004, 0.004, 0.005, 0.15])
"""What a profile may be expected to be: zero, displacement, U, V, W, Lorentz fraction."""
STRETCH_SPREAD = 0.001
"""How far a cell may be expected to differ from its card's: by composition, temperature and strain."""
MOST_SPREADS = 3.0
MOST_STEPS = 12
CLOSE = 1e-4
"""A step that betters the fit by no more than this part is the last."""
RIDGE = 1e-12
"""Keeps a phase without lines in the pattern from being a division by zero."""


def fit_phases(pattern: Pattern, cards: Mapping[str, Card] = CARDS) -> PhaseFractions:
    """Find which phases are in a pattern, and how much of each.

    Strengths and background come from non-negative least squares; zero, displacement, line widths, and then the cells
    of the phases that are there, from an outer fit around it. A phase that turns out insignificant is left out, and
    the rest is fitted again.

    Args:
        pattern: at least 10° long; of copper radiation with both lines of its doublet.
        cards: the phases that may be there, by name.

    Raises:
        ValueError: the pattern is shorter than 10°.
    """
    length_deg = float(np.ptp(pattern.two_theta_deg))
    if length_deg < SHORTEST_DEG:
        raise ValueError(f"a pattern of {length_deg:g}° is too short to fit; measure at least {SHORTEST_DEG:g}°")
    solution = _Trial.first(pattern, tuple(cards.values())).refined().solved()
    while not (solution.trial.knows_cells and solution.significant.all()):
        solution = solution.with_the_significant().refined().solved()
    return solution.outcome()


@dataclass(frozen=True, eq=False)
class _Trial:
    """Phases that a pattern may be made of, and what is not linear in them."""

    two_theta_deg: Floats
    ground: Ground
    cards: tuple[Card, ...]
    beliefs: Floats
    """First the profile, then perhaps the stretch of each cell; in spreads from where they are expected."""

    @classmethod
    def first(cls, pattern: Pattern, cards: tuple[Card, ...]) -> "_Trial":
        """All phases, with nothing known but how well one can count."""
        counts = pattern.counts.astype(np.float64)
        ground = Ground(counts, counts + 1, splines(pattern.two_theta_deg))
        return cls(pattern.two_theta_deg, ground, cards, np.zeros(PROFILE_CENTRE.size))

    @property
    def knows_cells(self) -> bool:
        """Were cells fitted too?"""
        return self.beliefs.size > PROFILE_CENTRE.size or not self.cards

    @property
    def profile(self) -> Profile:
        """How lines are drawn."""
        return Profile(*(PROFILE_CENTRE + PROFILE_SPREAD * self.beliefs[: PROFILE_CENTRE.size]).tolist())

    @property
    def stretches(self) -> Floats:
        """(L,) of each card's cell."""
        spreads = self.beliefs[PROFILE_CENTRE.size :]
        return spreads * STRETCH_SPREAD if spreads.size else np.zeros(len(self.cards))

    def lines(self) -> Floats:
        """(N, L) each phase with a strongest line of 1 count × degree."""
        profile = self.profile
        drawn = [
            draw(self.two_theta_deg, card.spacings_angstrom * (1 + stretch), card.intensities / 100, profile)
            for card, stretch in zip(self.cards, self.stretches, strict=True)
        ]
        return np.array(drawn).reshape(len(self.cards), self.two_theta_deg.size).T

    def solved(self) -> "_Solution":
        """The strengths and the background that fit best, none of them negative."""
        lines, ground = self.lines(), self.ground
        weighted = lines * ground.weights[:, None]
        with_ground = weighted.T @ ground.weighted
        products = np.block([[weighted.T @ weighted, with_ground], [with_ground[:, :-1].T, ground.products]])
        scale = np.sqrt(np.diag(products)) + np.finfo(float).tiny
        triangle = np.linalg.cholesky(products[:, :-1] / np.outer(scale, scale) + RIDGE * np.eye(scale.size))
        wanted = np.linalg.solve(triangle, products[:, -1] / scale)
        amounts = scipy.optimize.nnls(triangle.T, wanted)[0] / scale  # 27 rows instead of thousands
        return _Solution(self, lines, amounts)

    def refined(self) -> "_Trial":
        """With better beliefs; what strays far from what may be expected must be worth it."""

        def misfit(beliefs: Floats) -> Floats:
            return np.concatenate([replace(self, beliefs=beliefs).solved().residuals, beliefs])

        limits = (-MOST_SPREADS, MOST_SPREADS)
        found = scipy.optimize.least_squares(
            misfit, self.beliefs, bounds=limits, max_nfev=MOST_STEPS, ftol=CLOSE, xtol=CLOSE
        )
        return replace(self, beliefs=found.x)


@dataclass(frozen=True, eq=False)
class _Solution:
    """What fits best on one trial."""

    trial: _Trial
    lines: Floats
    """(N, L) each phase with a strongest line of 1 count × degree."""
    amounts: Floats
    """(L + B,) of lines, then of splines."""

    @cached_property
    def fitted(self) -> Floats:
        """(N,) the model."""
        return self.peaks + self.trial.ground.splines @ self.amounts[self._phases :]

    @cached_property
    def peaks(self) -> Floats:
        """(N,) of it the lines."""
        return self.lines @ self.strengths

    @property
    def strengths(self) -> Floats:
        """(L,) of each phase's strongest line."""
        return self.amounts[: self._phases]

    @property
    def residuals(self) -> Floats:
        """(N,) misfit in standard deviations."""
        return (self.trial.ground.counts - self.fitted) * self.trial.ground.weights

    @property
    def _phases(self) -> int:
        return len(self.trial.cards)

    @property
    def _ratios(self) -> Floats:
        return np.array([card.over_corundum for card in self.trial.cards])

    @property
    def _fractions(self) -> Floats:
        masses = self.strengths / self._ratios
        shares: Floats = masses / max(masses.sum(), np.finfo(float).tiny)
        return shares

    @property
    def _covariance(self) -> Floats:
        """(L, L) of strengths, as far as counting makes them uncertain."""
        used = self.amounts > 0
        ground = self.trial.ground
        weighted = np.hstack([self.lines, ground.splines])[:, used] * ground.weights[:, None]
        covariance = np.zeros((used.size, used.size))
        covariance[np.ix_(used, used)] = np.linalg.pinv(weighted.T @ weighted)
        excess = max(float(np.mean(self.residuals**2)), 1.0)
        return covariance[: self._phases, : self._phases] * excess

    @property
    def significant(self) -> NDArray[np.bool_]:
        """(L,) which phases are truly there."""
        is_seen = self.strengths > DETECTED_SIGMA * np.sqrt(np.diag(self._covariance))
        return is_seen & (self._fractions > LEAST_FRACTION)

    def with_the_significant(self) -> _Trial:
        """The next trial: without the others, with cells that may stretch, and with points weighed by their lines."""
        kept = self.significant
        trial, ground = self.trial, self.trial.ground
        return replace(
            trial,
            cards=tuple(card for card, is_kept in zip(trial.cards, kept, strict=True) if is_kept),
            beliefs=np.concatenate([trial.beliefs[: PROFILE_CENTRE.size], trial.stretches[kept] / STRETCH_SPREAD]),
            ground=replace(ground, variances=ground.counts + 1 + (CARD_ERROR_FRACTION * self.peaks) ** 2),
        )

    def outcome(self) -> PhaseFractions:
        """What to tell."""
        phases = [card.phase for card in self.trial.cards]
        background = self.fitted - self.peaks
        top = int(self.peaks.argmax())
        return PhaseFractions(
            dict(zip(phases, self._fractions.tolist(), strict=True)),
            dict(zip(phases, self._fraction_stds().tolist(), strict=True)),
            self._unexplained_fraction(),
            float(self.peaks[top] / np.sqrt(background[top] + 1)),
            self.fitted,
            background,
            self.trial.profile,
        )

    def _fraction_stds(self) -> Floats:
        """Standard errors of fractions, by propagation: dw_i / ds_j = (δ_ij - w_i) / (r_j Σ)."""
        fractions = self._fractions
        scale = (self.strengths / self._ratios).sum()
        slopes = (np.eye(self._phases) - fractions[:, None]) / (self._ratios * scale)
        covariance = self._covariance + np.diag((RATIO_ERROR_FRACTION * self.strengths) ** 2)
        return np.sqrt(np.diag(slopes @ covariance @ slopes.T))

    def _unexplained_fraction(self) -> float:
        """Share of what rises above the model by more than noise and cards allow, over the width of a line."""
        trial, peaks = self.trial, self.peaks
        step_deg = trial.two_theta_deg[1] - trial.two_theta_deg[0]
        width = max(round(float(trial.profile.fwhm_deg(np.array([30.0]))[0]) / step_deg), 1)
        rise = trial.ground.counts - self.fitted
        allowed = trial.ground.counts + 1 + (2 * CARD_ERROR_FRACTION * peaks) ** 2 * width
        mean = scipy.ndimage.uniform_filter1d
        is_excess = mean(rise, width) > EXCESS_SIGMA * np.sqrt(mean(allowed, width) / width)
        excess = float(rise[is_excess].sum())
        return excess / max(excess + float(peaks.sum()), 1.0)
