"""Kinds of vessel: their geometry and what they bear."""

from functools import cache
from itertools import pairwise
from math import pi
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

Profile = tuple[tuple[float, float], ...]
"""The inside of a round vessel: height over the inner floor and radius there, in mm, from the floor to the brim."""
SLICES = 40
"""Of the height between two points of a profile; a level is off by less than a thousandth of that."""


class Cap(BaseModel):
    """The screw cap of a kind of vessel: polypropylene with a septum (assumed)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    mass_mg: float = Field(gt=0)
    max_temperature_c: float


class Labware(BaseModel):
    """One kind of vessel or plate.

    Sources: makers' drawings of a common 8 ml screw vial and a 1-inch glass slide; masses of vials and caps assumed, that of the
    slide from its volume at 2.5 mg/mm³, that of the alumina crucible at 3.8. Crucible, polypropylene jar and acrylic
    holder for diffraction are of usual sizes (assumed).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    kind: Literal["vial", "plate", "jar", "crucible", "holder"]
    outer_width_mm: float = Field(gt=0)
    inner_width_mm: float = Field(gt=0)
    height_mm: float = Field(gt=0)
    inner_height_mm: float = Field(gt=0, description="from the inner floor to the brim")
    capacity_ul: float = Field(gt=0, description="what it holds without spilling")
    max_temperature_c: float
    mass_mg: float = Field(default=0.0, ge=0, description="empty and open; 0 if nobody has weighed one")
    cap: Cap | None = Field(default=None, description="what closes it; none can be put on if left out")
    inner_profile_mm: Profile = Field(
        default=(), description="of a round vessel that is no cylinder: pairs of height over the inner floor and radius"
    )

    @model_validator(mode="after")
    def _profile_rises(self) -> Self:
        heights_mm = [height_mm for height_mm, _ in self.inner_profile_mm]
        if heights_mm and (
            len(heights_mm) < 2 or heights_mm != sorted({*heights_mm, 0.0}) or heights_mm[-1] != self.inner_height_mm
        ):
            raise ValueError("inner_profile_mm must rise from height 0 to inner_height_mm, two points at least")
        if any(radius_mm <= 0 for _, radius_mm in self.inner_profile_mm):
            raise ValueError("inner_profile_mm: radii lie above 0; a pointed foot begins with a small one")
        return self

    def fill_height_fraction(self, volume_ul: float) -> float:
        """Height of the surface of `volume_ul` above the inner floor, as a fraction of the inner height.

        >>> round(LIBRARY["vial-8ml"].fill_height_fraction(2000.0), 3)
        0.246
        """
        heights_mm, below_ul = self._filling()
        height_mm = float(np.interp(volume_ul, below_ul, heights_mm))
        per_mm = (below_ul[-1] - below_ul[-2]) / (heights_mm[-1] - heights_mm[-2])
        heaped_mm = max(0.0, volume_ul - float(below_ul[-1])) / float(per_mm)
        return (height_mm + heaped_mm) / self.inner_height_mm

    def volume_ul(self, fill_height_fraction: float) -> float:
        """Volume below a surface at that fraction of the inner height; none below the floor, nothing above the brim.

        >>> round(LIBRARY["vial-8ml"].volume_ul(0.246))
        1997
        """
        heights_mm, below_ul = self._filling()
        return float(np.interp(fill_height_fraction * self.inner_height_mm, heights_mm, below_ul))

    def _filling(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Heights over the inner floor, and the volume below each."""
        if self.inner_profile_mm:
            return _filling(self.inner_profile_mm)
        floor_mm2 = self.inner_width_mm**2 if self.kind == "plate" else pi * self.inner_width_mm**2 / 4
        return np.array([0.0, self.inner_height_mm]), np.array([0.0, floor_mm2 * self.inner_height_mm])


@cache
def _filling(profile_mm: Profile) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heights, and the volume below each: slices of cones, exact at every height given."""
    parts = [np.linspace(low, high, SLICES, endpoint=False) for (low, _), (high, _) in pairwise(profile_mm)]
    heights_mm = np.append(np.concatenate(parts), profile_mm[-1][0])
    radii_mm = np.interp(heights_mm, *np.array(profile_mm).T)
    low_mm, high_mm = radii_mm[:-1], radii_mm[1:]
    slices_ul = pi / 3 * np.diff(heights_mm) * (low_mm**2 + low_mm * high_mm + high_mm**2)
    return heights_mm, np.concatenate(([0.0], np.cumsum(slices_ul)))


LIBRARY: dict[str, Labware] = {
    ware.name: ware
    for ware in (
        Labware(name="vial-8ml", kind="vial", outer_width_mm=17.0, inner_width_mm=14.6, height_mm=60.0,
                inner_height_mm=48.5, capacity_ul=7800.0, max_temperature_c=200.0, mass_mg=9500.0,
                cap=Cap(mass_mg=1100.0, max_temperature_c=120.0)),
        Labware(name="vial-20ml", kind="vial", outer_width_mm=27.5, inner_width_mm=25.0, height_mm=57.0,
                inner_height_mm=44.0, capacity_ul=20000.0, max_temperature_c=200.0, mass_mg=15800.0,
                cap=Cap(mass_mg=2400.0, max_temperature_c=120.0)),
        Labware(name="glass-25mm", kind="plate", outer_width_mm=25.0, inner_width_mm=25.0, height_mm=1.0,
                inner_height_mm=1.0, capacity_ul=400.0, max_temperature_c=450.0, mass_mg=1560.0),
        Labware(name="jar-22ml", kind="jar", outer_width_mm=30.0, inner_width_mm=27.6, height_mm=42.0,
                inner_height_mm=37.0, capacity_ul=22000.0, max_temperature_c=100.0, mass_mg=8000.0,
                cap=Cap(mass_mg=2600.0, max_temperature_c=100.0)),
        Labware(name="crucible-10ml", kind="crucible", outer_width_mm=25.0, inner_width_mm=21.5, height_mm=30.0,
                inner_height_mm=27.8, capacity_ul=10000.0, max_temperature_c=1400.0, mass_mg=17600.0),
        Labware(name="xrd-holder", kind="holder", outer_width_mm=51.5, inner_width_mm=25.0, height_mm=8.5,
                inner_height_mm=1.0, capacity_ul=490.0, max_temperature_c=60.0, mass_mg=9000.0),
    )
}  # fmt: skip
