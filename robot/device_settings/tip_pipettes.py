"""What lab.yaml says of pipettes with disposable tips."""

from math import pi
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from robot.deck import TipComb, TipRack, Well, WellPlace
from robot.device_settings.arms import GrblGantrySettings
from robot.device_settings.pumps import CavroSettings
from robot.liquid_handlers import AIR_GAP_UL, BLOW_OUT_UL, TipPipetteSettings, Way
from robot.strict import Name


class OpentronsOT2Settings(TipPipetteSettings):
    """One pipette of an Opentrons OT-2. `wells` names the wells it may visit, as slot/well, such as 2/A1."""

    model: Literal["opentrons_ot2"]
    port: str = Field(pattern=r"^https?://", description="such as http://10.0.0.2:31950")
    mount: Literal["left", "right"] = "right"
    pipette: str = Field(default="p300_single_gen2", pattern=r"^p(10|20|50|300|1000)_single(_gen2)?$")
    labware: dict[Annotated[int, Field(ge=1, le=11)], str] = Field(
        min_length=1,
        description="slot to load name",
        examples=[{2: "nest_12_reservoir_15ml", 9: "nest_1_reservoir_195ml", 11: "opentrons_96_tiprack_300ul"}],
    )
    wells: dict[Name, Annotated[str, Field(pattern=r"^([1-9]|1[01])/[A-P]([1-9]|1\d|2[0-4])$")]] = Field(
        min_length=2, examples=[{"water": "2/A1", "waste": "9/A1"}]
    )
    tips: int = Field(default=11, ge=1, le=11, description="the slot of the rack with the tips")
    first_tip: int = Field(
        default=0, ge=0, le=96, description="the first tip that stands in its rack, down the columns"
    )
    reaches: dict[Name, Name] = Field(default={}, description="well to the site whose vessel stands there")
    waste: Name = Field(default="waste", description="the well for what is thrown away")
    flow_ul_per_s: float = Field(default=90.0, gt=0)
    min_volume_ul: float = Field(default=20.0, gt=0)

    way: ClassVar[Way] = "tip"

    @property
    def syringe_ul(self) -> float:
        """What its tips hold."""
        return float(self.pipette.removeprefix("p").partition("_")[0])

    @property
    def stroke_ul(self) -> float:
        """A full tip."""
        return self.syringe_ul

    @property
    def pace_ul_per_s(self) -> float:
        """As it is set."""
        return self.flow_ul_per_s

    @property
    def sources(self) -> tuple[str, ...]:
        """All its wells."""
        return tuple(self.wells)

    @property
    def tip_places(self) -> range:
        """Those of one rack of 96."""
        return range(self.first_tip, 96)

    @model_validator(mode="after")
    def _stands_on_its_deck(self) -> Self:
        for name in (*self.reaches, self.waste):
            if name not in self.wells:
                raise ValueError(f"no well is called {name!r}; there are {', '.join(self.wells)}")
        for slot in (self.tips, *(int(well.partition("/")[0]) for well in self.wells.values())):
            if slot not in self.labware:
                raise ValueError(f"nothing stands in slot {slot}; labware has {', '.join(map(str, self.labware))}")
        return self


class GantryPipetteSettings(TipPipetteSettings):
    """A syringe pump whose tube ends in a nozzle on a gantry, with disposable tips: the home-made pipetting robot."""

    model: Literal["gantry_pipette"]
    gantry: GrblGantrySettings = Field(
        description="its tool is the nozzle's end; nothing hangs on its coolant output",
        examples=[{"model": "grbl_gantry", "home_mm": [400, 300, 200], "travel_mm": [400, 300, 200]}],
    )
    pump: CavroSettings = Field(
        description="its `waste` is the valve port that the nozzle's tube hangs on",
        examples=[{"model": "cavro_xcalibur", "valve": {1: "nozzle"}, "waste": "nozzle"}],
    )
    tips: TipRack = Field(
        examples=[{"origin_mm": [50, 20, 60], "grid": [12, 8], "pitch_mm": [9, 9], "tip_ul": 1000, "length_mm": 60}]
    )
    first_tip: int = Field(default=0, ge=0, description="the first tip that stands in its rack, row by row")
    comb: TipComb = Field(examples=[{"enter_mm": [340, 280], "under_mm": [370, 280]}])
    wells: dict[Name, Well] = Field(
        min_length=2,
        examples=[
            {
                "water": {"origin_mm": [220, 50, 5], "width_mm": 40, "depth_mm": 80},
                "waste": {"origin_mm": [220, 150, 5], "width_mm": 60, "depth_mm": 80},
            }
        ],
    )
    travel_height_mm: float = Field(
        default=90.0, description="the end of a tip goes sideways at this height or above, and nowhere else"
    )
    above_floor_mm: float = Field(default=1.0, gt=0, description="a tip's end goes no deeper into a well")
    immersion_mm: float = Field(default=3.0, gt=0, description="so deep below the surface a tip draws")
    reaches: dict[Name, Name] = Field(default={}, description="well to the site whose vessels stand there")
    waste: Name = Field(default="waste", description="the well for what is thrown away")

    way: ClassVar[Way] = "dip"

    @property
    def syringe_ul(self) -> float:
        """What a tip holds, and the syringe can draw."""
        return min(self.tips.tip_ul, self.pump.syringe_ul)

    @property
    def stroke_ul(self) -> float:
        """A full tip, less the air around the liquid."""
        return self.syringe_ul - BLOW_OUT_UL - AIR_GAP_UL

    @property
    def pace_ul_per_s(self) -> float:
        """As its pump is set."""
        return self.pump.flow_ul_per_s

    @property
    def sources(self) -> tuple[str, ...]:
        """All its wells."""
        return tuple(self.places)

    @property
    def waste_line(self) -> str:
        """A well; of a grid the first."""
        return next(name for name, place in self.places.items() if place.name == self.waste)

    @property
    def tip_places(self) -> range:
        """Those of its rack."""
        return range(self.first_tip, self.tips.places)

    def line_at(self, site: str, place: int) -> str | None:
        """The well where that vessel stands: those of a grid are the places of the site, in their order."""
        here = (name for name, at in self.places.items() if self.reaches.get(at.name) == site and at.number == place)
        return next(here, None)

    def dead_ul(self, line: str) -> float:
        """What stands below the lowest that a tip goes."""
        return pi * self.places[line].well.width_mm ** 2 / 4 * self.above_floor_mm

    @property
    def nozzle_travel_mm(self) -> float:
        """Where the nozzle's end is at travel height, tip or no tip."""
        return self.travel_height_mm + self.tips.length_mm

    @property
    def places(self) -> dict[str, WellPlace]:
        """Every single well by name; those of a grid are called name_0, name_1 and so on."""
        return {
            name if well.places == 1 else f"{name}_{number}": WellPlace(name, number, well)
            for name, well in self.wells.items()
            for number in range(well.places)
        }

    @model_validator(mode="after")
    def _stays_clear(self) -> Self:
        for name in (*self.reaches, self.waste):
            if name not in self.wells:
                raise ValueError(f"no well is called {name!r}; there are {', '.join(self.wells)}")
        tops_mm = {name: well.origin_mm[2] + well.hover_mm for name, well in self.wells.items()}
        for name, top_mm in {**tops_mm, "tips": self.tips.origin_mm[2]}.items():
            if top_mm > self.travel_height_mm:
                raise ValueError(f"{name} needs room up to {top_mm:g} mm: travel_height_mm must not be below that")
        highest_mm = self.nozzle_travel_mm + self.comb.strip_mm
        if self.gantry.home_mm[2] < highest_mm:
            raise ValueError(f"the gantry must go up to {highest_mm:g} mm: travel_height_mm, a tip, and strip_mm")
        return self
