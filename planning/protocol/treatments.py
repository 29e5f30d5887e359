"""Verbs that heat, cool and stir."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from planning.protocol.fields import AT, HEATER, STIRRER, Action, Celsius, Kind, NotNegative, Positive
from robot.config import Name, Strict


class Ramp(Strict):
    """One segment of a firing: to a temperature at a rate, and stay."""

    to_c: Celsius
    rate_c_per_min: Positive
    hold_min: NotNegative = 0.0


class Heat(Action):
    """Bring a vessel to a temperature, hold it there, let it cool.

    In a furnace at a rate; several segments are several ramps with their dwells. On a hotplate as fast as it can, and
    `stir_rpm` stirs meanwhile.
    """

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"in_": HEATER}

    what: Name
    in_: Name = Field(alias="in")
    at: Name | None = AT
    to_c: Celsius | None = None
    rate_c_per_min: Positive | None = Field(default=None, description="needed in a furnace")
    hold_min: NotNegative | None = None
    segments: list[Ramp] | None = Field(default=None, min_length=1, description="instead of one to_c, rate and hold")
    atmosphere: Name | None = Field(default=None, description="the gas that the furnace must be under; air if left out")
    stir_rpm: Positive | None = Field(default=None, description="on a hotplate-stirrer")

    @model_validator(mode="after")
    def _one_way_of_saying(self) -> Self:
        single = (self.to_c, self.hold_min)
        if self.segments is None and None in single:
            raise ValueError("say to_c and hold_min, or give segments")
        if self.segments is not None and (*single, self.rate_c_per_min) != (None, None, None):
            raise ValueError("say either segments or to_c, rate_c_per_min and hold_min, not both")
        return self

    def programme(self) -> list[tuple[float, float, float]]:
        """Target, rate (0 if none is given) and dwell of each segment, once the figures are filled in."""
        ramps = [(self.to_c, self.rate_c_per_min, self.hold_min)]
        if self.segments is not None:
            ramps = [(ramp.to_c, ramp.rate_c_per_min, ramp.hold_min) for ramp in self.segments]
        return [(float(to_c or 0), float(rate or 0), float(hold_min or 0)) for to_c, rate, hold_min in ramps]


class Cool(Action):
    """Wait until a furnace or hotplate is cool, with its heater off."""

    DEVICES: ClassVar[Mapping[str, Kind]] = {"in_": HEATER}

    in_: Name = Field(alias="in")
    below_c: Celsius
    give_up_after_min: float = Field(default=360.0, gt=0)


class Stir(Action):
    """Stir a vessel on a hotplate-stirrer for a while."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": STIRRER}

    what: Name
    at: Name | None = AT
    with_: Name = Field(alias="with")
    speed_rpm: Positive
    for_min: Positive
