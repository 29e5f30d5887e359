"""Verbs that look, weigh and measure. What they find may be named with `as`, for conditions and for the report."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from planning.protocol.fields import BALANCE, SOURCE_METER, Action, Kind, Positive
from robot.config import Name


class Look(Action):
    """Bring a vessel before a camera and compare it with the step's expectation.

    With `as` nothing is given up if it looks wrong: what was seen is kept under that name for conditions, as
    `present`, `empty`, `liquid` and `solid` (probabilities), `fill` (of the inner height), and with an expectation
    `yes`, `no` and `unknown` (1 for the one that is the verdict).
    """

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)

    what: Name
    at: Name
    as_: Name | None = Field(default=None, alias="as")


class Weigh(Action):
    """Weigh a vessel with what is in it, once the balance is at rest."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": BALANCE}

    what: Name
    at: Name
    with_: Name = Field(alias="with")
    as_: Name = Field(alias="as", description="the mass in mg, vessel included")


class Measure(Action):
    """Measure the conductivity of a film with a four-point probe."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": SOURCE_METER}

    what: Name
    at: Name
    with_: Name = Field(alias="with")
    as_: Name = Field(alias="as")
    current_a: Positive
    compliance_v: Positive
    readings: int = Field(default=3, ge=1, le=100)
    density_mg_per_mm3: float = Field(gt=0, description="of the dry film; its thickness follows from the mass cast")
