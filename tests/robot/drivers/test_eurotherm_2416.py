import pytest

from hardware_sim.emulators.modbus_rtu import crc
from robot.device_settings import Eurotherm2416Settings
from robot.drivers.eurotherm_2416 import Eurotherm2416
from robot.drivers.modbus import RTU, messages
from robot.errors import CommandRefused, DeviceFault, LimitExceeded, NotReachable, ReplyLost
from robot.interfaces import Segment
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = Eurotherm2416Settings(model="eurotherm_2416", port="-", max_temperature_c=350)
RESET, RUN, WAITS_FOR_CHAMBER, END = 1, 2, 8, 16


def ask(address: int, count: int = 1) -> bytes:
    return RTU.frame(1, messages.ask_registers(address, count), 0)


def with_crc(frame: bytes) -> bytes:
    """By the emulators' own table: a second opinion on pymodbus."""
    return frame + crc(frame)


def reads(address: int, *values: int) -> Exchange:
    reply = bytes((1, 3, 2 * len(values))) + b"".join((value & 0xFFFF).to_bytes(2, "big") for value in values)
    return Exchange(ask(address, len(values)), with_crc(reply))


def writes(address: int, value: int, is_heard: bool = True) -> Exchange:
    request = RTU.frame(1, messages.set_register(address, value), 0)
    return Exchange(request, request if is_heard else b"")


HANDSHAKE = [reads(122, 0x2416), reads(525, 1), reads(111, 3000, 0), reads(8330, 1), reads(23, RESET)]


def furnace(*exchanges: Exchange) -> tuple[Eurotherm2416, ReplayPort]:
    port = ReplayPort([*HANDSHAKE, *exchanges])
    furnace = Eurotherm2416("furnace", Wire(port, quarantine_s=0.0), SETTINGS)
    furnace.connect()
    return furnace, port


def test_another_controller_is_refused_before_anything_is_written() -> None:
    port = ReplayPort([reads(122, 0x3216)] * 2)
    furnace = Eurotherm2416("furnace", Wire(port), SETTINGS)

    with pytest.raises(NotReachable, match="3216h"):
        furnace.connect()
    with pytest.raises(NotReachable):
        furnace.make_safe()


def test_a_controller_without_the_register_is_another() -> None:
    port = ReplayPort([Exchange(ask(122), bytes.fromhex("01 83 02 C0 F1"))])

    with pytest.raises(NotReachable, match="does not know the register"):
        Eurotherm2416("furnace", Wire(port), SETTINGS).connect()


def test_limits_narrow_to_those_of_the_panel() -> None:
    with pytest.raises(LimitExceeded):
        furnace()[0].load_programme([Segment(target_c=301.0, rate_c_per_min=10.0, dwell_min=1.0)])


@pytest.mark.parametrize(
    "segments",
    [
        [],
        [Segment(100.0, 10.0, 1.0)] * 8,
        [Segment(100.0, 0.0, 1.0)],
        [Segment(100.0, 10.0, 1000.0)],
        [Segment(float("nan"), 10.0, 1.0)],
    ],
)
def test_a_programme_that_cannot_be_stored_is_refused_before_a_byte_is_sent(segments: list[Segment]) -> None:
    with pytest.raises(LimitExceeded):
        furnace()[0].load_programme(segments)


def test_counts_are_scaled_by_the_panels_decimal_places() -> None:
    bench, _ = furnace(reads(1, -5, 0, 0, 505, 1400), reads(23, WAITS_FOR_CHAMBER), reads(258, 1))

    state = bench.read_state()

    assert (state.temperature_c, state.setpoint_c, state.output_fraction) == (-0.5, 140.0, 0.505)
    assert (state.programme, state.sensor_broken) == ("running", True)


def test_an_unknown_programmer_state_is_a_fault() -> None:
    bench, _ = furnace(reads(1, 0, 0, 0, 0, 0), reads(23, 3))

    with pytest.raises(DeviceFault, match="state 3"):
        bench.read_state()


def test_only_what_differs_is_written() -> None:
    bench, port = furnace(reads(23, RESET), reads(24, 0))

    bench.stop_programme()

    assert port.is_finished


def test_a_write_whose_reply_was_lost_is_read_back_and_not_repeated_if_it_is_there() -> None:
    bench, port = furnace(reads(23, RUN), writes(23, RESET, is_heard=False), reads(23, RESET), reads(24, 0))

    bench.stop_programme()

    assert port.is_finished


def test_a_write_whose_reply_was_lost_is_repeated_once_if_it_is_not_there() -> None:
    lost, heard = writes(24, 0, is_heard=False), writes(24, 0)
    bench, port = furnace(reads(23, RESET), reads(24, 800), lost, reads(24, 800), heard, reads(24, 0))

    bench.stop_programme()

    assert port.is_finished


def test_a_word_that_reads_back_otherwise_is_refused() -> None:
    bench, _ = furnace(reads(23, RESET), reads(24, 800), writes(24, 0), reads(24, 800), writes(24, 0), reads(24, 800))

    with pytest.raises(CommandRefused, match="register 24 was set to 0 and reads 800"):
        bench.stop_programme()


def test_a_programmer_that_does_not_start_is_told_twice_and_no_more() -> None:
    stays = [writes(23, RUN), reads(23, RESET)] * 2
    bench, port = furnace(reads(23, RESET), reads(258, 0), reads(23, RESET), *stays)

    with pytest.raises(CommandRefused, match="its programmer is idle"):
        bench.start_programme()

    assert port.is_finished


def test_a_broken_thermocouple_forbids_to_heat() -> None:
    with pytest.raises(CommandRefused, match="thermocouple"):
        furnace(reads(23, RESET), reads(258, 1))[0].start_programme()


def test_a_programme_that_ended_must_be_stopped_first() -> None:
    with pytest.raises(CommandRefused, match="ended"):
        furnace(reads(23, END))[0].start_programme()


def test_a_silent_controller_is_not_safe() -> None:
    silent = Exchange(ask(23))

    with pytest.raises(ReplyLost):
        furnace(*[silent] * 3)[0].make_safe()
