"""What a diffractometer's detector sees of a powder in its holder. All scatter is drawn here, once for each mounting.

The flat sample's absorption after Klug & Alexander, X-Ray Diffraction Procedures (1974), ch. 5; size broadening after
Scherrer. Sizes of scatter and of backgrounds are assumed, such that a scan of eight minutes looks like those of
laboratory instruments with a strip detector.
"""

from collections.abc import Mapping

import numpy as np

from hardware_sim.world.crystal import CRYSTALS, KALPHA1_ANGSTROM, Floats

KALPHA2_ANGSTROM, KALPHA2_SHARE = 1.54443, 1 / 3
U_DEG2, V_DEG2, W_DEG2 = 0.0045, -0.0025, 0.0060
"""Caglioti's figures of this instrument."""
ZERO_DEG = 0.012
RADIUS_MM = 145.0
HEIGHT_STD_MM = 0.04
"""How far a sample lies above or below the axis."""
CELL_STD = 4e-4
SIZE_NM, SIZE_STD = 110.0, 0.3
"""Of crystallites: median, and standard deviation of its logarithm."""
TEXTURE_STD = 0.05
GRAIN_STD = 0.03
"""Of each line's strength, for the grains that happen to lie right."""

AREA_CM2 = 3.1
"""Of the holder's well, all of it in the beam."""
COVERING_MG = 35.0
"""Powder that leaves 1/e of the well bare."""
CRYSTAL_CPS = 2.7e4
"""Sets the scale of all lines."""
AMORPHOUS_CPS = 800.0
FLUORESCENCE_CPS = 3e4
"""Manganese glows in copper radiation."""
UNKNOWN_CM2_PER_G = 60.0
GAUSS_REACH = 8.0
"""In half widths: farther out a Gauss curve is nothing (2⁻⁶⁴ of its height)."""


def expected_cps(parts_mg: Mapping[str, float], two_theta_deg: Floats, rng: np.random.Generator) -> Floats:
    """Mount a powder, and tell the count rate that belongs to each angle.

    Args:
        parts_mg: mass of each phase on the holder; one without a structure is taken for amorphous.
        two_theta_deg: (N,)
        rng: draws how this mount came out.

    Returns:
        (N,) counts per second.
    """
    seen = _seen_fraction(parts_mg, two_theta_deg)
    rate = 20.0 + 60.0 * np.exp(-(two_theta_deg - 5) / 6) + (1 - seen) * _holder_cps(two_theta_deg)
    height_mm = HEIGHT_STD_MM * rng.standard_normal()
    total_mg = sum(parts_mg.values())
    for phase, mass_mg in sorted(parts_mg.items()):
        share = mass_mg / total_mg / _absorption_cm2_per_g(parts_mg) if mass_mg else 0.0
        rate += share * seen * _phase_cps(phase, two_theta_deg, height_mm, rng)
    return rate


def _absorption_cm2_per_g(parts_mg: Mapping[str, float]) -> float:
    attenuations = {
        phase: CRYSTALS[phase].absorption_cm2_per_g if phase in CRYSTALS else UNKNOWN_CM2_PER_G for phase in parts_mg
    }
    return sum(mass_mg * attenuations[phase] for phase, mass_mg in parts_mg.items()) / sum(parts_mg.values())


def _seen_fraction(parts_mg: Mapping[str, float], two_theta_deg: Floats) -> Floats:
    """How much of what an endless depth would scatter comes from powder: it covers the well, and it is so deep."""
    total_mg = sum(parts_mg.values())
    if total_mg <= 0:
        return np.zeros_like(two_theta_deg)
    covered = 1 - np.exp(-total_mg / COVERING_MG)
    g_per_cm2 = total_mg / 1000 / AREA_CM2 / covered
    path = 2 * _absorption_cm2_per_g(parts_mg) * g_per_cm2 / np.sin(np.radians(two_theta_deg / 2))
    seen: Floats = covered * (1 - np.exp(-path))
    return seen


def _holder_cps(two_theta_deg: Floats) -> Floats:
    """Of the bare plastic: two broad humps."""
    return 60.0 * _gauss(two_theta_deg, 14.0, 4.0) + 35.0 * _gauss(two_theta_deg, 30.0, 7.0)


def _phase_cps(phase: str, two_theta_deg: Floats, height_mm: float, rng: np.random.Generator) -> Floats:
    """Of a deep, pure powder, times its mass attenuation."""
    if phase not in CRYSTALS:
        return AMORPHOUS_CPS * _gauss(two_theta_deg, 31.0, 6.0)
    crystal = CRYSTALS[phase]
    spacings, intensities = crystal.lines(texture=float(np.exp(TEXTURE_STD * rng.standard_normal())))
    spacings = spacings * (1 + CELL_STD * rng.standard_normal())
    size_angstrom = 10 * SIZE_NM * float(np.exp(SIZE_STD * rng.standard_normal()))
    grains = np.exp(GRAIN_STD * rng.standard_normal(intensities.size))
    areas = CRYSTAL_CPS * intensities * grains / crystal.density_g_per_cm3
    manganese = crystal.masses_dalton.get("Mn", 0.0) / sum(crystal.masses_dalton.values())
    rate = np.full_like(two_theta_deg, FLUORESCENCE_CPS * manganese)
    for wavelength, share in ((KALPHA1_ANGSTROM, 1 - KALPHA2_SHARE), (KALPHA2_ANGSTROM, KALPHA2_SHARE)):
        rate += share * _drawn(two_theta_deg, spacings, areas, wavelength, height_mm, size_angstrom)
    return rate


def _drawn(
    two_theta_deg: Floats,
    spacings: Floats,
    areas: Floats,
    wavelength: float,
    height_mm: float,
    size_angstrom: float,
) -> Floats:
    """Lines of one wavelength, with their widths and shifts."""
    theta = np.arcsin(wavelength / 2 / spacings)
    centre_deg = np.degrees(2 * theta) + ZERO_DEG - np.degrees(2 * height_mm / RADIUS_MM) * np.cos(theta)
    instrument_deg = np.sqrt(U_DEG2 * np.tan(theta) ** 2 + V_DEG2 * np.tan(theta) + W_DEG2)
    width_deg = np.hypot(instrument_deg, np.degrees(0.9 * wavelength / size_angstrom / np.cos(theta)))
    lorentz = np.minimum(0.3 + 0.004 * centre_deg, 1.0)
    square = (2 * (two_theta_deg[:, None] - centre_deg) / width_deg) ** 2
    gauss = np.zeros_like(square)
    np.exp(-np.log(2) * square, out=gauss, where=square < GAUSS_REACH**2)
    heights = 2 * areas / width_deg
    drawn: Floats = (1 / (1 + square)) @ (lorentz / np.pi * heights)
    drawn += gauss @ ((1 - lorentz) * np.sqrt(np.log(2) / np.pi) * heights)
    return drawn


def _gauss(two_theta_deg: Floats, centre_deg: float, std_deg: float) -> Floats:
    hump: Floats = np.exp(-(((two_theta_deg - centre_deg) / std_deg) ** 2) / 2)
    return hump
