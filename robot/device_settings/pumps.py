"""What lab.yaml says of pumps: a syringe behind a valve, and one with a single line."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from robot.liquid_handlers import LiquidHandlerSettings, PipetteSettings, Way, single_line
from robot.strict import Name


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
