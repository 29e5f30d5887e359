"""Verbs for liquids."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from planning.protocol.fields import LIQUID_HANDLER, PIPETTE, PUMP, Action, Blend, Kind, Positive
from robot.config import Name


class Dose(Action):
    """Dose a liquid, or a blend of stocks, into a vessel.

    `blend` gives weight fractions of the dissolved solids; volumes follow from the stocks' concentrations so that
    they sum to `volume_ul`. Parts below `leave_out_below` are left out and the rest scaled up.
    """

    VESSELS: ClassVar[tuple[str, ...]] = ("into",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": LIQUID_HANDLER}

    into: Name
    at: Name
    with_: Name = Field(alias="with")
    volume_ul: Positive
    liquid: Name | None = Field(default=None, description="one stock, by name")
    blend: Blend | None = Field(default=None, description="or weight fractions of the solids of several")
    leave_out_below: float = Field(default=0.0, ge=0, lt=0.5)

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if (self.liquid is None) == (self.blend is None):
            raise ValueError("say either liquid, the name of a stock, or blend, fractions of several")
        return self


class Transfer(Action):
    """Draw liquid from a vessel and put it into another."""

    VESSELS: ClassVar[tuple[str, ...]] = ("from_", "into")
    SITES: ClassVar[tuple[str, ...]] = ("at", "from_at")
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": PIPETTE}

    from_: Name = Field(alias="from")
    into: Name
    at: Name = Field(description="where `into` stands meanwhile: a site at which a line of the pipette ends")
    from_at: Name | None = Field(default=None, description="where `from` is brought to; where it stands if left out")
    with_: Name = Field(alias="with")
    volume_ul: Positive

    @model_validator(mode="after")
    def _of_two_vessels(self) -> Self:
        if self.from_ == self.into:
            raise ValueError(f"from and into are both {self.into!r}; to mix a vessel's content, use mix")
        return self


class Cast(Action):
    """Spread liquid from a vessel on a plate."""

    VESSELS: ClassVar[tuple[str, ...]] = ("from_", "onto")
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": PIPETTE}

    from_: Name = Field(alias="from")
    onto: Name
    at: Name
    with_: Name = Field(alias="with")
    volume_ul: Positive


class Mix(Action):
    """Mix a vessel's content by drawing some of it and pushing it back."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": PIPETTE}

    what: Name
    at: Name
    with_: Name = Field(alias="with")
    volume_ul: Positive
    cycles: int = Field(default=3, ge=1, le=50)


class Wash(Action):
    """Rinse a pump and its lines with a liquid into the waste. Who takes fresh tips has nothing to rinse."""

    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": PUMP}

    with_: Name = Field(alias="with")
    liquid: Name
    to: Name
    volume_ul: Positive
    cycles: int = Field(default=1, ge=1, le=20)
