"""The far side of all wires: emulators in this process, emulators in one of their own, or the devices that lab.yaml names."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any, Protocol

from console.runfolder import RunFolder, Setup
from planning.bench import Caller, call_in_thread, call_inline
from planning.errors import Refused
from robot.catalog import open_line
from robot.clock import Clock, WallClock
from robot.config import LabConfig
from robot.device_settings import DeviceSettings
from robot.fleet import Fleet, open_fleet
from robot.settings import moved
from robot.wire.base import Port
from robot.wire.video import VideoSource


@dataclass
class Far:
    """The far side of all wires, real or simulated, with the clock that both sides share."""

    fleet: Fleet
    clock: Clock
    call: Caller
    loop_options: dict[str, Any]
    setup: Setup


class Opening(Protocol):
    """Opens the far side of all wires; `resume_at_s` is when the journal to go on with ends, None for a new run."""

    def __call__(
        self, folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None
    ) -> AbstractContextManager[Far]:
        """Hold it open while inside."""


@contextmanager
def far_side(folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None) -> Iterator[Far]:
    """Open the wires that `setup` names."""
    sides = {"loopback": _loopback, "pty": _pty, "real": _real}
    with ExitStack() as stack:
        yield sides[setup.wires](stack, folder, lab, setup, resume_at_s)


def _loopback(stack: ExitStack, folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None) -> Far:
    """Emulators in this process, on virtual time; after a crash their world is rebuilt from its own log."""
    import numpy as np

    from hardware_sim.clock import VirtualClock
    from hardware_sim.fault_plan import parse_faults
    from hardware_sim.laboratory import Laboratory

    clock = VirtualClock(pace=setup.pace or inf)
    faults = parse_faults(setup.faults, np.random.default_rng(setup.seed), lab)
    if resume_at_s is None:
        laboratory = Laboratory(lab, clock, setup.seed, truth=setup.truth, faults=faults, log=folder.world_log)
    else:
        laboratory = Laboratory.replayed(lab, folder.world_log, clock, setup.seed, truth=setup.truth, faults=faults)
        clock.jump_to(resume_at_s)
    stack.callback(laboratory.close)

    fleet = stack.enter_context(open_fleet(lab, laboratory.line))
    return Far(fleet, clock, call_inline, {"loop_factory": clock.new_event_loop}, setup)


def _pty(stack: ExitStack, folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None) -> Far:
    """Emulators in a process of their own, on pseudo-terminals; it lives on when we do not."""
    if setup.addresses is None:
        setup = _start_host(folder, setup)
        folder.write_setup(setup)
    assert setup.addresses is not None
    addresses = setup.addresses

    def line(name: str, settings: DeviceSettings, channel: str) -> Port | VideoSource:
        return open_line(name, moved(name, settings, addresses), channel)

    fleet = stack.enter_context(open_fleet(lab, line))
    return Far(fleet, WallClock(setup.speed, setup.epoch_s), call_in_thread, {}, setup)


def _start_host(folder: RunFolder, setup: Setup) -> Setup:
    """Start the simulated laboratory's process and learn its addresses."""
    epoch_s = WallClock().epoch_s
    command = [
        sys.executable, "-m", "hardware_sim.host", str(folder.lab),
        "--seed", str(setup.seed), "--speed", str(setup.speed), "--epoch", repr(epoch_s),
        "--log", str(folder.world_log),
    ]  # fmt: skip
    command += ["--truth", setup.truth] if setup.truth else []
    command += ["--faults", setup.faults] if setup.faults else []
    first = _spawn(command, folder.path / "host.log")
    if not first:
        raise Refused("the simulated laboratory did not start", f"Read {folder.path / 'host.log'}")
    said = json.loads(first)
    (folder.path / "host.pid").write_text(f"{said['pid']}\n", encoding="utf-8")
    return replace(setup, addresses=said["addresses"], epoch_s=epoch_s)


def _spawn(command: list[str], errors: Path) -> str:
    """Start a process that outlives this one; return the first line it prints."""
    ours, its = os.pipe()
    write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions = [(os.POSIX_SPAWN_DUP2, its, 1), (os.POSIX_SPAWN_OPEN, 2, str(errors), write, 0o644)]
    os.posix_spawn(command[0], command, os.environ, file_actions=actions, setsid=True)
    os.close(its)
    with os.fdopen(ours, encoding="utf-8") as said:
        return said.readline()


def _real(stack: ExitStack, folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None) -> Far:
    """The devices that lab.yaml names."""
    fleet = stack.enter_context(open_fleet(lab))
    clock = WallClock(1.0, setup.epoch_s)
    if setup.epoch_s is None:
        setup = replace(setup, epoch_s=clock.epoch_s)
        folder.write_setup(setup)
    return Far(fleet, clock, call_in_thread, {}, setup)


def host_is_alive(folder: RunFolder) -> bool:
    """Does the process of a run's simulated laboratory still live?"""
    try:
        os.kill(int((folder.path / "host.pid").read_text(encoding="utf-8")), 0)
    except (OSError, ValueError):
        return False
    return True


def end_host(folder: RunFolder) -> None:
    """Let the process of a run's simulated laboratory go: nothing is left to go on with."""
    with contextlib.suppress(OSError, ValueError):
        os.kill(int((folder.path / "host.pid").read_text(encoding="utf-8")), signal.SIGTERM)
        (folder.path / "host.pid").unlink()
