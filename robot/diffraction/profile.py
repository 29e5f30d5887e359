"""What one line of a pattern looks like: where it lies, how broad it is, how it is shaped. Pure functions of arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DOUBLET = ((1.5405929, 2 / 3), (1.5444274, 1 / 3))
"""Cu Kα1 and Kα2: wavelength in Å (Hölzer et al., Phys. Rev. A 56 (1997) 4554) and share of the intensity."""
REACH_DEG = 1.5
"""A line is drawn so far to both sides."""
NARROWEST_DEG = 0.01


@dataclass(frozen=True)
class Profile:
    """How this instrument and this mount draw lines."""

    zero_deg: float = 0.0
    displacement_deg: float = 0.0
    """Shift at 2θ = 0 of a sample that lies too high; it falls with cos θ (Klug & Alexander, 1974)."""
    u_deg2: float = 0.0
    v_deg2: float = 0.0
    w_deg2: float = 0.01
    """FWHM² = U tan²θ + V tan θ + W (Caglioti, Paoletti, Ricci, Nucl. Instrum. 3 (1958) 223)."""
    lorentz_fraction: float = 0.5

    def fwhm_deg(self, two_theta_deg: Floats) -> Floats:
        """Full width at half maximum of a line."""
        tan = np.tan(np.radians(two_theta_deg / 2))
        square_deg2 = self.u_deg2 * tan**2 + self.v_deg2 * tan + self.w_deg2
        width_deg: Floats = np.sqrt(np.maximum(square_deg2, NARROWEST_DEG**2))
        return width_deg

    def seen_at_deg(self, two_theta_deg: Floats) -> Floats:
        """Where a line that belongs at an angle is seen."""
        return two_theta_deg + self.zero_deg + self.displacement_deg * np.cos(np.radians(two_theta_deg / 2))


def bragg_deg(spacings_angstrom: Floats, wavelength_angstrom: float) -> Floats:
    """2θ of lines, by Bragg's law: λ = 2 d sin θ; NaN for spacings that are too small.

    >>> bragg_deg(np.array([3.1355, 0.5]), 1.5405929).round(3).tolist()
    [28.443, nan]
    """
    sine = wavelength_angstrom / 2 / spacings_angstrom
    angle_deg: Floats = np.degrees(2 * np.arcsin(np.where(sine <= 1, sine, np.nan)))
    return angle_deg


def pseudo_voigt(offset_deg: Floats, fwhm_deg: Floats, lorentz_fraction: float) -> Floats:
    """Lorentz and Gauss curve of one width, mixed; area 1 degree (Thompson, Cox, Hastings, J. Appl. Cryst. 20 (1987) 79).

    >>> angle_deg = np.linspace(-30, 30, 60001)
    >>> round(float(np.trapezoid(pseudo_voigt(angle_deg, np.full(60001, 0.1), 0.5), angle_deg)), 3)
    0.999
    """
    x = 2 * offset_deg / fwhm_deg
    lorentz = 2 / np.pi / fwhm_deg / (1 + x**2)
    gauss = 2 * np.sqrt(np.log(2) / np.pi) / fwhm_deg * np.exp(-np.log(2) * x**2)
    curve: Floats = lorentz_fraction * lorentz + (1 - lorentz_fraction) * gauss
    return curve


def draw(two_theta_deg: Floats, spacings_angstrom: Floats, areas: Floats, profile: Profile) -> Floats:
    """Draw lines, both of the doublet, onto evenly spaced angles.

    Args:
        two_theta_deg: (N,) evenly spaced.
        spacings_angstrom: (L,) d of each line.
        areas: (L,) of each line, in counts × degrees.
        profile: how they are drawn.

    Returns:
        (N,) counts.
    """
    centres = [bragg_deg(spacings_angstrom, wavelength_angstrom) for wavelength_angstrom, _ in DOUBLET]
    centre_deg = profile.seen_at_deg(np.concatenate(centres))
    area = np.concatenate([areas * share for _, share in DOUBLET])
    start_deg, step_deg = two_theta_deg[0], two_theta_deg[1] - two_theta_deg[0]
    near = (centre_deg > start_deg - REACH_DEG) & (centre_deg < two_theta_deg[-1] + REACH_DEG)
    centre_deg, area = centre_deg[near, None], area[near, None]
    reach = round(REACH_DEG / step_deg)
    places = np.rint((centre_deg - start_deg) / step_deg).astype(np.intp) + np.arange(-reach, reach + 1)
    offset_deg = start_deg + places * step_deg - centre_deg
    heights = area * pseudo_voigt(offset_deg, profile.fwhm_deg(centre_deg), profile.lorentz_fraction)
    inside = (places >= 0) & (places < two_theta_deg.size)
    return np.bincount(places[inside], heights[inside], two_theta_deg.size).astype(np.float64)
