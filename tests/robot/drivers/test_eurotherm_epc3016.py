import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import EurothermEPC3016Settings
from robot.drivers.eurotherm import Panel
from robot.drivers.eurotherm_epc3016 import EurothermEPC3016
from robot.drivers.eurotherm_epc3016.driver import decimal_places_of, programme_words
from robot.drivers.modbus import RTU, TCP, Framing, messages
from robot.errors import NotReachable
from robot.interfaces import Segment
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

PORTS = {"/dev/ttyUSB0": RTU, "10.0.0.7:502": TCP}
every_framing = pytest.mark.parametrize("port", list(PORTS))


def settings(port: str) -> EurothermEPC3016Settings:
    return EurothermEPC3016Settings(model="eurotherm_epc3016", port=port, max_temperature_c=350)


def reads(framing: Framing, number: int, address: int, data: bytes) -> Exchange:
    request = framing.frame(1, messages.ask_registers(address, len(data) // 2), number)
    return Exchange(request, framing.frame(1, bytes((3, len(data))) + data, number))


def handshake(framing: Framing, range_counts: tuple[int, int], float_at: int, top_c: float) -> list[Exchange]:
    return [
        reads(framing, 1, 122, b"\x30\x16"),
        reads(framing, 2, 11, struct.pack(">hh", *range_counts)),
        reads(framing, 3, float_at, struct.pack(">f", top_c)),
        reads(framing, 4, 8330, b"\0\1"),
        reads(framing, 5, 23, b"\0\1"),
    ]


@every_framing
@pytest.mark.parametrize(("range_counts", "float_at"), [((0, 3000), 0x8018), ((3000, 0), 0x8016)])
def test_it_learns_its_resolution_from_its_range(port: str, range_counts: tuple[int, int], float_at: int) -> None:
    exchanges = handshake(PORTS[port], range_counts, float_at, 300.0)
    furnace = EurothermEPC3016("furnace", Wire(ReplayPort(exchanges)), settings(port))

    furnace.connect()

    assert (furnace.min_target_c, furnace.max_target_c) == (0.0, 300.0)


@every_framing
def test_a_range_told_in_two_ways_that_differ_is_not_trusted(port: str) -> None:
    exchanges = handshake(PORTS[port], (0, 3000), 0x8018, 123.4)

    with pytest.raises(NotReachable, match="not one quantity"):
        EurothermEPC3016("furnace", Wire(ReplayPort(exchanges)), settings(port)).connect()


@given(st.integers(0, 4), st.integers(1, 30000))
def test_decimal_places_are_found(places: int, counts: int) -> None:
    value = struct.unpack(">f", struct.pack(">f", counts / 10**places))[0]

    found = decimal_places_of(counts, value)

    assert round(value * 10**found) == counts


def test_a_programme_steps_down_before_it_ends() -> None:
    words = programme_words([Segment(140.0, 10.0, 20.0)], Panel(decimal_places=1, low_counts=0, high_counts=3500))

    assert [words[8336 + 8 * n] for n in range(4)] == [1, 3, 4, 0]
    assert words[8336 + 8 * 2 + 1] == 0
