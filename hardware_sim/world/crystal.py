"""Crystals, as X-rays see them: cells, atoms, structure factors. The emulator's own model, from structures alone.

Kinematic, copper Kα1, atoms isotropic. Scattering factors of free atoms after Cromer & Mann, Acta Cryst. A24 (1968)
321, as International Tables C, table 6.1.1.4, prints them; anomalous dispersion is left out. Symmetry: generators from
International Tables A; origin at the inversion centre.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

KALPHA1_ANGSTROM = 1.54059
SMALLEST_ANGSTROM = 0.9
"""Spacing up to which lines are worked out: 2θ of 118°."""
SAME_PLACE = 1e-3
"""Fractional coordinates no further apart are one."""
SAME_SPACING = 1e-6
FAINTEST = 1e-6
"""Of the strongest |F|²: what is fainter is extinct."""
DALTON_PER_ANGSTROM3 = 1.66054  # in g/cm³


@dataclass(frozen=True)
class Element:
    """One kind of atom."""

    mass_dalton: float
    a: tuple[float, float, float, float]
    b_angstrom2: tuple[float, float, float, float]
    c: float
    displacement_angstrom2: float
    """Isotropic B at room temperature in such compounds (typical values, rounded)."""
    absorption_cm2_per_g: float
    """Mass attenuation for Cu Kα (International Tables C, table 4.2.4.3, rounded)."""

    def scattering(self, s_squared: Floats) -> Floats:
        """Electrons that scatter in phase at (sin θ / λ)², with the atom's displacement."""
        s2 = np.asarray(s_squared)[..., None]
        free = (np.array(self.a) * np.exp(-np.array(self.b_angstrom2) * s2)).sum(axis=-1) + self.c
        shaken: Floats = free * np.exp(-self.displacement_angstrom2 * s2[..., 0])
        return shaken


ELEMENTS = {
    "Li": Element(6.94, (1.1282, 0.7508, 0.6175, 0.4653), (3.9546, 1.0524, 85.3905, 168.261), 0.0377, 1.1, 0.5),
    "C": Element(12.011, (2.31, 1.02, 1.5886, 0.865), (20.8439, 10.2075, 0.5687, 51.6512), 0.2156, 0.6, 4.5),
    "O": Element(15.999, (3.0485, 2.2868, 1.5463, 0.867), (13.2771, 5.7011, 0.3239, 32.9089), 0.2508, 0.7, 11.5),
    "Na": Element(22.99, (4.7626, 3.1736, 1.2674, 1.1128), (3.285, 8.8422, 0.3136, 129.424), 0.676, 1.7, 29.7),
    "Al": Element(26.982, (6.4202, 1.9002, 1.5936, 1.9646), (3.0387, 0.7426, 31.5472, 85.0886), 1.1151, 0.3, 49.6),
    "Si": Element(28.085, (6.2915, 3.0353, 1.9891, 1.541), (2.4386, 32.3337, 0.6785, 81.6937), 1.1407, 0.5, 63.7),
    "Cl": Element(35.45, (11.4604, 7.1964, 6.2556, 1.6455), (0.0104, 1.1662, 18.5194, 47.7784), -9.5574, 1.3, 106.0),
    "Mn": Element(54.938, (11.2819, 7.3573, 3.0193, 2.2441), (5.3409, 0.3432, 17.8674, 83.7543), 1.0896, 0.45, 273.0),
}


@dataclass(frozen=True)
class Group:
    """A space group: what generates it, and the translations of its lattice."""

    generators: tuple[str, ...]
    centring: tuple[tuple[float, float, float], ...] = ()


_F = ((0.0, 0.5, 0.5), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0))
_I = ((0.5, 0.5, 0.5),)
_C = ((0.5, 0.5, 0.0),)
_R = ((2 / 3, 1 / 3, 1 / 3), (1 / 3, 2 / 3, 2 / 3))

GROUPS = {
    "Fm-3m": Group(("-x,-y,z", "-x,y,-z", "z,x,y", "y,x,-z", "-x,-y,-z"), _F),
    "Fd-3m": Group(("-x+3/4,-y+1/4,z+1/2", "-x+1/4,y+1/2,-z+3/4", "z,x,y", "y+3/4,x+1/4,-z+1/2", "-x,-y,-z"), _F),
    "R-3c": Group(("-y,x-y,z", "y,x,-z+1/2", "-x,-y,-z"), _R),
    "C2/c": Group(("-x,y,-z+1/2", "-x,-y,-z"), _C),
    "C2/m": Group(("-x,y,-z", "-x,-y,-z"), _C),
    "Ia-3": Group(("-x+1/2,-y,z+1/2", "-x,y+1/2,-z+1/2", "z,x,y", "-x,-y,-z"), _I),
    "I41/amd": Group(("-x+1/2,-y,z+1/2", "-y+1/4,x+3/4,z+1/4", "-x+1/2,y,-z+1/2", "-x,-y,-z"), _I),
    "P42/mnm": Group(("-x,-y,z", "-y+1/2,x+1/2,z+1/2", "-x+1/2,y+1/2,-z+1/2", "-x,-y,-z")),
    "Pmmn": Group(("-x+1/2,-y+1/2,z", "-x,y+1/2,-z", "-x,-y,-z")),
}


@dataclass(frozen=True, eq=False)
class Reflections:
    """Every hkl of a crystal that scatters, by falling spacing; those of one spacing are one powder line."""

    spacings_angstrom: Floats
    """(H,)"""
    indices: NDArray[np.int64]
    """(H, 3) hkl."""
    intensities: Floats
    """(H,) |F|² times Lorentz-polarisation, per squared volume of the cell."""
    starts: NDArray[np.int64]
    """(L,) where each powder line begins."""


@dataclass(frozen=True, eq=False)
class Crystal:
    """A structure: cell, space group, and one atom of each site."""

    group: str
    cell: tuple[float, float, float, float, float, float]
    """a, b, c in Å; α, β, γ in degrees."""
    sites: Sequence[tuple[str, float, float, float]]
    """Element and fractional coordinates."""

    @cached_property
    def atoms(self) -> Mapping[str, Floats]:
        """(A, 3) fractional coordinates of all atoms in the cell, by element."""
        found: dict[str, Floats] = {}
        for element, *place in self.sites:
            orbit = _orbit(GROUPS[self.group], np.array(place))
            found[element] = np.vstack([found[element], orbit]) if element in found else orbit
        return found

    @cached_property
    def metric(self) -> Floats:
        """(3, 3) dot products of the cell's edges in Å²."""
        edges, cosines = np.array(self.cell[:3]), np.cos(np.radians(self.cell[3:]))
        angles = np.array([[1, cosines[2], cosines[1]], [cosines[2], 1, cosines[0]], [cosines[1], cosines[0], 1]])
        metric: Floats = np.outer(edges, edges) * angles
        return metric

    @cached_property
    def reciprocal(self) -> Floats:
        """(3, 3) the same of the reciprocal cell, in Å⁻²."""
        return np.linalg.inv(self.metric).astype(np.float64)

    @property
    def volume_angstrom3(self) -> float:
        """Of the cell."""
        return float(np.sqrt(np.linalg.det(self.metric)))

    @cached_property
    def masses_dalton(self) -> Mapping[str, float]:
        """Of all atoms in the cell, by element."""
        return {element: len(places) * ELEMENTS[element].mass_dalton for element, places in self.atoms.items()}

    @property
    def density_g_per_cm3(self) -> float:
        """Of a perfect crystal."""
        return sum(self.masses_dalton.values()) * DALTON_PER_ANGSTROM3 / self.volume_angstrom3

    @property
    def absorption_cm2_per_g(self) -> float:
        """Mass attenuation of copper radiation."""
        masses = self.masses_dalton
        return sum(ELEMENTS[e].absorption_cm2_per_g * mass for e, mass in masses.items()) / sum(masses.values())

    @cached_property
    def reflections(self) -> Reflections:
        """All of them, by enumeration: multiplicity and overlap come by themselves."""
        indices = self._indices()
        spacings = 1 / np.sqrt(np.einsum("ni,ij,nj->n", indices, self.reciprocal, indices))
        strengths = np.abs(self._structure_factors(indices, spacings)) ** 2
        seen = np.flatnonzero(strengths > FAINTEST * strengths.max())
        order = seen[np.argsort(-spacings[seen], kind="stable")]
        indices, spacings, strengths = indices[order], spacings[order], strengths[order]
        starts = np.flatnonzero(np.r_[True, np.diff(spacings) < -SAME_SPACING * spacings[1:]])
        intensities = strengths * _lorentz_polarisation(spacings) / self.volume_angstrom3**2
        return Reflections(spacings, indices, intensities, starts)

    def lines(self, texture: float = 1.0) -> tuple[Floats, Floats]:
        """Spacings in Å and intensities of all powder lines, (L,) each, by falling spacing.

        Args:
            texture: March parameter of grains that lie with the planes of widest spacing; below 1 they lie flat, at 1
                any way they like (Dollase, J. Appl. Cryst. 19 (1986) 267).
        """
        found = self.reflections
        cosines = (
            found.indices @ self.reciprocal @ found.indices[0] * found.spacings_angstrom * found.spacings_angstrom[0]
        )
        weights = (texture**2 * cosines**2 + (1 - cosines**2) / texture) ** -1.5
        return found.spacings_angstrom[found.starts], np.add.reduceat(found.intensities * weights, found.starts)

    def _indices(self) -> NDArray[np.int64]:
        most = (np.array(self.cell[:3]) / SMALLEST_ANGSTROM).astype(int) + 1
        grid = np.array(list(product(*(range(-n, n + 1) for n in most))))
        squares = np.einsum("ni,ij,nj->n", grid, self.reciprocal, grid)
        within: NDArray[np.int64] = grid[(squares > 0) & (squares <= 1 / SMALLEST_ANGSTROM**2)]
        return within

    def _structure_factors(self, indices: NDArray[np.int64], spacings_angstrom: Floats) -> NDArray[np.complex128]:
        s_squared = 1 / (2 * spacings_angstrom) ** 2
        waves = [
            ELEMENTS[element].scattering(s_squared) * np.exp(2j * np.pi * indices @ places.T).sum(axis=1)
            for element, places in self.atoms.items()
        ]
        factors: NDArray[np.complex128] = np.sum(waves, axis=0)
        return factors


def _lorentz_polarisation(spacings_angstrom: Floats) -> Floats:
    """Of a powder without monochromator: (1 + cos² 2θ) / (sin² θ cos θ)."""
    theta = np.arcsin(KALPHA1_ANGSTROM / 2 / spacings_angstrom)
    factor: Floats = (1 + np.cos(2 * theta) ** 2) / (np.sin(theta) ** 2 * np.cos(theta))
    return factor


def _orbit(group: Group, place: Floats) -> Floats:
    """All places that symmetry makes of one."""
    operations = [_operation(text) for text in group.generators]
    operations += [(np.eye(3), np.array(shift)) for shift in group.centring]
    places = [place % 1]
    for known in places:  # grows while it is walked through
        for turn, shift in operations:
            image = (turn @ known + shift) % 1
            if all(np.abs((image - other + 0.5) % 1 - 0.5).max() > SAME_PLACE for other in places):
                places.append(image)
    return np.array(places)


def _operation(text: str) -> tuple[Floats, Floats]:
    """Read a symmetry operation: rotation and translation.

    >>> _operation("-y,x-y,z+1/2")[0].astype(int).tolist(), _operation("-y,x-y,z+1/2")[1].tolist()
    ([[0, -1, 0], [1, -1, 0], [0, 0, 1]], [0.0, 0.0, 0.5])
    """
    turn, shift = np.zeros((3, 3)), np.zeros(3)
    for row, part in enumerate(text.split(",")):
        for sign, axis in re.findall(r"([+-]?)([xyz])", part):
            turn[row, "xyz".index(axis)] = -1 if sign == "-" else 1
        for above, below in re.findall(r"\+(\d)/(\d)", part):
            shift[row] = int(above) / int(below)
    return turn, shift


def _cubic(a: float) -> tuple[float, float, float, float, float, float]:
    return a, a, a, 90, 90, 90


CRYSTALS: Mapping[str, Crystal] = {
    "Al2O3": Crystal("R-3c", (4.7588, 4.7588, 12.992, 90, 90, 120), [("Al", 0, 0, 0.3522), ("O", 0.3062, 0, 0.25)]),
    "Li2CO3": Crystal(
        "C2/c",
        (8.359, 4.977, 6.200, 90, 114.8, 90),
        [("Li", 0.197, 0.448, 0.834), ("C", 0, 0.066, 0.25), ("O", 0, 0.321, 0.25), ("O", 0.1459, -0.0656, 0.3127)],
    ),
    "Li2MnO3": Crystal(
        "C2/m",
        (4.930, 8.530, 5.025, 90, 109.4, 90),
        [
            ("Li", 0, 0.5, 0),
            ("Li", 0, 0, 0.5),
            ("Li", 0, 0.661, 0.5),
            ("Mn", 0, 0.167, 0),
            ("O", 0.219, 0, 0.227),
            ("O", 0.254, 0.321, 0.223),
        ],
    ),
    "LiMn2O4": Crystal(
        "Fd-3m", _cubic(8.245), [("Li", 0.125, 0.125, 0.125), ("Mn", 0.5, 0.5, 0.5), ("O", 0.2627, 0.2627, 0.2627)]
    ),
    "LiMnO2": Crystal(
        "Pmmn",
        (2.806, 4.574, 5.754, 90, 90, 90),
        [("Li", 0.25, 0.25, 0.123), ("Mn", 0.25, 0.25, 0.635), ("O", 0.25, 0.75, 0.144), ("O", 0.25, 0.75, 0.602)],
    ),
    "MnCO3": Crystal(
        "R-3c", (4.773, 4.773, 15.642, 90, 90, 120), [("Mn", 0, 0, 0), ("C", 0, 0, 0.25), ("O", 0.2698, 0, 0.25)]
    ),
    "MnO": Crystal("Fm-3m", _cubic(4.444), [("Mn", 0, 0, 0), ("O", 0.5, 0.5, 0.5)]),
    "MnO2": Crystal("P42/mnm", (4.400, 4.400, 2.874, 90, 90, 90), [("Mn", 0, 0, 0), ("O", 0.305, 0.305, 0)]),
    "Mn2O3": Crystal("Ia-3", _cubic(9.410), [("Mn", 0, 0, 0), ("Mn", 0.285, 0, 0.25), ("O", 0.129, 0.147, -0.084)]),
    "Mn3O4": Crystal(
        "I41/amd", (5.763, 5.763, 9.456, 90, 90, 90), [("Mn", 0, 0.75, 0.125), ("Mn", 0, 0, 0.5), ("O", 0, 0.472, 0.26)]
    ),
    "NaCl": Crystal("Fm-3m", _cubic(5.640), [("Na", 0, 0, 0), ("Cl", 0.5, 0.5, 0.5)]),
    "Si": Crystal("Fd-3m", _cubic(5.431), [("Si", 0.125, 0.125, 0.125)]),
}
"""Structures as refinements of such powders find them, rounded; a batch's own cell differs a little from them."""
