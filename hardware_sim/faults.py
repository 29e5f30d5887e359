"""What the simulator does to us on purpose. Faults are planned before the run and strike on the emulators' side."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hardware_sim.wire.noise import NOISES, LineNoise
from robot.config import CavroSettings, FurnaceSettings, LabConfig, OpenCvCameraSettings, Strict
from robot.files import load_document


class FaultSyntax(ValueError):
    """A wish for faults that cannot be read: what was written, and what may be."""


@dataclass(frozen=True)
class LostReply:
    """The device does its `nth` acting command, and nobody hears its answer."""

    device: str
    nth: int


@dataclass(frozen=True)
class ShortAspirate:
    """The `nth` large draw of ink takes in a bubble.

    Draws of an ink (a stock with solids in it) count from `least_fraction` of the syringe on: a bubble in a small
    draw hides in the doubt of any camera.
    """

    device: str
    nth: int
    air_fraction: float = 0.6
    least_fraction: float = 0.4


@dataclass(frozen=True)
class ThermocoupleBreak:
    """The thermocouple's circuit opens `after_min` into the `nth` programme, and closes again `lasts_min` later.

    A broken wire often touches again as it cools; whoever did not stop the programme will see it heat on.
    """

    device: str
    nth: int
    after_min: float
    lasts_min: float = 10.0


Fault = LostReply | ShortAspirate | ThermocoupleBreak | LineNoise

KINDS = ("lost-reply", "short-aspirate", "thermocouple-break", *NOISES)
HELP = f"write {', '.join(KINDS)}, each as kind, kind:N, kind@device or kind@device:N, with commas between"
DRAWN_UP_TO = {"lost-reply": 12, "short-aspirate": 8, "thermocouple-break": 3} | dict.fromkeys(NOISES, 200)
"""The highest N that is drawn when none is given: early enough for a short campaign."""


class FaultPlan(Strict):
    """A file of faults: under `faults:` a list of wishes, each as on the command line."""

    faults: list[str]


def wishes_in(text: str) -> str:
    """The wishes themselves, or those that a plan lists if `text` names a YAML file.

    Raises:
        FileProblem: the plan cannot be read.
    """
    return ",".join(load_document(FaultPlan, Path(text)).faults) if text.endswith((".yaml", ".yml")) else text


def parse_faults(text: str, rng: np.random.Generator, lab: LabConfig) -> tuple[Fault, ...]:
    """Read a wish such as `lost-reply@arm:12,short-aspirate:3,thermocouple-break`; draw what it leaves open.

    Raises:
        FaultSyntax: an unknown kind or device, or a number that is no count; the message says what is allowed.
    """
    return tuple(_parse(word.strip(), rng, lab) for word in text.split(",") if word.strip())


def _parse(word: str, rng: np.random.Generator, lab: LabConfig) -> Fault:
    target, _, number = word.partition(":")
    kind, at, device = target.partition("@")
    if kind not in KINDS:
        raise FaultSyntax(f"{word!r}: no fault is called {kind!r}; {HELP}")
    able = _devices_able(kind, lab)
    if not able:
        raise FaultSyntax(f"{word!r}: this bench has no device for it")
    if at and device not in able:
        raise FaultSyntax(f"{word!r}: {kind} can strike {', '.join(able)}, not {device!r}")
    if number and (not number.isdecimal() or int(number) < 1):
        raise FaultSyntax(f"{word!r}: {number!r} is no count from 1; {HELP}")
    drawn_device, drawn_nth = able[rng.integers(len(able))], int(rng.integers(1, DRAWN_UP_TO[kind] + 1))
    after_min = round(float(rng.uniform(3, 12)), 1)  # always drawn, so that one wish does not shift the next
    device, nth = device or drawn_device, int(number) if number else drawn_nth
    match kind:
        case "lost-reply":
            return LostReply(device, nth)
        case "short-aspirate":
            return ShortAspirate(device, nth)
        case "thermocouple-break":
            return ThermocoupleBreak(device, nth, after_min)
        case _:
            return LineNoise(device, kind, nth)


def _devices_able(kind: str, lab: LabConfig) -> list[str]:
    match kind:
        case "short-aspirate":
            return [name for name, settings in lab.devices.items() if isinstance(settings, CavroSettings)]
        case "thermocouple-break":
            return [name for name, settings in lab.devices.items() if isinstance(settings, FurnaceSettings)]
        case _:
            return [name for name, settings in lab.devices.items() if not isinstance(settings, OpenCvCameraSettings)]
