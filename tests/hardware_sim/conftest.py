"""A simulated film bench under a clock that tests turn by hand."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.modbus_rtu import crc
from hardware_sim.faults import Fault
from hardware_sim.laboratory import Laboratory
from hardware_sim.wire.loopback import DialledLoopback, Loopback
from robot.config import LabConfig
from robot.geometry import BenchPoint

SAFE_MM = 120.0
ARMS = Path(__file__).parents[1] / "conformance" / "benches" / "arms.yaml"


class KnownTruth:
    """100 S/cm for every film."""

    def mean_s_per_cm(self, blend: Mapping[str, float], anneal_c: float, anneal_min: float) -> float:
        return 100.0

    def conductivity_s_per_cm(
        self, blend: Mapping[str, float], anneal_c: float, anneal_min: float, rng: np.random.Generator
    ) -> float:
        return 100.0


@dataclass
class Hands:
    """Whole actions on the bench, in the bytes of the manuals."""

    laboratory: Laboratory
    clock: VirtualClock
    lab: LabConfig

    def say(self, device: str, data: bytes) -> bytes:
        return self.laboratory.receive(device, data)

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)
        self.laboratory.world.advance_to(self.clock.now_s())

    def arm(self, number: int, ctrl: int, body: bytes = b"") -> bytes:
        payload = bytes((number, ctrl)) + body
        return self.say("arm", b"\xaa\xaa" + bytes((len(payload),)) + payload + bytes((-sum(payload) & 0xFF,)))

    def go(self, point: BenchPoint) -> None:
        self.arm(240, 1)
        self.arm(84, 3, b"\x02" + np.array([point.x_mm, point.y_mm, point.z_mm, 0.0], "<f4").tobytes())
        self.wait(10)

    def grip(self, closed: bool) -> None:
        self.arm(240, 1)
        self.arm(63, 3, bytes((1, closed)))
        self.wait(2)

    def carry(self, start: tuple[str, int], to: tuple[str, int]) -> None:
        for (site, place), closed in ((start, True), (to, False)):
            point = self.lab.sites[site].point(place)
            self.go(point.at_height(SAFE_MM))
            self.go(point)
            self.grip(closed)
            self.go(point.at_height(SAFE_MM))

    def pump(self, text: str) -> bytes:
        """Run a command string to its end; return the answer to the string itself."""
        answer = self.say("pipette", f"/1{text}\r".encode())
        self.wait(30)
        return answer

    def dose(self, port: int, increments: int, to_port: int) -> None:
        self.pump(f"I{port}A{increments}R")
        self.pump(f"I{to_port}A0R")

    def furnace(self, body: str) -> bytes:
        frame = bytes.fromhex(body)
        return self.say("furnace", frame + crc(frame))

    def register(self, address: int) -> int:
        reply = self.furnace(f"0103{address:04x}0001")
        return int.from_bytes(reply[3:5], "big", signed=True)

    def write(self, address: int, value: int) -> bytes:
        return self.furnace(f"0106{address:04x}{value:04x}")

    def programme(self, to_c: float, rate_c_per_min: float, hold_min: float) -> None:
        """Ramp, dwell, step to 0 °C, end in reset."""
        words = [1, round(to_c * 10), round(rate_c_per_min * 10), 0, 0, 0, 0, 0, 3, 0, round(hold_min * 10)]
        for offset, word in enumerate([*words, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]):
            self.write(8336 + offset, word)

    def heat(self, to_c: float, rate_c_per_min: float, hold_min: float) -> None:
        self.programme(to_c, rate_c_per_min, hold_min)
        self.write(23, 2)

    def probe(self, text: str) -> bytes:
        return self.say("probe", text.encode() + b"\n")

    def cast_film(self, place: int = 0) -> None:
        """A dry film of p3ht and l_swnt, annealed at 140 °C, in a place of the chamber."""
        self.carry(("vials", place), ("booth", 0))
        self.pump("Z0,0,9R")
        self.dose(1, 1500, 6)
        self.dose(2, 3000, 6)
        self.carry(("substrates", 0), ("casting", 0))
        self.dose(6, 450, 7)
        self.carry(("casting", 0), ("chamber", place))
        self.heat(140, 10, 20)
        self.wait(3 * 3600)


MakeHands = Callable[..., Hands]


@pytest.fixture
def make_hands(lab: LabConfig) -> Iterator[MakeHands]:
    with ExitStack() as open_laboratories:

        def make(seed: int = 7, faults: tuple[Fault, ...] = (), log: Path | None = None) -> Hands:
            clock = VirtualClock()
            laboratory = Laboratory(lab, clock, seed, truth=KnownTruth(), faults=faults, log=log)
            open_laboratories.callback(laboratory.close)
            return Hands(laboratory, clock, lab)

        yield make


@pytest.fixture
def hands(make_hands: MakeHands) -> Hands:
    return make_hands()


class Caller:
    """One connection to a device of the bench of arms, and the clock to let time pass by."""

    def __init__(self, laboratory: Laboratory, clock: VirtualClock, device: str, channel: str = "") -> None:
        port = laboratory.port(device, channel)
        assert isinstance(port, Loopback | DialledLoopback)
        self.port, self._clock = port, clock

    def say(self, data: bytes) -> bytes:
        self.port.write(data)
        return self.port.read(timeout_s=0.0)

    def wait(self, seconds: float) -> bytes:
        self._clock.jump_to(self._clock.now_s() + seconds)
        return self.port.read(timeout_s=0.0)


Call = Callable[..., Caller]


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def laboratory(clock: VirtualClock) -> Laboratory:
    return Laboratory(LabConfig.load(ARMS), clock, seed=7)


@pytest.fixture
def call(laboratory: Laboratory, clock: VirtualClock) -> Call:
    return lambda device, channel="": Caller(laboratory, clock, device, channel)
