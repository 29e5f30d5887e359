"""Benches on loopback wires whose far side can be deafened: what every conformance suite stands on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.faults import ailments_of
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig
from robot.device_settings import DeviceSettings, OpenCvCameraSettings
from robot.fleet import Fleet, open_fleet
from robot.wire.base import Port
from robot.wire.video import VideoSource

FILM_BENCH = Path(__file__).parents[2] / "examples" / "film_bench" / "lab.yaml"
BENCHES = Path(__file__).parent / "benches"


@dataclass
class Troubles:
    """What befalls one device, on all its wires."""

    sent: list[bytes] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    is_deaf: bool = False
    acts_before_deafness: int | None = None


class FaultyPort:
    """A port of the simulated laboratory that writes down what is sent and loses replies on request.

    The ports of one device on several channels share their troubles.
    """

    def __init__(self, port: Port, count_acts: Callable[[], int], twin: "FaultyPort | None" = None) -> None:
        self._port = port
        self._count_acts = count_acts
        self._troubles = Troubles() if twin is None else twin._troubles

    @property
    def sent(self) -> list[bytes]:
        return self._troubles.sent

    def lose_reply(self, ahead: int = 1) -> None:
        """The answer to the request `ahead` from now will not be heard; the device acts all the same."""
        self._troubles.lost.add(len(self.sent) + ahead)

    def lose_all_replies(self) -> None:
        self._troubles.is_deaf = True

    def lose_all_replies_from_the_next_act_on(self) -> None:
        """The device will do what it is told next, and nobody hears anything of it any more."""
        self._troubles.acts_before_deafness = self._count_acts()

    def hear_again(self) -> None:
        self._troubles.is_deaf, self._troubles.acts_before_deafness = False, None

    def write(self, data: bytes) -> None:
        self.sent.append(data)
        self._port.write(data)
        acts_before = self._troubles.acts_before_deafness
        self._troubles.is_deaf |= acts_before is not None and self._count_acts() > acts_before

    def read(self, timeout_s: float) -> bytes:
        data = self._port.read(timeout_s)
        return b"" if self._troubles.is_deaf or len(self.sent) in self._troubles.lost else data

    def discard_input(self) -> None:
        self._port.discard_input()

    def close(self) -> None:
        self._port.close()


@dataclass
class SimulatedBench:
    """The devices of a bench, their wires, and the clock they live by.

    A wire bears the name of its device; one with several channels has one for each, too: `device-channel`.
    """

    lab: LabConfig
    clock: VirtualClock
    laboratory: Laboratory
    fleet: Fleet
    wires: dict[str, FaultyPort]

    def device(self, name: str) -> Any:
        return self.fleet.devices[name]

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)

    def befall(self, name: str, kind: str) -> None:
        """Let a device suffer something now."""
        self.laboratory.world.advance_to(self.clock.now_s())
        emulator: Any = self.laboratory.emulator(name)
        getattr(emulator, ailments_of(type(emulator))[kind].method)()

    def wait_until(self, is_so: Callable[[], bool], step_s: float = 0.5, at_most_s: float = 100.0) -> float:
        """Let time pass in steps until something is so; return how long it took."""
        begun_s = self.clock.now_s()
        while not is_so():
            assert self.clock.now_s() - begun_s < at_most_s, "it never came about"
            self.wait(step_s)
        return self.clock.now_s() - begun_s


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[SimulatedBench]:
    """The film bench, or the one of `BENCHES` that a test names by indirect parametrisation."""
    name = getattr(request, "param", "film_bench")
    lab = LabConfig.load(FILM_BENCH if name == "film_bench" else BENCHES / f"{name}.yaml")
    clock = VirtualClock()
    laboratory = Laboratory(lab, clock, seed=7)
    wires: dict[str, FaultyPort] = {}

    def line(name: str, settings: DeviceSettings, channel: str) -> Port | VideoSource:
        if isinstance(settings, OpenCvCameraSettings):
            return laboratory.video(name)
        port = FaultyPort(laboratory.port(name, channel), laboratory.emulator(name).acts.total, wires.get(name))
        wires.setdefault(name, port)
        return wires.setdefault(f"{name}-{channel}".strip("-"), port)

    with open_fleet(lab, line) as fleet:
        yield SimulatedBench(lab, clock, laboratory, fleet, wires)
