"""`lab.yaml`: which devices a bench has, where things stand, what is in store. Real or simulated, the same file."""

from math import pi
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from robot.address import is_network_address
from robot.deck import Grid, TipComb, TipRack, Well, WellPlace
from robot.files import FileProblem, load_document
from robot.geometry import BenchPoint
from robot.labware import LIBRARY, Labware
from robot.liquid_handlers import (
    AIR_GAP_UL,
    BLOW_OUT_UL,
    LiquidHandlerSettings,
    PipetteSettings,
    TipPipetteSettings,
    Way,
    single_line,
)
from robot.materials import Materials
from robot.strict import Name, Strict


class DobotMagicianSettings(Strict):
    """A Dobot Magician with its gripper."""

    model: Literal["dobot_magician"]
    port: str
    speed_mm_per_s: float = Field(default=150.0, gt=0, le=320)
    acceleration_mm_per_s2: float = Field(default=300.0, gt=0, le=1000)
    grip_sensor: int | None = Field(
        default=None, ge=1, le=20, description="the EIO pin that a light barrier between its jaws hangs on, if one does"
    )


class GrblGantrySettings(Strict):
    """A gantry under GRBL 1.1; coolant on (M8) lets air open its gripper, off (M9) closes it."""

    model: Literal["grbl_gantry"]
    port: str
    home_mm: tuple[float, float, float] = Field(
        description="where the tool stands at machine zero", examples=[[400.0, 300.0, 150.0]]
    )
    travel_mm: tuple[float, float, float] = Field(
        description="how far it goes from there, towards lower x, y and z", examples=[[400.0, 600.0, 150.0]]
    )
    speed_mm_per_s: float = Field(default=100.0, gt=0, le=500, description="no more than $110 to $112 allow")
    acceleration_mm_per_s2: float = Field(default=200.0, gt=0, le=5000, description="as $120 to $122 say")
    grip_sensor: Literal["probe"] | None = Field(
        default=None, description="the input that a light barrier between its jaws hangs on, if one does"
    )


class SmoothieGantrySettings(Strict):
    """A gantry under Smoothieware, as Opentrons speaks it; output on (M42) lets air open its gripper, off (M43) closes it."""

    model: Literal["smoothie_gantry"]
    port: str
    home_mm: tuple[float, float, float] = Field(
        description="where the tool stands on the bench when it is home", examples=[[400.0, 300.0, 200.0]]
    )
    homed_at_mm: tuple[float, float, float] = Field(
        description="what the machine counts there: alpha_max, beta_max and gamma_max", examples=[[418.0, 353.0, 218.0]]
    )
    travel_mm: tuple[float, float, float] = Field(
        description="how far it goes from there, towards lower x, y and z", examples=[[400.0, 300.0, 200.0]]
    )
    speed_mm_per_s: float = Field(default=100.0, gt=0, le=500, description="no more than M203.1 allows")
    acceleration_mm_per_s2: float = Field(default=200.0, gt=0, le=5000, description="as M204 says")
    grip_sensor: Literal["probe"] | None = Field(
        default=None, description="the input that a light barrier between its jaws hangs on, if one does"
    )


class PreciseFlexPf400Settings(Strict):
    """A PreciseFlex 400 with its servo gripper, under the maker's TCP command server."""

    model: Literal["preciseflex_pf400"]
    port: str = Field(description="host, or host:port,port of the robot's and the status server")
    column_mm: float = Field(default=400.0, gt=0, le=1160, description="travel of its column")
    open_mm: float = Field(default=100.0, ge=60, le=135, description="between the fingers")
    closed_mm: float = Field(default=70.0, ge=60, le=135, description="a little less than what it is to hold")
    speed_mm_per_s: float = Field(default=150.0, gt=0, le=500)
    acceleration_mm_per_s2: float = Field(default=500.0, gt=0, le=2500)
    grip_sensor: int | None = Field(
        default=None, ge=1, description="the digital signal of a light barrier between its fingers, if there is one"
    )


class UrESeriesSettings(Strict):
    """A Universal Robots arm of the e-Series in remote control; its gripper hangs on a digital output."""

    model: Literal["ur_eseries"]
    port: str = Field(description="host, or host:port,port,port of dashboard, URScript and RTDE")
    size: Literal["ur3e", "ur5e", "ur10e"] = "ur5e"
    foot_mm: tuple[float, float, float] = Field(
        default=(0.0, 0.0, 0.0), description="where its foot stands on the bench, upright, its x along the bench's"
    )
    gripper_output: int = Field(default=0, ge=0, le=7, description="the standard digital output that closes it")
    grip_s: float = Field(default=0.5, gt=0, le=5, description="how long the jaws take")
    speed_mm_per_s: float = Field(default=150.0, gt=0, le=1000)
    acceleration_mm_per_s2: float = Field(default=300.0, gt=0, le=2500)
    grip_sensor: int | None = Field(
        default=None, ge=0, le=7, description="the digital input of a light barrier between its jaws, if there is one"
    )


ArmSettings = (
    DobotMagicianSettings | GrblGantrySettings | PreciseFlexPf400Settings | SmoothieGantrySettings | UrESeriesSettings
)


class CavroSettings(PipetteSettings):
    """A Tecan Cavro syringe pump with a distribution valve; `valve` says what hangs on each port."""

    model: Literal["cavro_xcalibur", "cavro_xlp_6000"]
    port: str
    address: int = Field(default=1, ge=1, le=15)
    protocol: Literal["dt", "oem"] = Field(default="dt", description="oem has a checksum and may repeat safely")
    syringe_ul: float = Field(default=1000.0, ge=50, le=5000)
    valve: dict[Annotated[int, Field(ge=1, le=9)], Name] = Field(min_length=1, examples=[{1: "water", 9: "waste"}])
    reaches: dict[Name, Name] = Field(default={}, description="valve port to the site its line ends at")
    waste: Name = Field(default="waste", description="the valve port for what is thrown away")
    flow_ul_per_s: float = Field(default=150.0, gt=0)
    min_volume_ul: float = Field(default=5.0, gt=0)

    way: ClassVar[Way] = "valve"

    @property
    def stroke_ul(self) -> float:
        """A full stroke."""
        return self.syringe_ul

    @property
    def pace_ul_per_s(self) -> float:
        """As it is set."""
        return self.flow_ul_per_s

    @property
    def sources(self) -> tuple[str, ...]:
        """All that hangs on its valve."""
        return tuple(self.valve.values())

    @property
    def waste_line(self) -> str:
        """A port."""
        return self.waste

    def line_at(self, site: str, place: int) -> str | None:
        """The port whose line ends there."""
        return single_line(self.reaches, site, place)

    @model_validator(mode="after")
    def _each_port_once(self) -> Self:
        names = list(self.valve.values())
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} hangs on two valve ports; give each port its own name")
        for name in (*self.reaches, self.waste):
            if name not in names:
                raise ValueError(f"no valve port is called {name!r}; there are {', '.join(names)}")
        return self


class FurnaceSettings(Strict):
    """A furnace, whoever made its controller."""

    port: str
    max_temperature_c: float = Field(gt=0, le=1800, examples=[350.0])
    handle_below_c: float = Field(default=60.0, gt=0, description="the arm may reach in below this")
    atmosphere: Name = Field(default="air", description="the gas that it is under")
    follows_c_per_min: float = Field(default=15.0, gt=0, description="the fastest ramp that the chamber keeps up with")
    cooling_min: float = Field(
        default=20.0, gt=0, description="switched off it loses 63 % of its excess over the room in so long"
    )


class EurothermSettings(FurnaceSettings):
    """A furnace behind a Eurotherm controller."""

    unit: int = Field(default=1, ge=1, le=247)
    identity: int | None = Field(
        default=None, ge=0, le=0xFFFF, description="what register 122 says here, once a person has read the label"
    )


class Eurotherm2416Settings(EurothermSettings):
    """A furnace behind a Eurotherm 2416."""

    model: Literal["eurotherm_2416"]


class Eurotherm3216PSettings(EurothermSettings):
    """A furnace behind a Eurotherm 3216P."""

    model: Literal["eurotherm_3216p"]


class EurothermEPC3016Settings(EurothermSettings):
    """A furnace behind a Eurotherm EPC3016: by Ethernet at host:502, by EIA-485 at a serial port."""

    model: Literal["eurotherm_epc3016"]

    @property
    def is_on_ethernet(self) -> bool:
        """Does it talk Modbus TCP?"""
        return is_network_address(self.port)


class YudianAI518PSettings(FurnaceSettings):
    """A furnace behind a Yudian AI-518P, AI-708P or AI-719P that talks AIBUS."""

    model: Literal["yudian_ai518p"]
    address: int = Field(default=1, ge=0, le=80)


class Keithley2400Settings(Strict):
    """A Keithley 2400 on a four-point probe."""

    model: Literal["keithley_2400"]
    port: str
    max_current_a: float = Field(default=0.01, gt=0, le=1.05)
    max_voltage_v: float = Field(default=20.0, gt=0, le=210)


class NewEraNE1000Settings(LiquidHandlerSettings):
    """A New Era NE-1000: one syringe, one line. It does not know what the syringe holds; `filled_ul` says so."""

    model: Literal["new_era_ne1000"]
    port: str
    address: int = Field(default=0, ge=0, le=99)
    syringe_ul: float = Field(ge=10, le=140_000, examples=[5000.0])
    diameter_mm: float = Field(
        ge=0.1, le=80, description="inside the syringe: volume and speed follow from it", examples=[12.06]
    )
    holds: Name = Field(description="the stock that the syringe was filled with", examples=["water"])
    filled_ul: float = Field(ge=0, description="what was in it when its counters were cleared", examples=[4000.0])
    reaches: Name = Field(description="the site that its line ends at", examples=["beaker"])
    watchdog_s: int = Field(default=10, ge=0, le=255, description="it stops after so long a silence; 0 is never")
    flow_ul_per_s: float = Field(default=50.0, gt=0)
    min_volume_ul: float = Field(default=10.0, gt=0)

    way: ClassVar[Way] = "plunger"

    @property
    def stroke_ul(self) -> float:
        """All that was filled in."""
        return self.filled_ul

    @property
    def pace_ul_per_s(self) -> float:
        """As it is set."""
        return self.flow_ul_per_s

    @property
    def sources(self) -> tuple[str, ...]:
        """The one stock that is in its syringe."""
        return (self.holds,)

    def line_at(self, site: str, place: int) -> str | None:
        """Its only line, called after the site."""
        return single_line({self.reaches: self.reaches}, site, place)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.filled_ul > self.syringe_ul:
            raise ValueError("filled_ul is more than syringe_ul")
        return self


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
    def waste_line(self) -> str:
        """A well."""
        return self.waste

    @property
    def tip_places(self) -> range:
        """Those of one rack of 96."""
        return range(self.first_tip, 96)

    def line_at(self, site: str, place: int) -> str | None:
        """The well where that vessel stands."""
        return single_line(self.reaches, site, place)

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


class MettlerBalanceSettings(Strict):
    """A Mettler-Toledo balance that speaks MT-SICS; it weighs what stands on the site inside it."""

    model: Literal["mettler_mt_sics"]
    port: str
    capacity_g: float = Field(default=220.0, gt=0)
    readability_mg: float = Field(default=0.1, gt=0)


class PowderDiffractometerSettings(Strict):
    """A powder diffractometer that speaks our open protocol; it measures what stands on the site inside it."""

    model: Literal["powder_diffractometer"]
    port: str
    min_angle_deg: float = Field(default=5.0, ge=5, le=140, description="2θ below which the beam passes by the sample")
    max_angle_deg: float = Field(default=140.0, ge=5, le=140)


class IkaRctSettings(Strict):
    """An IKA hotplate-stirrer with NAMUR commands; it heats and stirs what stands on the site inside it."""

    model: Literal["ika_rct_digital"]
    port: str
    max_temperature_c: float = Field(default=310.0, ge=20, le=310)
    max_speed_rpm: float = Field(default=1500.0, ge=50, le=1500)
    has_probe: bool = Field(default=True, description="does a temperature probe dip into the vessel?")
    watchdog_s: int = Field(default=60, ge=20, le=1500, description="it switches off after so long a silence")


class PowderDoserSettings(Strict):
    """A powder doser that speaks our open protocol; it doses into what stands on the site inside it."""

    model: Literal["powder_doser"]
    port: str
    hoppers: dict[Annotated[int, Field(ge=1, le=64)], Name] = Field(
        min_length=1, description="which powder is in which hopper", examples=[{1: "li2co3", 2: "mno"}]
    )
    min_mass_mg: float = Field(default=5.0, gt=0)
    max_mass_mg: float = Field(default=10_000.0, gt=0)
    min_tolerance_mg: float = Field(default=1.0, gt=0, description="no dose is asked to be finer than this")
    watchdog_s: int = Field(default=300, ge=0, le=3600, description="a dose ends after so long a silence; 0 is never")

    @model_validator(mode="after")
    def _each_powder_once(self) -> Self:
        names = list(self.hoppers.values())
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is in two hoppers; give each powder of a lot its own name")
        return self


class PowderHandlerSettings(Strict):
    """A station that shakes and transfers powders and speaks our open protocol."""

    model: Literal["powder_handler"]
    port: str
    reaches: dict[Literal["source", "target"], Name] = Field(
        min_length=2,
        description="the sites of what is shaken and emptied, and of what is filled",
        examples=[{"source": "shaker", "target": "funnel"}],
    )
    max_speed_rpm: float = Field(default=2000.0, gt=0, le=3000)
    watchdog_s: int = Field(default=300, ge=0, le=3600, description="it stops after so long a silence; 0 is never")


class OpenCvCameraSettings(Strict):
    """A camera that OpenCV can open by number or path, or whose snapshots answer at an http address."""

    model: Literal["opencv"]
    source: int | str
    sees: list[Name] = Field(min_length=1, max_length=1, description="the site in view")


DeviceSettings = Annotated[
    ArmSettings
    | CavroSettings
    | NewEraNE1000Settings
    | OpentronsOT2Settings
    | GantryPipetteSettings
    | Eurotherm2416Settings
    | Eurotherm3216PSettings
    | EurothermEPC3016Settings
    | YudianAI518PSettings
    | Keithley2400Settings
    | MettlerBalanceSettings
    | IkaRctSettings
    | PowderDoserSettings
    | PowderHandlerSettings
    | PowderDiffractometerSettings
    | OpenCvCameraSettings,
    Field(discriminator="model"),
]


class Site(Grid):
    """A place, or a grid of places, where vessels stand.

    A `stack` is a spring magazine: that many on one spot, the topmost always at `origin_mm`. A `bin` swallows
    whatever is dropped into it.
    """

    holds: str | None = Field(default=None, description="the labware that fits here")
    full: bool = Field(default=False, description="does a vessel stand on every place at the start?")
    stack: int = Field(default=0, ge=0, description="how many lie in this magazine at the start")
    inside: Name | None = Field(default=None, description="the device this place belongs to")
    bin: bool = False

    @property
    def stock(self) -> int:
        """How many vessels are here at the start."""
        return self.stack or (self.places if self.full else 0)

    def point(self, place: int = 0) -> BenchPoint:
        """Where the gripper takes hold at a place, counted row by row; in a stack every place is the top."""
        return super().point(0 if self.stack or self.bin else place)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.full or self.stack) and self.holds is None:
            raise ValueError("a site that is full or stacked must say which labware it holds")
        if self.stack and self.grid != (1, 1):
            raise ValueError("a stack stands on one place; leave out grid")
        return self


class Stock(Strict):
    """A liquid in store, known by the name of its valve port."""

    volume_ml: float = Field(gt=0)
    dead_volume_ml: float = Field(default=0.5, ge=0, description="what the line cannot reach")
    concentration_mg_per_ml: float = Field(default=0.0, ge=0)
    solvent: str | None = None


class PowderStock(Strict):
    """A powder in store: one phase, loose, in the hopper of a doser or a bottle."""

    phase: str = Field(min_length=1, description="its formula, as diffraction names it", examples=["Li2CO3"])
    mass_g: float = Field(gt=0)
    bulk_density_g_per_ml: float = Field(default=1.0, gt=0, le=25, description="as it lies loose")


class LabConfig(Strict):
    """A bench. `simulation` is read by the simulated laboratory alone; the planner reads `interlocks`, `recovery`,
    `patience` and `notify`.
    """

    bench: str = Field(min_length=1)
    devices: dict[Name, DeviceSettings] = Field(min_length=1)
    sites: dict[Name, Site] = Field(min_length=1)
    groups: dict[Name, Annotated[list[Name], Field(min_length=1)]] = Field(
        default={},
        description="devices, or sites, that are alternatives: a protocol may name the group",
        examples=[{"box_furnace": ["box_1", "box_2"]}],
    )
    stocks: dict[Name, Stock] = {}
    powders: dict[Name, PowderStock] = {}
    labware: dict[str, Labware] = {}
    materials: Materials = Field(default=Materials(), description="what is not in our table, or is otherwise here")
    travel_height_mm: float = Field(default=120.0, description="the arm carries things at this height")
    interlocks: list[object] = []
    recovery: list[object] = []
    patience: object = None
    notify: list[object] = []
    simulation: dict[str, object] = {}

    def ware(self, name: str) -> Labware:
        """Look up a kind of labware, the bench's own before the library's; raise KeyError."""
        return self.labware.get(name) or LIBRARY[name]

    @model_validator(mode="after")
    def _groups_are_alternatives(self) -> Self:
        group_of: dict[str, str] = {}
        for group, members in self.groups.items():
            if group in self.devices or group in self.sites:
                raise ValueError(f"groups.{group}: a device or a site has this name already; choose another")
            for name in members:
                if name not in self.devices and name not in self.sites:
                    raise ValueError(f"groups.{group}: no device and no site is called {name!r}; "
                                     f"there are {', '.join([*self.devices, *self.sites])}")  # fmt: skip
                if group_of.setdefault(name, group) != group or members.count(name) > 1:
                    raise ValueError(f"groups.{group}: {name} is in a group already; name it once")
            models = {self.devices[name].model for name in members if name in self.devices}
            if len(models) + any(name in self.sites for name in members) > 1:
                raise ValueError(f"groups.{group}: {', '.join(members)} are not of one kind; "
                                 "put devices of one model, or sites, into a group")  # fmt: skip
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for name, site in self.sites.items():
            if site.inside is not None and site.inside not in self.devices:
                raise ValueError(f"sites.{name}.inside: no device is called {site.inside!r}; "
                                 f"there are {', '.join(self.devices)}")  # fmt: skip
            if site.holds is not None and site.holds not in {*self.labware, *LIBRARY}:
                raise ValueError(f"sites.{name}.holds: no labware is called {site.holds!r}; "
                                 f"there are {', '.join(sorted({*self.labware, *LIBRARY}))}")  # fmt: skip
        for name, device in self.devices.items():
            if isinstance(device, PipetteSettings | PowderHandlerSettings):
                for line, site_name in device.reaches.items():
                    if site_name not in self.sites:
                        raise ValueError(f"devices.{name}.reaches.{line}: no site is called {site_name!r}; "
                                         f"there are {', '.join(self.sites)}")  # fmt: skip
            if isinstance(device, NewEraNE1000Settings):
                for field, name_there, known in (
                    ("reaches", device.reaches, [*self.sites]),
                    ("holds", device.holds, [*self.stocks]),
                ):
                    if name_there not in known:
                        raise ValueError(f"devices.{name}.{field}: nothing is called {name_there!r}; "
                                         f"there are {', '.join(known)}")  # fmt: skip
            if isinstance(device, PowderDoserSettings):
                for hopper, powder in device.hoppers.items():
                    if powder not in self.powders:
                        raise ValueError(f"devices.{name}.hoppers.{hopper}: no powder is called {powder!r}; "
                                         f"there are {', '.join(self.powders) or 'none: add powders:'}")  # fmt: skip
            if isinstance(device, OpenCvCameraSettings):
                for site_name in device.sees:
                    if site_name not in self.sites:
                        raise ValueError(f"devices.{name}.sees: no site is called {site_name!r}; "
                                         f"there are {', '.join(self.sites)}")  # fmt: skip
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a file.

        Raises:
            FileProblem: everything that is wrong with it, by field.
        """
        return load_document(cls, path)


__all__ = ["FileProblem", "LabConfig", "Name", "Site", "Stock", "Strict"]
