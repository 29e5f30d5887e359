"""Kinds of vessel: their geometry and what they bear."""

from math import pi
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


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

    def fill_height_fraction(self, volume_ul: float) -> float:
        """Height of the surface of `volume_ul` above the inner floor, as a fraction of the inner height.

        >>> round(LIBRARY["vial-8ml"].fill_height_fraction(2000.0), 3)
        0.246
        """
        floor_mm2 = self.inner_width_mm**2 if self.kind == "plate" else pi * self.inner_width_mm**2 / 4
        return volume_ul / floor_mm2 / self.inner_height_mm


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
