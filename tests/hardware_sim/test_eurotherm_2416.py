import struct

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardware_sim.emulators.modbus_rtu import ModbusRtu, crc
from hardware_sim.faults import ThermocoupleBreak

from .conftest import Hands, MakeHands

ILLEGAL_ADDRESS, ILLEGAL_VALUE = 2, 3


def refusal(function: int, code: int) -> bytes:
    body = bytes((1, function | 0x80, code))
    return body + crc(body)


def test_the_manuals_frames_are_answered(hands: Hands) -> None:
    assert hands.say("furnace", bytes.fromhex("010300010001D5CA")) == bytes.fromhex("010302 00DC B9DD")
    assert hands.say("furnace", bytes.fromhex("010600180320 08E5")) == bytes.fromhex("01060018032008E5")
    assert hands.say("furnace", bytes.fromhex("01100018000102 0320A4A0")) == bytes.fromhex("01100018000181CE")
    assert hands.register(24) == 800


def test_identity_decimals_and_limits_are_told(hands: Hands) -> None:
    assert [hands.register(address) for address in (122, 525, 111, 112)] == [0x2416, 1, 3500, 0]


def test_an_unknown_register_and_a_value_out_of_range_are_refused(hands: Hands) -> None:
    assert hands.furnace("010302580001") == bytes.fromhex("018302C0F1")
    assert hands.write(24, 3501) == bytes.fromhex("0186030261")
    assert hands.write(1, 100) == refusal(6, ILLEGAL_VALUE)
    assert hands.write(23, 3) == refusal(6, ILLEGAL_VALUE)
    assert hands.furnace("010100010001") == refusal(1, 1)
    assert hands.register(24) == 0


def test_floats_are_read_beside_the_integers(hands: Hands) -> None:
    reply = hands.say("furnace", bytes.fromhex("01038002000A4DCD"))

    assert struct.unpack(">5f", reply[3:23])[0] == pytest.approx(22.0)


def test_loop_back_echoes_and_other_units_are_left_alone(hands: Hands) -> None:
    assert hands.furnace("01080000A5A5")[:6].hex() == "01080000a5a5"
    assert hands.furnace("020300010001") == b""


def test_many_words_are_all_written_or_none(hands: Hands) -> None:
    good = hands.furnace("0110 2090 0003 06 0001 0578 0064".replace(" ", ""))
    bad = hands.furnace("0110 2090 0003 06 0002 7FFF 0065".replace(" ", ""))

    assert good[1] == 16
    assert bad == refusal(16, ILLEGAL_VALUE)
    assert [hands.register(8336 + offset) for offset in range(3)] == [1, 1400, 100]


@given(noise=st.binary(max_size=12), cut=st.integers(0, 8))
def test_a_frame_is_found_in_pieces_behind_noise(noise: bytes, cut: int) -> None:
    line = ModbusRtu(1, lambda address: address.to_bytes(2, "big"), lambda address, words: None)
    request = bytes.fromhex("010300010001D5CA")
    said = noise + request
    spans = [said[at:end] for at in range(len(noise)) for end in range(at + 4, len(said) + 1)]
    assume(all(crc(span[:-2]) != span[-2:] for span in spans))  # or the noise is a frame, by chance one in 65,536

    reply = line.receive(noise + request[:cut]) + line.receive(request[cut:])

    assert reply.endswith(bytes.fromhex("0103020001") + crc(bytes.fromhex("0103020001")))


def test_glued_frames_are_both_answered(hands: Hands) -> None:
    request = bytes.fromhex("010300010001D5CA")

    assert len(hands.say("furnace", request + request)) == 14


def test_a_programme_is_followed_without_overshoot(hands: Hands) -> None:
    hands.heat(140, 10, 20)
    errors, hottest = [], 0
    for _ in range(31 * 6):
        hands.wait(10)
        errors.append(abs(hands.register(5) - hands.register(1)) / 10)
        hottest = max(hottest, hands.register(1))

    assert max(errors) < 5.0
    assert 1400 <= hottest < 1450
    hands.wait(180)
    assert hands.register(23) == 1


def test_the_oven_cools_by_itself_within_half_an_hour(hands: Hands) -> None:
    hands.heat(140, 10, 20)
    hands.wait(32 * 60 + 20 * 60)
    assert hands.register(1) > 600

    hands.wait(10 * 60)
    assert hands.register(1) < 600


def test_an_end_that_dwells_keeps_the_heat_until_it_is_reset(hands: Hands) -> None:
    for address, word in ((8336, 1), (8337, 1000), (8338, 100), (8344, 0), (8347, 0)):
        hands.write(address, word)
    hands.write(23, 2)
    hands.wait(3600)

    assert hands.register(23) == 16
    assert hands.register(75) & 1 << 9
    assert abs(hands.register(1) - 1000) < 10
    hands.write(23, 1)
    hands.wait(5)
    assert hands.register(4) == 0


def test_a_hold_stops_the_programmes_clock(hands: Hands) -> None:
    hands.heat(140, 10, 20)
    hands.wait(300)
    hands.write(23, 4)
    held = hands.register(5)

    hands.wait(600)

    assert hands.register(5) == held
    hands.write(23, 2)
    hands.wait(60)
    assert hands.register(5) > held


def test_hold_back_waits_for_an_oven_that_cannot_follow(hands: Hands) -> None:
    hands.programme(300, 100, 1)
    hands.write(8328, 200)
    hands.write(8341, 1)
    hands.write(23, 2)
    hands.wait(180)

    assert hands.register(23) == 8
    assert hands.register(5) - hands.register(1) < 250


def test_a_running_programme_cannot_be_edited(hands: Hands) -> None:
    hands.heat(140, 10, 20)

    assert hands.write(8337, 100) == refusal(6, ILLEGAL_VALUE)


def test_manual_output_drives_the_element(hands: Hands) -> None:
    hands.write(3, 200)
    hands.write(273, 1)
    hands.wait(600)

    assert hands.register(4) == 200
    assert hands.register(1) > 300


def test_a_broken_thermocouple_cuts_the_heat_and_says_so(make_hands: MakeHands) -> None:
    hands = make_hands(faults=(ThermocoupleBreak("furnace", nth=2, after_min=5),))
    hands.heat(100, 10, 1)
    hands.wait(1800)
    hands.heat(100, 10, 60)
    hands.wait(4.9 * 60)
    assert hands.register(258) == 0

    hands.wait(60)

    assert hands.register(258) == 1
    assert hands.register(75) & 1 << 5
    assert hands.register(1) == 13720
    assert hands.register(4) == 0
    hands.wait(600)
    assert hands.register(258) == 0
    assert [effect["is_broken"] for effect in hands.laboratory.effects] == [True, False]


def test_the_arm_in_the_chamber_lets_heat_out(make_hands: MakeHands) -> None:
    after_c = []
    for reaches_in in (False, True):
        hands = make_hands()
        hands.heat(140, 10, 20)
        hands.wait(40 * 60)
        point = hands.lab.sites["chamber"].point(0)
        hands.go(point.at_height(120.0))
        hands.go(point if reaches_in else point.at_height(120.0))
        hands.wait(60)
        after_c.append(hands.register(1) / 10)

    assert after_c[1] < after_c[0] - 5


def test_the_door_falls_shut_behind_the_arm(hands: Hands) -> None:
    point = hands.lab.sites["chamber"].point(3)
    hands.go(point)
    assert hands.laboratory.world.ovens["furnace"].chamber.door_is_open

    hands.go(point.at_height(120.0))

    assert not hands.laboratory.world.ovens["furnace"].chamber.door_is_open
