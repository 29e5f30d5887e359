import pytest

from .conftest import Hands

BUSY, READY = b"/0@\x03\r\n", b"/0`\x03\r\n"


def status(hands: Hands) -> bytes:
    return hands.say("pipette", b"/1Q\r")


def homed(hands: Hands) -> Hands:
    hands.pump("ZR")
    return hands


def test_after_power_up_it_is_not_initialised(hands: Hands) -> None:
    assert status(hands) == b"/0g\x03\r\n"
    assert hands.pump("A300R") == b"/0g\x03\r\n"
    assert hands.say("pipette", b"/1?19\r") == b"/0g0\x03\r\n"


def test_homing_takes_its_time_and_ends_at_zero(hands: Hands) -> None:
    assert hands.say("pipette", bytes.fromhex("2F315A520D")) == BUSY
    assert status(hands) == BUSY
    hands.wait(5)
    assert status(hands) == READY
    assert hands.say("pipette", b"/1?\r") == b"/0`0\x03\r\n"
    assert hands.say("pipette", b"/1?6\r") == b"/0`9\x03\r\n"


def test_the_plunger_answers_its_position_on_the_way(hands: Hands) -> None:
    homed(hands)
    hands.say("pipette", b"/1I8V300A600R\r")

    hands.wait(1.5)
    between = int(hands.say("pipette", b"/1?\r")[3:-3])
    hands.wait(10)

    assert 0 < between < 600
    assert hands.say("pipette", b"/1?\r") == bytes.fromhex("2F30603630 30030D0A")


def test_a_command_while_it_moves_overflows_and_is_not_done(hands: Hands) -> None:
    homed(hands)
    hands.say("pipette", b"/1I8A3000R\r")

    assert hands.say("pipette", b"/1A0R\r") == b"/0O\x03\r\n"

    hands.wait(30)
    assert hands.say("pipette", b"/1?\r") == b"/0`3000\x03\r\n"


def test_a_target_beyond_the_stroke_shows_only_at_the_next_question(hands: Hands) -> None:
    homed(hands)

    assert hands.pump("A4000R") == READY
    assert status(hands) == b"/0c\x03\r\n"
    assert status(hands) == READY


@pytest.mark.parametrize("text", ["E2000R", "A300E2000R", "BR", "A-5R"])
def test_a_bad_command_is_refused_at_once_and_whole(hands: Hands, text: str) -> None:
    homed(hands)

    assert hands.pump(text) == b"/0b\x03\r\n"
    assert hands.say("pipette", b"/1?\r") == b"/0`0\x03\r\n"


def test_a_string_without_run_waits_in_the_buffer(hands: Hands) -> None:
    homed(hands)
    hands.pump("I8A600")

    assert hands.say("pipette", b"/1F\r") == b"/0`1\x03\r\n"
    hands.pump("R")

    assert hands.say("pipette", b"/1?\r") == b"/0`600\x03\r\n"
    assert hands.say("pipette", b"/1?6\r") == b"/0`8\x03\r\n"


def test_relative_moves_and_fine_mode_share_one_plunger(hands: Hands) -> None:
    homed(hands)

    hands.pump("I8P600D150R")
    hands.pump("N1R")

    assert hands.say("pipette", b"/1?\r") == b"/0`3600\x03\r\n"


def test_backlash_and_gap_are_kept_in_increments_of_the_mode(hands: Hands) -> None:
    homed(hands)

    hands.pump("N1K96k160R")

    assert hands.say("pipette", b"/1?12\r") == b"/0`96\x03\r\n"
    assert hands.say("pipette", b"/1?24\r") == b"/0`160\x03\r\n"
    assert hands.say("pipette", b"/1?28\r") == b"/0`1\x03\r\n"
    hands.pump("N0K96R")
    assert status(hands) == b"/0c\x03\r\n"


def test_terminating_stops_the_plunger_where_it_is(hands: Hands) -> None:
    homed(hands)
    hands.say("pipette", b"/1I8V300A3000R\r")
    hands.wait(3)

    assert hands.say("pipette", b"/1T\r") == READY

    stopped = int(hands.say("pipette", b"/1?\r")[3:-3])
    hands.wait(30)
    assert int(hands.say("pipette", b"/1?\r")[3:-3]) == stopped
    assert hands.laboratory.world.stocks["chlorobenzene"].volume_ul == pytest.approx(500_000 - stopped / 3, abs=8)


def test_small_letters_do_not_report_busy(hands: Hands) -> None:
    homed(hands)
    hands.pump("I8R")

    assert hands.say("pipette", b"/1a3000R\r") == READY


def test_the_top_speed_may_change_on_the_way(hands: Hands) -> None:
    homed(hands)
    hands.say("pipette", b"/1I8A3000R\r")

    assert hands.say("pipette", b"/1V500R\r") == BUSY
    assert hands.say("pipette", b"/1?2\r") == b"/0@500\x03\r\n"


def test_another_address_and_noise_get_no_answer(hands: Hands) -> None:
    assert hands.say("pipette", b"\xff\x00junk\r/2Q\r") == b""
    assert hands.say("pipette", b"/1/1Q\r") == b"/0g\x03\r\n"


def test_requests_come_in_pieces_and_glued(hands: Hands) -> None:
    assert hands.say("pipette", b"/1") == b""
    assert hands.say("pipette", b"Q\r/1?\r/1") == b"/0g\x03\r\n/0g0\x03\r\n"


def test_an_oem_frame_with_the_repeat_bit_acts_once_and_answers_twice(hands: Hands) -> None:
    assert hands.say("pipette", bytes.fromhex("023131 5A52 0309")) == bytes.fromhex("0230400371")
    assert hands.say("pipette", bytes.fromhex("023139 5A52 0301")) == bytes.fromhex("0230400371")

    assert hands.laboratory.counts()["pipette"] == {"Z": 1}


def test_the_first_protocol_heard_holds_until_power_off(hands: Hands) -> None:
    assert hands.say("pipette", bytes.fromhex("023132 51 0353")) == bytes.fromhex("0230670356")

    assert status(hands) == b""


def test_an_oem_frame_with_a_wrong_sum_is_not_answered(hands: Hands) -> None:
    assert hands.say("pipette", bytes.fromhex("023132510354023132510353")) == bytes.fromhex("0230670356")
