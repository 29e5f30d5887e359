"""Noise on the line, at any exchange: a driver reads what is true or says that it cannot; it never acts twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.fault_plan import LINE_KINDS, kinds_of
from hardware_sim.laboratory import Laboratory
from hardware_sim.wire.noise import LineNoise
from robot.config import LabConfig
from robot.device_settings import OpenCvCameraSettings
from robot.errors import DeviceError
from robot.fleet import open_fleet

from .conftest import BENCHES, FILM_BENCH

FILES = [FILM_BENCH, *sorted(BENCHES.glob("*.yaml"))]
EXCHANGES = range(1, 13)
UNCHECKED = {
    "cavro_xcalibur",
    "cavro_xlp_6000",
    "keithley_2400",
    "ika_rct_digital",
    "preciseflex_pf400",
    "grbl_gantry",
    "smoothie_gantry",
    "gantry_pipette",
    "mettler_mt_sics",
}
"""Their protocols carry no checksum: one digit that turned into another cannot be told from the truth."""
SPOILS_DIGITS = {"dropped-byte", "flipped-bit", "foreign-reply"}


def serial_devices() -> Iterator[Any]:
    """Every device of every bench that has a way to be asked for its state."""
    for file in FILES:
        for name, settings in LabConfig.load(file).devices.items():
            if not isinstance(settings, OpenCvCameraSettings):
                yield pytest.param(file, name, id=f"{file.parent.name}/{file.stem}: {settings.model} {name}")


class Connected:
    """A bench on which one device's line is noisy from after its introduction on."""

    def __init__(self, file: Path, name: str, kind: str, nth: int) -> None:
        lab = LabConfig.load(file)
        self.clock = VirtualClock()
        quiet = Laboratory(lab, VirtualClock(), seed=7)
        introduced = _exchanges_of_introduction(lab, quiet, name)
        self.laboratory = Laboratory(lab, self.clock, seed=7, faults=[LineNoise(name, kind, introduced + nth)])
        self.fleet = open_fleet(lab, self.laboratory.line)
        self.device: Any = self.fleet.devices[name]
        self.device.connect()


def _exchanges_of_introduction(lab: LabConfig, laboratory: Laboratory, name: str) -> int:
    """How many requests a device hears while it is connected."""
    with open_fleet(lab, laboratory.line) as fleet:
        fleet.devices[name].connect()
    return laboratory.requests[name]


def _skip_unless_struck(file: Path, name: str, kind: str) -> None:
    if kind not in kinds_of(LabConfig.load(file).devices[name]):
        pytest.skip("cannot befall this line")


def _read(device: Any) -> Any:
    ways = ("read_state", "read_output_is_on", "read_weight")
    return next(getattr(device, way) for way in ways if hasattr(device, way))()


@pytest.mark.parametrize("kind", LINE_KINDS)
@pytest.mark.parametrize(("file", "name"), list(serial_devices()))
def test_a_reading_is_true_or_not_given(file: Path, name: str, kind: str) -> None:
    _skip_unless_struck(file, name, kind)
    if kind in SPOILS_DIGITS and LabConfig.load(file).devices[name].model in UNCHECKED:
        pytest.skip("no checksum: a wrong digit cannot be told from a right one")
    for nth in EXCHANGES:
        bench = Connected(file, name, kind, nth)
        with bench.fleet:
            try:
                seen = _read(bench.device)
            except DeviceError:
                seen = None
            quiet = Laboratory(LabConfig.load(file), VirtualClock(), seed=7)
            with open_fleet(LabConfig.load(file), quiet.line) as fleet:
                twin: Any = fleet.devices[name]
                twin.connect()
                assert seen is None or seen == _read(twin), f"exchange {nth}"


def _act(device: Any) -> None:
    """One command of each kind of device that acts."""
    if hasattr(device, "start_move"):
        device.start_homing()
    elif hasattr(device, "start_turning_valve"):
        device.start_initialising(min(device.ports.values()))
    elif hasattr(device, "start_programme"):
        device.start_programme()
    elif hasattr(device, "start_dosing"):
        device.start_dosing(1, target_mg=500.0, tolerance_mg=2.0)
    elif hasattr(device, "start_scan"):
        device.start_scan(10.0, 20.0, 0.1, 0.1)
    else:
        device.make_safe()


@pytest.mark.parametrize("kind", LINE_KINDS)
@pytest.mark.parametrize(("file", "name"), list(serial_devices()))
def test_a_command_is_never_given_twice(file: Path, name: str, kind: str) -> None:
    _skip_unless_struck(file, name, kind)
    quiet = Connected(file, name, kind, 10_000)
    with quiet.fleet:
        try:
            _act(quiet.device)
        except DeviceError:
            pytest.skip("this device refuses to act before more is done for it")
        expected = quiet.laboratory.counts()[name]
    for nth in EXCHANGES:
        bench = Connected(file, name, kind, nth)
        with bench.fleet:
            admitted = True
            try:
                _act(bench.device)
            except DeviceError as error:
                admitted = error.may_have_acted
            acts = bench.laboratory.counts()[name]
            assert admitted or acts == {}, f"exchange {nth}: it acted and the error says that it cannot have"
            repeated = {verb for verb, times in acts.items() if times > expected.get(verb, 0)}
            assert not repeated, f"exchange {nth}: {repeated} more often than without noise"
