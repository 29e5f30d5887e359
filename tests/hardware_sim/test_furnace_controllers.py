"""The 3216P, the EPC3016 and the AI-518P as their makers' manuals have them, by their own bytes."""

import struct
from pathlib import Path

import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.modbus_rtu import crc
from hardware_sim.faults import ThermocoupleBreak
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig

FURNACES = Path(__file__).parents[1] / "conformance" / "benches" / "furnaces.yaml"
RANGE_END = 13720


class Line:
    """One controller, spoken to in bytes."""

    def __init__(self, name: str, faults: tuple[ThermocoupleBreak, ...] = ()) -> None:
        self.clock = VirtualClock()
        self.laboratory = Laboratory(LabConfig.load(FURNACES), self.clock, seed=7, faults=faults)
        self.port = self.laboratory.port(name)

    def say(self, data: bytes) -> bytes:
        self.port.write(data)
        return self.port.read(0.0)

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)


class Rtu(Line):
    def register(self, address: int) -> int:
        request = struct.pack(">BBHH", 1, 3, address, 1)
        return int.from_bytes(self.say(request + crc(request))[3:5], "big", signed=True)

    def write(self, address: int, *words: int) -> bytes:
        many = struct.pack(f">BBHHB{len(words)}H", 1, 16, address, len(words), 2 * len(words), *words)
        return self.say(many + crc(many))

    def heat(self, dwell: int, target: int, ramp: int, end: int = 1) -> None:
        self.write(328, end)
        self.write(1280, dwell, target, ramp)
        self.write(23, 1)


class Aibus(Line):
    def ask(self, op: int, parameter: int, value: int = 0) -> tuple[int, int, int, int, int]:
        """Temperature, set-point, output, status, parameter."""
        total = parameter * 256 + op + value + 1
        reply = self.say(struct.pack("<BBBBhH", 0x81, 0x81, op, parameter, value, total & 0xFFFF))
        found = struct.unpack("<hhBBhH", reply)
        assert sum(struct.unpack("<HHBBHH", reply)[:3]) + found[3] * 256 + (found[4] & 0xFFFF) + 1 & 0xFFFF == found[5]
        return found[:5]

    def read(self, parameter: int) -> tuple[int, int, int, int, int]:
        return self.ask(0x52, parameter)

    def write(self, parameter: int, value: int) -> int:
        return self.ask(0x43, parameter, value)[4]

    def heat(self, *steps: tuple[int, int]) -> None:
        for number, (counts, minutes) in enumerate(steps):
            self.write(0x50 + 2 * number, counts)
            self.write(0x51 + 2 * number, minutes)
        self.write(0x1B, 0)


def test_a_1_runs_a_3216p_and_a_0_resets_it() -> None:
    furnace = Rtu("eurotherm_3216p")

    furnace.heat(dwell=20, target=1400, ramp=100)
    furnace.wait(60)
    assert (furnace.register(23), furnace.register(330)) == (1, 1)
    assert furnace.register(5) > 220

    furnace.write(23, 0)
    assert furnace.register(23) == 0


@pytest.mark.parametrize(("unit", "seconds"), [(0, 600), (1, 10)])
def test_a_dwell_of_a_3216p_is_counted_in_its_unit(unit: int, seconds: int) -> None:
    furnace = Rtu("eurotherm_3216p")
    furnace.write(321, unit)
    furnace.heat(dwell=10, target=220, ramp=0)

    furnace.wait(seconds)
    assert furnace.register(330) == 1
    furnace.wait(30)
    assert furnace.register(23) == 3


@pytest.mark.parametrize(("end", "state"), [(1, 3), (3, 0)])
def test_a_3216p_ends_as_it_was_told(end: int, state: int) -> None:
    furnace = Rtu("eurotherm_3216p")

    furnace.heat(dwell=0, target=300, ramp=100, end=end)
    furnace.wait(300)

    assert furnace.register(23) == state


def test_a_3216p_that_dwells_at_its_end_keeps_the_last_target() -> None:
    furnace = Rtu("eurotherm_3216p")

    furnace.heat(dwell=1, target=600, ramp=200)
    furnace.wait(1200)

    assert (furnace.register(23), furnace.register(5)) == (3, 0)  # the seven steps left over lead to 0 °C


def test_a_running_programme_of_a_3216p_cannot_be_edited() -> None:
    furnace = Rtu("eurotherm_3216p")
    furnace.heat(dwell=20, target=1400, ramp=100)

    assert furnace.write(1281, 100)[1] == 0x90


def test_a_3216p_has_no_registers_of_a_2416() -> None:
    furnace = Rtu("eurotherm_3216p")
    request = bytes((1, 3)) + (8330).to_bytes(2, "big") + b"\0\1"

    assert furnace.say(request + crc(request))[1:3] == b"\x83\x02"


def test_an_epc3016_answers_each_caller_with_his_own_numbers() -> None:
    line = Line("epc3016_ethernet")
    other = line.laboratory.port("epc3016_ethernet")
    asks = bytes.fromhex("0103007A0001")

    half = struct.pack(">HHH", 7, 0, 6) + asks[:2]
    line.port.write(half)
    other.write(struct.pack(">HHH", 9, 0, 6) + asks)
    line.port.write(asks[2:])

    assert other.read(0.0)[:2] == b"\0\x09"
    assert line.port.read(0.0) == struct.pack(">HHH", 7, 0, 5) + bytes.fromhex("0103023016")


def test_an_epc3016_knows_itself_by_any_unit_that_means_the_caller() -> None:
    line = Line("epc3016_ethernet")

    replies = [
        line.say(struct.pack(">HHH", 1, 0, 6) + bytes((unit,)) + bytes.fromhex("03007A0001")) for unit in (1, 255, 9)
    ]

    assert [reply[7] for reply in replies] == [3, 3, 0x83]


def test_an_epc3016_forgets_a_stream_that_is_no_modbus() -> None:
    line = Line("epc3016_ethernet")

    assert line.say(b"GET / HTTP/1.1\r\n\r\n") == b""
    assert line.say(struct.pack(">HHH", 1, 0, 6) + bytes.fromhex("010300170001"))[7] == 3


def test_a_broken_thermocouple_shows_in_the_status_of_an_epc3016() -> None:
    furnace = Rtu("eurotherm_epc3016", (ThermocoupleBreak("eurotherm_epc3016", nth=1, after_min=1.0),))
    furnace.write(8336, 1, 1000, 100)
    furnace.write(23, 2)

    furnace.wait(61)

    assert furnace.register(75) & 1 << 5
    assert (furnace.register(1), furnace.register(4)) == (RANGE_END, 0)


def test_every_answer_of_an_ai518p_brings_its_state_along() -> None:
    furnace = Aibus("yudian_ai518p")

    assert furnace.read(0x0C) == (220, 200, 0, 0, 1)


def test_an_ai518p_sets_out_from_its_first_step_and_goes_on_by_minutes() -> None:
    furnace = Aibus("yudian_ai518p")

    furnace.heat((200, 10), (1200, 5), (1200, -121))
    furnace.wait(300)
    assert furnace.read(0x1B)[1] == pytest.approx(700, abs=5)
    furnace.wait(330)
    assert furnace.read(0x1B)[1] == 1200


def test_an_ai518p_stops_itself_and_keeps_the_last_setpoint() -> None:
    furnace = Aibus("yudian_ai518p")

    furnace.heat((200, 1), (600, 1), (50, -121))
    furnace.wait(130)
    _, setpoint, output, _, state = furnace.read(0x1B)

    assert (setpoint, output, state) == (50, 0, 12)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        pytest.param([(200, 1), (400, 0)], 4, id="a time of 0 holds"),
        pytest.param([(200, 1), (400, 1), (400, -1)], 0, id="a negative one jumps"),
        pytest.param([(200, 1), (400, -1), (400, -2)], 0, id="back to the first"),
        pytest.param([(200, -1)], 12, id="a jump into itself stops"),
    ],
)
def test_times_that_are_none(steps: list[tuple[int, int]], state: int) -> None:
    furnace = Aibus("yudian_ai518p")

    furnace.heat(*steps)
    furnace.wait(150)

    assert furnace.read(0x1B)[4] == state


def test_an_ai518p_pauses_and_goes_on() -> None:
    furnace = Aibus("yudian_ai518p")
    furnace.heat((200, 10), (1200, 5), (1200, -121))
    furnace.wait(60)
    furnace.write(0x1B, 4)
    held = furnace.read(0x1B)[1]

    furnace.wait(600)
    assert furnace.read(0x1B)[1] == held
    furnace.write(0x1B, 0)
    furnace.wait(60)
    assert furnace.read(0x1B)[1] > held


@pytest.mark.parametrize(("parameter", "value"), [(0x00, 9000), (0x50, -5), (0x1B, 7), (0x0C, 2), (0xF0, 1)])
def test_what_an_ai518p_does_not_take_it_shows_by_the_old_value(parameter: int, value: int) -> None:
    furnace = Aibus("yudian_ai518p")
    before = furnace.read(parameter)[4]

    assert furnace.write(parameter, value) == before != value


def test_a_broken_thermocouple_of_an_ai518p_shows_in_its_status_and_cuts_the_heat() -> None:
    furnace = Aibus("yudian_ai518p", (ThermocoupleBreak("yudian_ai518p", nth=1, after_min=1.0),))
    furnace.heat((200, 10), (1200, 5), (1200, -121))

    furnace.wait(61)
    process_value, _, output, status, _ = furnace.read(0x1B)

    assert (process_value, output, status & 1 << 4) == (RANGE_END, 0, 1 << 4)


@pytest.mark.parametrize("noise", [b"\x00\xff", b"\x81", b"\x81\x81", b"\x81\x81\x52\x0c\x00\x00\x53\x0d"])
def test_a_request_is_found_behind_noise(noise: bytes) -> None:
    line = Line("yudian_ai518p")

    assert len(line.say(noise + bytes.fromhex("8181520C0000530C"))) == 10


def test_another_address_is_left_alone() -> None:
    assert Line("yudian_ai518p").say(bytes.fromhex("8282520C0000540C")) == b""
