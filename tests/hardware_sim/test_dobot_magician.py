import struct

import pytest

from hardware_sim.world.vessel import Vessel
from robot.geometry import BenchPoint

from .conftest import Hands

ASK_POSE = bytes.fromhex("AAAA020A00F6")
ASK_ALARMS = bytes.fromhex("AAAA021400EC")
ASK_INDEX = bytes.fromhex("AAAA02F6000A")
START = bytes.fromhex("AAAA02F0010F")
STOP_NOW = bytes.fromhex("AAAA02F2010D")
MOVE = bytes.fromhex("AAAA1354030200007A43000000000000000000000000EA")  # to 250, 0, 0


def index(hands: Hands) -> int:
    return int(struct.unpack("<Q", hands.say("arm", ASK_INDEX)[5:13])[0])


def position_mm(hands: Hands) -> tuple[float, ...]:
    return struct.unpack("<3f", hands.say("arm", ASK_POSE)[5:17])


def alarms(hands: Hands) -> int:
    return int.from_bytes(hands.say("arm", ASK_ALARMS)[5:21], "little")


def test_a_pose_is_eight_floats(hands: Hands) -> None:
    reply = hands.say("arm", ASK_POSE)

    assert reply[:5] == bytes.fromhex("AAAA220A00")
    assert sum(reply[3:]) % 256 == 0


def test_nothing_moves_before_the_queue_is_started(hands: Hands) -> None:
    before = position_mm(hands)

    assert hands.say("arm", MOVE) == bytes.fromhex("AAAA0A5403 0100000000000000 A8")
    hands.wait(60)

    assert position_mm(hands) == before
    assert index(hands) == 0


def test_a_started_queue_moves_the_tool_there(hands: Hands) -> None:
    hands.say("arm", START)
    hands.say("arm", MOVE)

    hands.wait(60)

    assert position_mm(hands) == (250.0, 0.0, 0.0)
    assert index(hands) == 1


def test_a_move_takes_as_long_as_its_speed_and_acceleration_say(hands: Hands) -> None:
    hands.arm(81, 3, struct.pack("<4f", 50.0, 50.0, 100.0, 100.0))
    hands.say("arm", START)
    hands.arm(84, 3, struct.pack("<B4f", 2, 300.0, 0.0, 120.0, 0.0))  # 100 mm: 0.5 s, 1.5 s and 0.5 s

    hands.wait(1.25)
    halfway = position_mm(hands)
    hands.wait(1.24)
    shortly_before = position_mm(hands)

    assert halfway[0] == pytest.approx(250.0, abs=0.01)
    assert shortly_before[0] < 300.0
    hands.wait(0.02)
    assert position_mm(hands)[0] == 300.0


def test_a_forced_stop_freezes_the_tool_on_its_way(hands: Hands) -> None:
    hands.say("arm", START)
    hands.say("arm", MOVE)
    hands.wait(0.3)

    hands.say("arm", STOP_NOW)
    stopped_mm = position_mm(hands)
    hands.wait(60)

    assert position_mm(hands) == stopped_mm != (250.0, 0.0, 0.0)


@pytest.mark.parametrize("cut", range(1, len(MOVE)))
def test_a_frame_may_come_in_pieces(hands: Hands, cut: int) -> None:
    assert hands.say("arm", MOVE[:cut]) == b""
    assert hands.say("arm", MOVE[cut:])[:5] == bytes.fromhex("AAAA0A5403")


def test_glued_frames_and_noise_are_told_apart(hands: Hands) -> None:
    broken = MOVE[:-1] + b"\x00"

    replies = hands.say("arm", b"\xff\xaa\xaa\xaa" + broken + ASK_INDEX + b"\x00\xaa" + ASK_ALARMS)

    assert [replies[3], replies[14 + 3]] == [246, 20]
    assert len(replies) == 14 + 22
    assert hands.laboratory.counts()["arm"] == {}


def test_the_thirty_third_waiting_command_is_dropped(hands: Hands) -> None:
    replies = [hands.say("arm", MOVE) for _ in range(33)]

    assert all(replies[:32])
    assert replies[32] == b""


def test_a_target_out_of_reach_raises_an_alarm_and_stops_all_moves_until_cleared(hands: Hands) -> None:
    hands.go(BenchPoint(400.0, 0.0, 50.0))
    before = position_mm(hands)

    assert alarms(hands) == 1 << 0x12
    hands.say("arm", MOVE)
    hands.wait(10)
    assert position_mm(hands) == before

    assert hands.say("arm", bytes.fromhex("AAAA021501EA")) == bytes.fromhex("AAAA021501EA")
    hands.say("arm", MOVE)
    hands.wait(10)
    assert position_mm(hands) == (250.0, 0.0, 0.0)


def test_an_unknown_command_raises_the_alarm_of_an_undefined_instruction(hands: Hands) -> None:
    hands.arm(200, 1)

    assert alarms(hands) == 1 << 0x01


def top(hands: Hands, site: str, place: int = 0) -> Vessel | None:
    return hands.laboratory.world.bench.spot(site, place).top


def test_a_vial_is_carried_from_place_to_place(hands: Hands) -> None:
    hands.carry(("vials", 5), ("booth", 0))

    vial = top(hands, "booth")
    assert vial is not None
    assert vial.name == "vials-5"
    assert top(hands, "vials", 5) is None


def test_a_grip_beside_the_vial_takes_nothing(hands: Hands) -> None:
    point = hands.lab.sites["vials"].point(5)

    hands.go(BenchPoint(point.x_mm + 4.0, point.y_mm, point.z_mm))
    hands.grip(True)

    assert top(hands, "vials", 5) is not None
    assert hands.laboratory.effects == []


def test_what_is_let_go_in_mid_air_is_lost(hands: Hands) -> None:
    point = hands.lab.sites["vials"].point(5)
    hands.go(point)
    hands.grip(True)
    hands.go(point.at_height(100.0))

    hands.grip(False)

    assert [vessel.name for vessel in hands.laboratory.world.lost] == ["vials-5"]


def test_placing_onto_a_vessel_breaks_both(hands: Hands) -> None:
    hands.carry(("vials", 5), ("booth", 0))
    hands.carry(("vials", 6), ("booth", 0))

    assert top(hands, "booth") is None
    assert sorted(vessel.name for vessel in hands.laboratory.world.lost) == ["vials-5", "vials-6"]


def test_a_magazine_gives_the_topmost_plate_and_a_bin_keeps_what_falls_in(hands: Hands) -> None:
    hands.carry(("substrates", 0), ("rubbish", 0))

    assert [vessel.name for vessel in hands.laboratory.world.bench.spot("rubbish").vessels] == ["substrates-0"]
    plate = top(hands, "substrates")
    assert plate is not None
    assert plate.name == "substrates-1"
