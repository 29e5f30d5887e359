"""Fractions recovered from simulated patterns: made by crystals that the cards know nothing of."""

import numpy as np
import pytest

from hardware_sim.world.diffraction import expected_cps
from robot.diffraction import CARDS, fit_phases
from robot.interfaces import Pattern

ANGLES_DEG = 10.0 + 0.02 * np.arange(3501)
EIGHT_MINUTES_S = 480.0


def scanned(parts_mg: dict[str, float], seed: int, duration_s: float = EIGHT_MINUTES_S) -> Pattern:
    rng = np.random.default_rng(seed)
    seconds_per_step = duration_s / ANGLES_DEG.size
    counts = rng.poisson(expected_cps(parts_mg, ANGLES_DEG, rng) * seconds_per_step)
    return Pattern(1, ANGLES_DEG, counts, seconds_per_step, is_complete=True)


def mixture(seed: int) -> dict[str, float]:
    """150 mg of one to four phases at random."""
    rng = np.random.default_rng(1000 + seed)
    phases = rng.choice(sorted(CARDS), rng.integers(1, 5), replace=False).tolist()
    return dict(zip(phases, (150.0 * rng.dirichlet(np.ones(len(phases)))).tolist(), strict=True))


def test_random_mixtures_come_back_within_three_points() -> None:
    errors, pulls = [], []
    for seed in range(6):
        parts_mg = mixture(seed)
        found = fit_phases(scanned(parts_mg, seed))
        assert set(found.mass_fractions) <= set(parts_mg)
        for phase, mass_mg in parts_mg.items():
            if mass_mg > 0.05 * 150:
                errors.append(found.fraction(phase) - mass_mg / 150)
                pulls.append(errors[-1] / max(found.mass_fraction_stds[phase], 1e-3))

    rms_points = 100 * float(np.sqrt(np.mean(np.square(errors))))
    print(f"{rms_points:.2f} percentage points over {len(errors)} phases above 5 %")
    assert rms_points < 3.0
    assert np.mean(np.abs(pulls) < 2) > 0.8


def test_fractions_sum_up_to_one() -> None:
    found = fit_phases(scanned({"LiMn2O4": 80.0, "Mn2O3": 70.0}, 1))

    assert sum(found.mass_fractions.values()) == pytest.approx(1.0)
    assert found.doubts == ()


@pytest.mark.parametrize(("phase", "share"), [("Mn2O3", 0.15), ("NaCl", 0.25)])
def test_a_phase_without_a_card_is_told_and_not_swallowed(phase: str, share: float) -> None:
    pattern = scanned({"LiMn2O4": 150 * (1 - share), phase: 150 * share}, 3)

    found = fit_phases(pattern, {name: card for name, card in CARDS.items() if name != phase})

    assert found.unexplained_fraction > 0.04
    assert "an unknown phase" in found.doubts[0]
    assert fit_phases(pattern).doubts == ()


def test_too_little_powder_is_told() -> None:
    assert "too little powder" in fit_phases(scanned({"Mn3O4": 4.0}, 1)).doubts[0]


@pytest.mark.parametrize("parts_mg", [{}, {"glass": 150.0}])
def test_an_empty_holder_and_a_glass_hold_no_phase(parts_mg: dict[str, float]) -> None:
    found = fit_phases(scanned(parts_mg, 1))

    assert found.mass_fractions == {}
    assert "too little powder, or amorphous" in found.doubts[0]


def test_a_longer_scan_is_surer() -> None:
    parts_mg = {"LiMn2O4": 140.0, "Li2MnO3": 10.0}
    cards = {phase: CARDS[phase] for phase in parts_mg}
    short, long = (fit_phases(scanned(parts_mg, 5, duration_s), cards) for duration_s in (60.0, 3600.0))

    assert long.signal > 4 * short.signal
    assert long.mass_fraction_stds["Li2MnO3"] < short.mass_fraction_stds["Li2MnO3"]


def test_the_model_follows_the_pattern() -> None:
    pattern = scanned({"Al2O3": 150.0}, 2)

    found = fit_phases(pattern)

    misfit = (pattern.counts - found.fitted_counts) / np.sqrt(pattern.counts + 0.05 * found.fitted_counts**2 + 1)
    assert np.abs(misfit).mean() < 1.5
    assert (found.background_counts <= found.fitted_counts + 1e-9).all()


def test_a_pattern_too_short_is_refused() -> None:
    pattern = Pattern(1, ANGLES_DEG[:400], np.ones(400, dtype=np.int64), 1.0, is_complete=False)

    with pytest.raises(ValueError, match="too short"):
        fit_phases(pattern)
