"""One device, emulated in real time behind a pseudo-terminal, a TCP port or a terminal server of RFC 2217."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import yaml
from pydantic import ValidationError

from hardware_sim.alone import DEVICE, bench_of_one, imagined, is_web
from hardware_sim.fault_plan import FaultSyntax, parse_faults, wishes_in
from hardware_sim.laboratory import Laboratory, joined
from hardware_sim.wire.doors import open_network, open_pty, open_rfc2217, open_tcp
from hardware_sim.wire.noise import LineDown
from hardware_sim.wire.uart import LineSettings
from hardware_sim.world.settings import SimulationSettings
from planning.errors import Refused
from robot.catalog import MODELS
from robot.clock import WallClock
from robot.config import LabConfig
from robot.interfaces import Camera
from robot.settings import SETTINGS, alone, parts_of
from robot.wire.base import PortUnavailable
from robot.wire.tcp_socket import parse_address

LOCAL = "127.0.0.1"
PLACEHOLDER = {"pty": "emulated{}", "rfc2217": "emulated{}", "tcp": "emulated{}:0"}

Kind = Literal["pty", "tcp", "rfc2217"]


@dataclass(frozen=True)
class Door:
    """How callers come in; `address` is host:port for tcp, a port for rfc2217, nothing for pty."""

    kind: Kind
    address: str = ""


@dataclass(frozen=True)
class Emulation:
    """A device ready to be served."""

    model: str
    lab: LabConfig
    lines: Mapping[str, LineSettings]
    """How each of its serial lines is set, by the wire's name."""
    door: Door


def prepare(model: str, door: Door, wishes: list[str]) -> Emulation:
    """Understand what is wished for.

    Args:
        model: a name of the catalogue.
        door: how callers come in.
        wishes: key=value, of the device's settings, its line, or the simulated world.

    Raises:
        Refused: an unknown model or key, or a value that will not do.
    """
    if model not in SETTINGS:
        raise Refused(f"no model is called {model!r}", f"Use one of {', '.join(MODELS)}")
    if MODELS[model].interface is Camera:
        raise Refused("a camera shows a bench, not itself", "Run a simulated bench: python -m hardware_sim.host")
    settings, line, simulation = _sorted(model, [_pair(wish) for wish in wishes])
    try:
        device = alone(model, imagined(model, PLACEHOLDER[door.kind]), settings)
        lab = bench_of_one(device, simulation)
    except ValidationError as err:
        told = "; ".join(f"{'.'.join(map(str, e['loc'][1:] or e['loc']))}: {e['msg']}" for e in err.errors())
        raise Refused(f"{model} cannot be set so: {told}", "Write --set key=value") from err
    if (MODELS[model].channels or is_web(model)) and door.kind != "tcp":
        raise Refused(f"{model} is on the network and has no serial line", "Use --tcp HOST:PORT")
    lines = {joined(DEVICE, part): replace(_line_of(own.model), **line) for part, own in parts_of(device).items()}
    return Emulation(model, lab, lines, door)


async def serve(emulation: Emulation, faults: str, seed: int, speed: float, announce: Callable[[str], None]) -> None:
    """Tell the address, then serve until SIGINT or SIGTERM.

    Raises:
        Refused: the faults cannot be read, or the address cannot be had.
    """
    try:
        planned = parse_faults(wishes_in(faults), np.random.default_rng(seed), emulation.lab)
    except FaultSyntax as err:
        raise Refused(str(err), "Write it so, or leave --faults out") from err
    laboratory = Laboratory(emulation.lab, WallClock(speed), seed, faults=planned)
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        async with _open(emulation, laboratory) as address:
            announce(address)
            await ended.wait()
    except (OSError, PortUnavailable) as err:
        raise Refused(f"cannot listen at {emulation.door.address}: {err}", "Choose another address") from err


@asynccontextmanager
async def _open(emulation: Emulation, laboratory: Laboratory) -> AsyncIterator[str]:
    channels = laboratory.channels(DEVICE)
    if channels or is_web(emulation.model):
        where = parse_address(emulation.door.address, channels or {"http": 80})
        host = next(iter(where.values()))[0]
        async with open_network(laboratory, DEVICE, host, {name: port for name, (_, port) in where.items()}) as ports:
            scheme = "" if channels else "http://"
            yield f"{scheme}{host}:{','.join(map(str, ports))}"
    else:
        async with AsyncExitStack() as stack:
            doors = _serial_doors(emulation, laboratory)
            yield ",".join([await stack.enter_async_context(door) for door in doors])


def _serial_doors(emulation: Emulation, laboratory: Laboratory) -> Iterator[AbstractAsyncContextManager[str]]:
    """One for each serial line; those on TCP have numbers of their own, those of a terminal server follow each other."""
    door, lines = emulation.door, emulation.lines
    tcp = parse_address(door.address, {wire: 4000 + n for n, wire in enumerate(lines)}) if door.kind == "tcp" else {}
    for n, (wire, line) in enumerate(lines.items()):
        hear = partial(_heard, laboratory, wire)
        match door.kind:
            case "pty":
                yield open_pty(hear, line)
            case "tcp":
                yield open_tcp(hear, line, *tcp[wire])
            case "rfc2217":
                first = int(door.address)
                yield open_rfc2217(hear, line, LOCAL, first and first + n)


def _heard(laboratory: Laboratory, wire: str, data: bytes) -> bytes:
    """What the device says; an address that was printed cannot change, so that a pulled cable is silence here."""
    with suppress(LineDown):
        return laboratory.hear(wire, data)
    return b""


def _line_of(model: str) -> LineSettings:
    return LineSettings(MODELS[model].baudrate, MODELS[model].bytesize, MODELS[model].parity)


def _pair(wish: str) -> tuple[str, Any]:
    key, equals, value = wish.partition("=")
    if not equals:
        raise Refused(f"--set {wish}: not of the form key=value", "Write for example --set max_temperature_c=1100")
    return key, yaml.safe_load(value)


def _sorted(model: str, pairs: list[tuple[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Say of each key whether it is the device's, its line's, or the world's."""
    homes: list[Mapping[str, object]] = [
        SETTINGS[model].model_fields, asdict(LineSettings()), SimulationSettings.model_fields
    ]  # fmt: skip
    found: tuple[dict[str, Any], ...] = ({}, {}, {})
    for key, value in pairs:
        for home, values in zip(homes, found, strict=True):
            if key in home and key != "model":
                values[key] = value
                break
        else:
            known = ", ".join(name for home in homes for name in home if name not in ("model", "port"))
            raise Refused(f"{model} has nothing called {key!r} to set", f"There are {known}")
    return found
