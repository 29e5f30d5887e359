"""Reading what is to go wrong: a line of wishes such as `collision@arm:12+0.5`, or a YAML file that lists them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from hardware_sim.emulators.catalog import emulator_for
from hardware_sim.emulators.gripper_mishaps import GripperMishaps
from hardware_sim.faults import Ailment, Count, Fault, LostReply, ShortAspirate, ThermocoupleBreak, ailments_of
from hardware_sim.laboratory import joined
from hardware_sim.wire.noise import ECHO, NETWORK_NOISES, NOISES, PULLED, LineNoise
from robot.config import LabConfig, Strict
from robot.device_settings import (
    CavroSettings,
    DeviceSettings,
    EurothermSettings,
    FurnaceSettings,
    OpenCvCameraSettings,
    YudianAI518PSettings,
)
from robot.files import load_document
from robot.settings import Wired, parts_of

WISH = re.compile(
    r"(?P<kind>[a-z-]+)(?:@(?P<device>\w+(?:/\w+)?))?(?::(?P<nth>[1-9]\d*))?(?:\+(?P<after_s>\d+(?:\.\d+)?))?", re.ASCII
)
LINE_KINDS = (*NOISES, *NETWORK_NOISES, PULLED, ECHO)
DRAWN_UP_TO = {"lost-reply": 12, "short-aspirate": 8, "thermocouple-break": 3} | dict.fromkeys(LINE_KINDS, 200)
"""The highest N that is drawn when none is given: early enough for a short campaign. Others: `AILMENT_UP_TO`."""
AILMENT_UP_TO = 12
ON_RS485 = (CavroSettings, EurothermSettings, YudianAI518PSettings)
"""Where several share two wires, one may hear oneself."""
RANDOM = "random"
"""`random:N` is N wishes of kinds and devices drawn from all that this bench can suffer."""


class FaultSyntax(ValueError):
    """A wish for faults that cannot be read: what was written, and what may be."""


class Wish(Strict):
    """One fault of a plan, as a mapping."""

    kind: str
    device: str = ""
    nth: int = Field(default=0, ge=0, description="at its nth command, request, draw or programme; 0: drawn")
    after_s: float | None = Field(default=None, ge=0, description="seconds after that; left out: drawn")

    def text(self) -> str:
        """As on the command line.

        >>> Wish(kind="collision", device="arm", nth=12, after_s=0.5).text()
        'collision@arm:12+0.5'
        """
        at, count = f"@{self.device}" * bool(self.device), f":{self.nth}" * bool(self.nth)
        return f"{self.kind}{at}{count}{'' if self.after_s is None else f'+{self.after_s:g}'}"


class FaultPlan(Strict):
    """A file of faults: under `faults:` a list of wishes, each as on the command line or as a mapping."""

    faults: Annotated[list[str | Wish], Field(min_length=1)]


def wishes_in(text: str) -> str:
    """The wishes themselves, or those that a plan lists if `text` names a YAML file.

    Raises:
        FileProblem: the plan cannot be read.
    """
    if not text.endswith((".yaml", ".yml")):
        return text
    wishes = load_document(FaultPlan, Path(text)).faults
    return ",".join(wish if isinstance(wish, str) else wish.text() for wish in wishes)


def sufferers(lab: LabConfig) -> dict[str, list[str]]:
    """All that can befall each device of a bench, by its name; what befalls a part of one, by device/part."""
    return {each: kinds for name, settings in lab.devices.items() for each, kinds in _within(name, settings).items()}


def _within(name: str, settings: DeviceSettings) -> dict[str, list[str]]:
    """A composed device suffers what its parts do; what a gripper would, none of them has."""
    parts = parts_of(settings)
    if "" in parts:
        return {name: kinds_of(settings)}
    of_grippers = ailments_of(GripperMishaps)
    return {name: sorted(ailments_of(emulator_for(settings)))} | {
        joined(name, part): [kind for kind in kinds_of(each) if kind not in of_grippers] for part, each in parts.items()
    }


def kinds_of(settings: DeviceSettings | Wired) -> list[str]:
    """All that can befall one device that is none of parts, by name."""
    kinds = list(ailments_of(emulator_for(settings)))
    if not isinstance(settings, OpenCvCameraSettings):
        kinds += ["lost-reply", *NOISES, *(NETWORK_NOISES if is_dialled(settings) else (PULLED,))]
    if isinstance(settings, ON_RS485) and not is_dialled(settings):
        kinds.append(ECHO)
    if isinstance(settings, CavroSettings):
        kinds.append("short-aspirate")
    if isinstance(settings, FurnaceSettings):
        kinds.append("thermocouple-break")
    return sorted(kinds)


def counted_in(kind: str, settings: DeviceSettings | Wired) -> Count:
    """What a wish's number counts, where it counts neither draws nor programmes: commands that act, or requests."""
    if kind == "lost-reply":
        return "acts"
    suffering = ailments_of(emulator_for(settings)).get(kind)
    return "requests" if suffering is None else suffering.counts


def is_dialled(settings: DeviceSettings | Wired) -> bool:
    """Is this device reached by connections over the network, which can be half open?"""
    return hasattr(emulator_for(settings), "channels")


def parse_faults(text: str, rng: np.random.Generator, lab: LabConfig) -> tuple[Fault, ...]:
    """Read wishes such as `lost-reply@arm:12,short-aspirate:3,random:5`; draw what they leave open.

    Raises:
        FaultSyntax: an unknown kind or device, or a number that is no count; the message says what is allowed.
    """
    able = sufferers(lab)
    return tuple(fault for word in text.split(",") if word.strip() for fault in _parse(word.strip(), rng, able))


def _parse(word: str, rng: np.random.Generator, able: dict[str, list[str]]) -> list[Fault]:
    kinds = sorted({kind for its_kinds in able.values() for kind in its_kinds})
    help_ = (
        f"write {', '.join(kinds)}, each as kind, kind:N, kind@device:N or "
        f"kind@device:N+SECONDS with N a count from 1, or {RANDOM}:N"
    )
    match = WISH.fullmatch(word)
    if match is None:
        raise FaultSyntax(f"{word!r} cannot be read; {help_}, with commas between")
    kind, device, nth, after_s = match.group("kind", "device", "nth", "after_s")
    if kind == RANDOM:
        drawn = [str(kind) for kind in rng.choice(kinds, int(nth or 1))]
        return [_draw(kind, _struck_by(kind, able), "", None, None, rng) for kind in drawn]
    if kind not in kinds:
        raise FaultSyntax(f"{word!r}: no fault of this bench is called {kind!r}; {help_}")
    struck = _struck_by(kind, able)
    meant = [each for each in struck if not device or device in (each, each.partition("/")[0])]
    if not meant:
        raise FaultSyntax(f"{word!r}: {kind} can strike {', '.join(struck)}, not {device!r}")
    return [_draw(kind, struck, meant[0] if device else "", nth, after_s, rng)]


def _struck_by(kind: str, able: dict[str, list[str]]) -> list[str]:
    return [name for name, kinds in able.items() if kind in kinds]


def _draw(
    kind: str, struck: list[str], device: str, nth: str | None, after_s: str | None, rng: np.random.Generator
) -> Fault:
    """Fill in what a wish leaves open; as much is drawn for each wish, so that one does not shift the next."""
    drawn_device = struck[rng.integers(len(struck))]
    drawn_nth = int(rng.integers(1, DRAWN_UP_TO.get(kind, AILMENT_UP_TO) + 1))
    drawn_min = round(float(rng.uniform(3, 12)), 1)
    drawn_s = round(float(rng.uniform(0, 2)), 2)
    device, count = device or drawn_device, int(nth or drawn_nth)
    make: dict[str, Callable[[], Fault]] = {
        "lost-reply": lambda: LostReply(device, count),
        "short-aspirate": lambda: ShortAspirate(device, count),
        "thermocouple-break": lambda: ThermocoupleBreak(device, count, drawn_min),
        **{noise: lambda: LineNoise(device, kind, count) for noise in LINE_KINDS},
    }
    return make.get(kind, lambda: Ailment(device, kind, count, float(after_s or drawn_s)))()
