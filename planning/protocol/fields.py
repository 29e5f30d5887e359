"""Kinds of field that verbs share: figures that may be formulas over parameters, names, and what they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag

from planning.protocol.expressions import names_in, names_in_condition
from robot.config import Name, Strict
from robot.device_settings import (
    CavroSettings,
    FurnaceSettings,
    IkaRctSettings,
    Keithley2400Settings,
    MettlerBalanceSettings,
    PowderDiffractometerSettings,
    PowderDoserSettings,
    PowderHandlerSettings,
    VialCapperSettings,
)
from robot.liquid_handlers import LiquidHandlerSettings, PipetteSettings


class FormulaText(str):
    """The text of a formula, told apart from other texts when parameters are filled in."""

    __slots__ = ()


def _as_formula(text: str) -> FormulaText:
    if not text.startswith("$"):
        raise ValueError(
            f"{text!r} is neither a number nor a formula such as $name; the unit stands in the field's name"
        )
    names_in(text)
    return FormulaText(text)


def _as_condition(text: str) -> str:
    names_in_condition(text)
    return text


Formula = Annotated[str, AfterValidator(_as_formula), Tag("formula")]
_number_or_formula = Discriminator(lambda value: "formula" if isinstance(value, str) else "number")
Positive = Annotated[Annotated[float, Field(gt=0), Tag("number")] | Formula, _number_or_formula]
NotNegative = Annotated[Annotated[float, Field(ge=0), Tag("number")] | Formula, _number_or_formula]
Celsius = Annotated[Annotated[float, Field(ge=0, le=3000), Tag("number")] | Formula, _number_or_formula]
Figure = Annotated[Annotated[float, Tag("number")] | Formula, _number_or_formula]
Count = Annotated[Annotated[int, Field(ge=1, le=1000), Tag("number")] | Formula, _number_or_formula]
Blend = Annotated[
    Annotated[dict[Name, Annotated[float, Field(ge=0, le=1)]], Tag("number")] | Formula, _number_or_formula
]
Condition = Annotated[
    str,
    AfterValidator(_as_condition),
    Field(description="such as $anneal_c > 150, or mass_mg < 20 and phases.target >= 0.5; joined by and, or, not"),
]


@dataclass(frozen=True)
class Kind:
    """What a device must be for a verb: its word, and the settings in lab.yaml that make one."""

    word: str
    settings: tuple[type[Strict], ...]


LIQUID_HANDLER = Kind("pump or pipette", (LiquidHandlerSettings,))
PIPETTE = Kind("pipette that draws from vessels", (PipetteSettings,))
PUMP = Kind("pipette behind a valve", (CavroSettings,))
FURNACE = Kind("furnace", (FurnaceSettings,))
STIRRER = Kind("hotplate-stirrer", (IkaRctSettings,))
HEATER = Kind("furnace or hotplate", (FurnaceSettings, IkaRctSettings))
SOURCE_METER = Kind("source meter", (Keithley2400Settings,))
BALANCE = Kind("balance", (MettlerBalanceSettings,))
POWDER_DOSER = Kind("powder doser", (PowderDoserSettings,))
POWDER_HANDLER = Kind("powder handler", (PowderHandlerSettings,))
DIFFRACTOMETER = Kind("diffractometer", (PowderDiffractometerSettings,))
CAPPER = Kind("capper", (VialCapperSettings,))

AT = Field(default=None, description="the site inside the device; if it has one only, it may be left out")


class Action(Strict):
    """What a step does. Fields named after Python's own words carry an underscore in code, none in files.

    `VESSELS`, `SITES` and `DEVICES` say which fields name a vessel, a place to work at, and a device of which kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)

    VESSELS: ClassVar[tuple[str, ...]] = ()
    SITES: ClassVar[tuple[str, ...]] = ()
    DEVICES: ClassVar[Mapping[str, Kind]] = {}

    def vessels_used(self) -> list[str]:
        """The vessels that this is about."""
        return [name for field in self.VESSELS if (name := getattr(self, field)) is not None]


def formulas_in(value: Any) -> list[FormulaText]:
    """All formulas in a field, however deep."""
    match value:
        case FormulaText():
            return [value]
        case Strict():
            return [formula for part in vars(value).values() for formula in formulas_in(part)]
        case Mapping():
            return [formula for part in value.values() for formula in formulas_in(part)]
        case list() | tuple():
            return [formula for part in value for formula in formulas_in(part)]
    return []
