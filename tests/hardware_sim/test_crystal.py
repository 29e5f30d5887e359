"""The emulator's crystals, and how far they agree with the reference cards, which were made by another program."""

import numpy as np
import pytest

from hardware_sim.world.crystal import CRYSTALS, ELEMENTS
from hardware_sim.world.diffraction import expected_cps
from robot.diffraction import CARDS

NUMBERS = {"Li": 3, "C": 6, "O": 8, "Na": 11, "Al": 13, "Si": 14, "Cl": 17, "Mn": 25}
FORMULAS = {
    "Al2O3": ({"Al": 12, "O": 18}, 3.99), "Li2CO3": ({"Li": 8, "C": 4, "O": 12}, 2.10),
    "Li2MnO3": ({"Li": 8, "Mn": 4, "O": 12}, 3.89), "LiMn2O4": ({"Li": 8, "Mn": 16, "O": 32}, 4.28),
    "LiMnO2": ({"Li": 2, "Mn": 2, "O": 4}, 4.22), "MnCO3": ({"Mn": 6, "C": 6, "O": 18}, 3.71),
    "MnO": ({"Mn": 4, "O": 4}, 5.37), "MnO2": ({"Mn": 2, "O": 4}, 5.19), "Mn2O3": ({"Mn": 32, "O": 48}, 5.03),
    "Mn3O4": ({"Mn": 12, "O": 16}, 4.84), "NaCl": ({"Na": 4, "Cl": 4}, 2.16), "Si": ({"Si": 8}, 2.33),
}  # fmt: skip
"""Atoms in the cell, and densities in g/cm³ as handbooks give them."""
ANGLES_DEG = np.arange(10.0, 80.0, 0.02)

every_phase = pytest.mark.parametrize("phase", sorted(CRYSTALS))


@pytest.mark.parametrize("element", sorted(ELEMENTS))
def test_forward_all_electrons_of_an_atom_scatter_in_phase(element: str) -> None:
    assert ELEMENTS[element].scattering(np.zeros(1))[0] == pytest.approx(NUMBERS[element], abs=0.02)


@every_phase
def test_symmetry_makes_the_whole_cell_of_its_sites(phase: str) -> None:
    atoms, density = FORMULAS[phase]

    assert {element: len(places) for element, places in CRYSTALS[phase].atoms.items()} == atoms
    assert CRYSTALS[phase].density_g_per_cm3 == pytest.approx(density, abs=0.01)


@pytest.mark.parametrize(
    ("phase", "allowed"), [("Si", {(1, 1, 1), (2, 2, 0), (3, 1, 1), (4, 0, 0)}), ("NaCl", {(1, 1, 1), (2, 0, 0)})]
)
def test_what_the_lattice_extinguishes_is_not_there(phase: str, allowed: set[tuple[int, int, int]]) -> None:
    found = CRYSTALS[phase].reflections
    first = found.indices[found.starts][: len(allowed)]

    assert {tuple(sorted(map(abs, hkl), reverse=True)) for hkl in first.tolist()} == allowed


@pytest.mark.parametrize("phase", ["Li2MnO3", "LiMnO2"])
def test_grains_that_lie_flat_show_more_of_the_planes_they_lie_with(phase: str) -> None:
    flat, loose = CRYSTALS[phase].lines(texture=0.8)[1], CRYSTALS[phase].lines()[1]

    assert flat[0] / loose[0] == pytest.approx((flat / loose).max()) == pytest.approx(0.8**-3)
    assert (flat / loose).min() < 1


@every_phase
def test_cards_and_crystals_agree_where_it_matters(phase: str) -> None:
    """Residual disagreement: spacings by up to 0.2 %, strong lines by up to 3 of 100, strengths beside corundum by 3 %."""
    card = CARDS[phase]
    spacings, intensities = CRYSTALS[phase].lines()
    scaled = 100 * intensities / intensities.max()
    strong = card.intensities > 25

    for spacing, intensity in zip(card.spacings_angstrom[strong], card.intensities[strong], strict=True):
        near = np.abs(spacings / spacing - 1) < 0.0025
        assert (spacings[near] @ scaled[near]) / scaled[near].sum() == pytest.approx(spacing, rel=0.002)
        near_on_card = np.abs(card.spacings_angstrom / spacing - 1) < 0.0025
        assert scaled[near].sum() == pytest.approx(card.intensities[near_on_card].sum(), abs=3.0), intensity
    corundum = CRYSTALS["Al2O3"]
    beside = intensities.max() / corundum.lines()[1].max() * corundum.density_g_per_cm3
    assert beside / CRYSTALS[phase].density_g_per_cm3 == pytest.approx(card.over_corundum, rel=0.03)


def test_more_powder_scatters_more_until_it_fills_the_holder() -> None:
    peaks = [
        expected_cps({"LiMn2O4": mass_mg}, ANGLES_DEG, np.random.default_rng(1)).max()
        for mass_mg in (3.0, 30.0, 100.0, 300.0)
    ]

    assert peaks[0] < 0.3 * peaks[1] < 0.3 * peaks[2]
    assert peaks[3] == pytest.approx(peaks[2], rel=0.1)


def test_a_strong_absorber_hides_a_weak_one() -> None:
    pure = expected_cps({"Li2CO3": 150.0}, ANGLES_DEG, np.random.default_rng(1)).max()
    mixed = expected_cps({"Li2CO3": 75.0, "Mn3O4": 75.0}, ANGLES_DEG, np.random.default_rng(1)).max()

    assert mixed < 0.3 * pure


def test_an_unknown_phase_makes_a_hump_and_no_lines() -> None:
    rate = expected_cps({"glass": 150.0}, ANGLES_DEG, np.random.default_rng(1))

    assert np.abs(np.diff(rate)).max() < 0.01 * rate.max()
