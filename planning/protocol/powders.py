"""Verbs for powders."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from planning.protocol.fields import AT, POWDER_DOSER, POWDER_HANDLER, Action, Blend, Kind, Positive
from robot.config import Name


class DosePowder(Action):
    """Let powder, or a blend of powders one after the other, fall into a vessel.

    `blend` gives mass fractions; parts below `leave_out_below` are left out and the rest scaled up.
    """

    VESSELS: ClassVar[tuple[str, ...]] = ("into",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": POWDER_DOSER}

    into: Name
    at: Name | None = AT
    with_: Name = Field(alias="with")
    mass_mg: Positive
    powder: Name | None = Field(default=None, description="one powder, by name")
    blend: Blend | None = Field(default=None, description="or mass fractions of several")
    tolerance_mg: float = Field(default=2.0, gt=0, description="of each powder")
    leave_out_below: float = Field(default=0.0, ge=0, lt=0.5)

    @model_validator(mode="after")
    def _of_one_thing(self) -> Self:
        if (self.powder is None) == (self.blend is None):
            raise ValueError("say either powder, the name of one, or blend, fractions of several")
        return self


class Shake(Action):
    """Shake the powder in a vessel with a ball: it is mixed, and a cake is broken."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": POWDER_HANDLER}

    what: Name
    with_: Name = Field(alias="with")
    for_min: Positive
    speed_rpm: int = Field(default=2000, gt=0)


class TransferPowder(Action):
    """Tap powder over from a vessel into another, until so much has come or more."""

    VESSELS: ClassVar[tuple[str, ...]] = ("from_", "into")
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": POWDER_HANDLER}

    from_: Name = Field(alias="from")
    into: Name
    with_: Name = Field(alias="with")
    mass_mg: Positive
