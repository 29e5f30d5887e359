from collections.abc import Sequence

import pytest

from robot.device_settings import Eurotherm2416Settings, Eurotherm3216PSettings
from robot.drivers.eurotherm import Panel
from robot.drivers.eurotherm_2416 import Eurotherm2416
from robot.drivers.eurotherm_3216p import Eurotherm3216P
from robot.drivers.eurotherm_3216p.driver import programme_words
from robot.drivers.modbus import RTU, messages
from robot.errors import NotReachable
from robot.interfaces import Segment
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = Eurotherm3216PSettings(model="eurotherm_3216p", port="-", max_temperature_c=350)
RESET, RUN, END = 0, 1, 3


def reads(address: int, *values: int) -> Exchange:
    data = b"".join(value.to_bytes(2, "big", signed=True) for value in values)
    request = RTU.frame(1, messages.ask_registers(address, len(values)), 0)
    return Exchange(request, RTU.frame(1, bytes((3, len(data))) + data, 0))


def refuses(address: int) -> Exchange:
    return Exchange(RTU.frame(1, messages.ask_registers(address, 1), 0), RTU.frame(1, b"\x83\x02", 0))


def writes(address: int, value: int) -> Exchange:
    request = RTU.frame(1, messages.set_register(address, value), 0)
    return Exchange(request, request)


def handshake(identity: int = 0x3216) -> list[Exchange]:
    return [reads(122, identity), reads(525, 1), reads(111, 3500, 0), reads(1280, 0), reads(23, RESET)]


def furnace(exchanges: Sequence[Exchange], settings: Eurotherm3216PSettings = SETTINGS) -> Eurotherm3216P:
    return Eurotherm3216P("furnace", Wire(ReplayPort(exchanges), quarantine_s=0.0), settings)


def test_it_runs_with_the_bytes_that_stop_a_2416() -> None:
    run = Exchange(bytes.fromhex("01 06 00 17 00 01 F8 0E"), bytes.fromhex("01 06 00 17 00 01 F8 0E"))
    port = ReplayPort([*handshake(), reads(23, RESET), reads(258, 0), reads(23, RESET), run, reads(23, RUN)])

    Eurotherm3216P("furnace", Wire(port), SETTINGS).start_programme()

    assert port.is_finished


def test_a_2416_is_not_stopped_for_it_would_not_know_how() -> None:
    with pytest.raises(NotReachable, match="2416h, not a 3216P"):
        furnace([reads(122, 0x2416)]).make_safe()


def test_a_person_may_vouch_for_another_identity() -> None:
    vouched = SETTINGS.model_copy(update={"identity": 0x0E32})

    assert furnace(handshake(identity=0x0E32), vouched).connect().model == "3216P"


def test_who_vouches_for_the_wrong_model_is_found_out_by_its_programmer() -> None:
    vouched = Eurotherm2416Settings(model="eurotherm_2416", port="-", max_temperature_c=350, identity=0x3216)
    port = ReplayPort([reads(122, 0x3216), reads(525, 1), reads(111, 3500, 0), refuses(8330)])

    with pytest.raises(NotReachable, match="refused register 8330"):
        Eurotherm2416("furnace", Wire(port), vouched).make_safe()


def test_every_programme_ends_at_the_lowest_target_without_dwell() -> None:
    longest = [Segment(300.0, 10.0, 5.0)] * Eurotherm3216P.dialect.max_segments

    words = programme_words(longest, Panel(decimal_places=1, low_counts=0, high_counts=3500))

    assert [words[1280 + 3 * 7 + offset] for offset in range(3)] == [0, 0, 0]


def test_its_end_is_told_from_a_reset() -> None:
    ended = furnace([*handshake(), reads(1, 500, 0, 0, 0, 0), reads(23, END), reads(258, 0)])

    assert ended.read_state().programme == "ended"
