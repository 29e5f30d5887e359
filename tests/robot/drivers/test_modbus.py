import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.emulators.modbus_rtu import crc
from robot.drivers.modbus import RTU, TCP, Framing, RegisterAccess, messages
from robot.errors import CommandRefused
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

units, addresses, words = st.integers(1, 247), st.integers(0, 65535), st.integers(-32768, 32767)
transactions = st.integers(0, 100_000)
framings = st.sampled_from([RTU, TCP])


def with_crc(frame: bytes) -> bytes:
    """By the emulators' own table: a second opinion on pymodbus."""
    return frame + crc(frame)


def says(values: list[int]) -> bytes:
    data = b"".join(value.to_bytes(2, "big", signed=True) for value in values)
    return bytes((3, len(data))) + data


@given(units, addresses, st.integers(1, 125))
def test_a_frame_has_the_crc_of_the_standard(unit: int, address: int, count: int) -> None:
    frame = RTU.frame(unit, messages.ask_registers(address, count), 0)

    assert frame == with_crc(frame[:-2])


@given(units, addresses, transactions)
def test_a_frame_on_tcp_has_number_length_and_unit(unit: int, address: int, transaction: int) -> None:
    frame = TCP.frame(unit, messages.ask_registers(address, 1), transaction)

    assert frame[:7] == (transaction % 65536).to_bytes(2, "big") + bytes((0, 0, 0, 6, unit))


@given(framings, units, addresses, st.lists(words, min_size=1, max_size=125), transactions)
def test_registers_are_read_as_they_were_written(
    framing: Framing, unit: int, address: int, values: list[int], transaction: int
) -> None:
    request = framing.frame(unit, messages.ask_registers(address, len(values)), transaction)
    reply = framing.frame(unit, says(values), transaction)

    found = framing.reply_to(request)(reply)

    assert found == reply
    assert messages.registers_in(framing.message(reply), len(values)) == tuple(values)


@given(framings, st.integers(1, 20))
def test_a_reply_is_found_in_pieces(framing: Framing, cut: int) -> None:
    request = framing.frame(1, messages.ask_registers(1, 5), 9)
    reply = framing.frame(1, says([1, 2, 3, 4, 5]), 9)

    assert framing.reply_to(request)(reply[:-cut]) is None


@given(words, st.binary(max_size=8))
def test_on_a_serial_line_a_reply_is_found_behind_noise_and_echo(value: int, noise: bytes) -> None:
    request = RTU.frame(1, messages.ask_registers(1, 1), 0)
    reply = RTU.frame(1, says([value]), 0)

    assert RTU.reply_to(request)(noise.replace(b"\1", b"") + request + reply) == reply


@given(words, st.integers(0, 6), st.integers(0, 7))
def test_on_a_serial_line_a_damaged_reply_is_refused(value: int, position: int, bit: int) -> None:
    request = RTU.frame(1, messages.ask_registers(1, 1), 0)
    damaged = bytearray(RTU.frame(1, says([value]), 0))
    damaged[position] ^= 1 << bit

    assert RTU.reply_to(request)(bytes(damaged)) is None


def test_on_tcp_a_belated_answer_is_known_by_its_number() -> None:
    request = TCP.frame(1, messages.ask_registers(1, 1), 8)
    belated, right = TCP.frame(1, says([7]), 7), TCP.frame(1, says([8]), 8)

    assert TCP.reply_to(request)(belated + right) == right


def test_on_tcp_what_is_not_modbus_is_refused() -> None:
    request = TCP.frame(1, messages.ask_registers(1, 1), 8)

    with pytest.raises(ValueError, match="not Modbus TCP"):
        TCP.reply_to(request)(b"HTTP/1.1 400 Bad Request")


def test_a_refused_register_is_named() -> None:
    request = RTU.frame(1, messages.ask_registers(600, 1), 0)
    port = ReplayPort([Exchange(request, bytes.fromhex("01 83 02 C0 F1"))])

    with pytest.raises(CommandRefused, match="oven: refused register 600: it does not know the register"):
        RegisterAccess("oven", Wire(port), unit=1).read_one(600)
