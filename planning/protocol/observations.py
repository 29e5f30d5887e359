"""Verbs that look, weigh and measure. What they find may be named with `as`, for conditions and for the report."""

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from planning.protocol.fields import AT, BALANCE, DIFFRACTOMETER, SOURCE_METER, Action, Kind, Positive
from robot.config import Name
from robot.diffraction import CARDS
from robot.diffraction.fit import SHORTEST_DEG


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
    at: Name | None = AT
    with_: Name = Field(alias="with")
    as_: Name = Field(alias="as", description="the mass in mg, vessel included")


class Measure(Action):
    """Measure the conductivity of a film with a four-point probe."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": SOURCE_METER}

    what: Name
    at: Name | None = AT
    with_: Name = Field(alias="with")
    as_: Name = Field(alias="as")
    current_a: Positive
    compliance_v: Positive
    readings: int = Field(default=3, ge=1, le=100)
    density_mg_per_mm3: float = Field(gt=0, description="of the dry film; its thickness follows from the mass cast")


class Diffract(Action):
    """Take a powder pattern and find which phases are in it.

    With `of` the mass fraction of that phase is kept, for a campaign to make large, and a pattern that is not to be
    trusted sets the sample aside. Without, all fractions are kept by phase, and `doubts` counts the reasons for doubt.
    """

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": DIFFRACTOMETER}

    what: Name
    at: Name | None = AT
    with_: Name = Field(alias="with")
    as_: Name = Field(alias="as")
    of: str | None = Field(default=None, description="a phase, by its formula")
    phases: list[str] | None = Field(default=None, min_length=1, description="those that may be there; any if left out")
    start_deg: float = Field(default=10.0, gt=0, lt=160, description="2θ")
    end_deg: float = Field(default=80.0, gt=0, lt=160)
    step_deg: float = Field(default=0.02, gt=0, le=0.5)
    scan_min: Positive = Field(default=8.0, description="for the whole scan")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.end_deg - self.start_deg < SHORTEST_DEG:
            raise ValueError(f"start_deg={self.start_deg:g} to end_deg={self.end_deg:g} is too short; "
                             f"measure at least {SHORTEST_DEG:g}°")  # fmt: skip
        asked = [*(self.phases or ()), *([self.of] if self.of else ())]
        if unknown := sorted(set(asked) - set(CARDS)):
            raise ValueError(f"there is no card of {', '.join(unknown)}; there are {', '.join(sorted(CARDS))}")
        return self

    @property
    def seconds_per_step(self) -> float:
        """How long to count at each angle, once `scan_min` is a number."""
        return round(60 * float(self.scan_min) / (round((self.end_deg - self.start_deg) / self.step_deg) + 1), 4)
