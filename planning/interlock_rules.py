"""Interlocks that a lab file declares: what must hold of devices' states before a command may go out."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from math import isfinite
from types import UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from zlib import crc32

from pydantic import AfterValidator, Field

from planning.protocol.expressions import BadExpression, holds, parts_in_condition
from robot.config import LabConfig
from robot.device_settings import (
    ArmSettings,
    CavroSettings,
    FurnaceSettings,
    GantryPipetteSettings,
    IkaRctSettings,
    NewEraNE1000Settings,
    OpentronsOT2Settings,
    PowderDiffractometerSettings,
    PowderDoserSettings,
    PowderHandlerSettings,
    VialCapperSettings,
)
from robot.geometry import BenchPoint
from robot.interfaces import (
    Arm,
    ArmState,
    Capper,
    CapperState,
    Diffractometer,
    DiffractometerState,
    DippingPipette,
    DipState,
    Furnace,
    FurnaceState,
    PowderDoser,
    PowderDoserState,
    PowderHandler,
    PowderHandlerState,
    Repeat,
    Stirrer,
    StirrerState,
    SyringePump,
    SyringeState,
    TipPipette,
    TipState,
    verbs,
)
from robot.strict import OneOrMany, Strict

KNOWN: tuple[tuple[type | UnionType, type, type], ...] = (
    (ArmSettings, Arm, ArmState),
    (FurnaceSettings, Furnace, FurnaceState),
    (CavroSettings, SyringePump, SyringeState),
    (NewEraNE1000Settings, SyringePump, SyringeState),
    (OpentronsOT2Settings, TipPipette, TipState),
    (GantryPipetteSettings, DippingPipette, DipState),
    (IkaRctSettings, Stirrer, StirrerState),
    (PowderDoserSettings, PowderDoser, PowderDoserState),
    (PowderHandlerSettings, PowderHandler, PowderHandlerState),
    (VialCapperSettings, Capper, CapperState),
    (PowderDiffractometerSettings, Diffractometer, DiffractometerState),
)
"""Devices that have a state, by their settings: what may be asked of them, and what they answer."""
YES_NO = {"yes": 1.0, "no": 0.0}
Figures = dict[str, "float | Mapping[str, float]"]


def _check_condition(text: str) -> str:
    parts_in_condition(text)
    return text


def _check_command(text: str) -> str:
    device, dot, verb = text.partition(".")
    if not (device and dot and verb):
        raise ValueError(f"{text!r} is no command; write for example furnace.start_programme")
    if verb.startswith("stop_"):
        raise ValueError(f"{text!r} makes something safe; that is never held back")
    return text


class Interlock(Strict):
    """One rule. A figure that cannot be read counts as a rule that does not hold."""

    name: str = Field(min_length=1, description="for people", examples=["the hood is on before heating"])
    before: Annotated[list[Annotated[str, AfterValidator(_check_command)]], OneOrMany] = Field(
        min_length=1, description="one command or several, as device.verb", examples=["furnace.start_programme"]
    )
    require: Annotated[str, AfterValidator(_check_condition)] = Field(
        description="what must hold, of figures as device.figure", examples=["diffractometer.door == closed"]
    )

    @property
    def devices(self) -> list[str]:
        """Whose state it speaks of."""
        return sorted({name for name, part in parts_in_condition(self.require) if part})

    def is_met(self, states: Mapping[str, Any]) -> bool:
        """Does it hold? No, if a figure is not known."""
        figures: Figures = {}
        for device, state in states.items():
            known = {name: _number(value) for name, value in _flat(state).items()}
            figures[device] = {name: value for name, value in known.items() if value is not None}
        words = {name: _number(name) or 0.0 for name, part in parts_in_condition(self.require) if not part}
        try:
            return holds(self.require, words | YES_NO | figures)
        except BadExpression:
            return False

    def strangers(self, lab: LabConfig) -> Iterator[tuple[str, str, str]]:
        """What it names that this bench does not have: field, what, remedy."""
        for command in self.before:
            device, _, verb = command.partition(".")
            kind = _kind(lab, device)
            acting = [name for name, rule in verbs(kind[0]).items() if rule is not Repeat.READ] if kind else []
            if not kind:
                yield (
                    "before",
                    f"{device!r} is no device with a state; there are {', '.join(_stateful(lab))}",
                    "Correct it",
                )
            elif verb not in acting:
                told = [name for name in acting if not name.startswith("stop_")]
                yield (
                    "before",
                    f"{device} is never told to {verb!r}; it is told to {', '.join(told)}",
                    "Name one of them",
                )
        yield from self._strange_figures(lab)

    def _strange_figures(self, lab: LabConfig) -> Iterator[tuple[str, str, str]]:
        words = set(YES_NO)
        for device, part in parts_in_condition(self.require):
            kind = _kind(lab, device) if part else None
            there = _figures(kind[1]) if kind else {}
            words |= there.get(part, set())
            if part and not kind:
                yield (
                    "require",
                    f"{device!r} is no device with a state; there are {', '.join(_stateful(lab))}",
                    "Correct it",
                )
            elif part and part not in there:
                yield "require", f"{device} shows no {part!r}; it shows {', '.join(there)}", "Name one of them"
        for word, part in parts_in_condition(self.require):
            if not part and word not in words:
                yield "require", f"{word!r} is none of the words {', '.join(sorted(words))}", "Correct it"


def _kind(lab: LabConfig, device: str) -> tuple[type, type] | None:
    """A device's interface and state."""
    settings = lab.devices.get(device)
    return next(((verbs_, state) for known, verbs_, state in KNOWN if isinstance(settings, known)), None)


def _stateful(lab: LabConfig) -> list[str]:
    return [device for device in lab.devices if _kind(lab, device)]


def _figures(state: type) -> dict[str, set[str]]:
    """What a state shows that rules can speak of, each with its words if it has some."""
    found: dict[str, set[str]] = {}
    for name, hint in get_type_hints(state).items():
        kinds = [part for part in _parts(hint) if part is not type(None)]
        if BenchPoint in kinds:
            found |= {part.name: set() for part in fields(BenchPoint)}
        elif all(isinstance(kind, str) or kind in (int, float, bool, str) for kind in kinds):
            found[name] = {_word(kind) for kind in kinds if isinstance(kind, str)}
    return found


def _parts(hint: Any) -> Iterator[Any]:
    """The plain types and words of a union."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_args(hint) and (isinstance(hint, UnionType) or "Union" in str(get_origin(hint))):
        for part in get_args(hint):
            yield from _parts(part)
    else:
        yield hint


def _flat(state: Any) -> dict[str, Any]:
    """A state's figures by name, a point's among them."""
    found: dict[str, Any] = {}
    for field in fields(state):
        value = getattr(state, field.name)
        found |= _flat(value) if isinstance(value, BenchPoint) else {field.name: value}
    return found


def _number(value: Any) -> float | None:
    """A figure as conditions compare it; each word is a number of its own."""
    match value:
        case str():
            return float(crc32(_word(value).encode()))
        case bool() | int() | float() if isfinite(value):
            return float(value)
    return None


def _word(text: str) -> str:
    """A device's word as a condition spells it."""
    return text.replace("-", "_")
