import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardware_sim.clock import VirtualClock
from hardware_sim.fault_plan import FaultSyntax, parse_faults
from hardware_sim.faults import Fault, LostReply, ShortAspirate, ThermocoupleBreak
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig

from .conftest import Hands, KnownTruth, MakeHands

FAULTS: tuple[Fault, ...] = (LostReply("arm", 3), ShortAspirate("pipette", 1), ThermocoupleBreak("furnace", 1, 4.0))


def busy_day(hands: Hands) -> Hands:
    """A film, a picture and a measurement: every device has had its say."""
    hands.cast_film()
    hands.carry(("chamber", 0), ("stage", 0))
    hands.probe(":OUTP ON;:SYST:RSEN 1")
    hands.probe(":READ?")
    hands.laboratory.video("side_camera").read()
    return hands


def whole(laboratory: Laboratory) -> str:
    return json.dumps(laboratory.state(), sort_keys=True)


def test_the_same_seed_gives_the_same_bytes(make_hands: MakeHands, tmp_path: Path) -> None:
    logs = [busy_day(make_hands(faults=FAULTS, log=tmp_path / name)) and tmp_path / name for name in ("a", "b")]

    assert logs[0].read_bytes() == logs[1].read_bytes()


def test_the_order_of_two_devices_at_one_instant_does_not_matter(make_hands: MakeHands) -> None:
    def bench(order: tuple[str, str]) -> str:
        hands = make_hands()
        hands.pump("ZR")
        say = {"pump": lambda: hands.say("pipette", b"/1I1A3000R\r"), "probe": lambda: hands.probe(":MEAS:RES?")}
        for device in order:
            say[device]()
        hands.wait(60)
        return whole(hands.laboratory)

    assert bench(("pump", "probe")) == bench(("probe", "pump"))


@pytest.mark.parametrize("torn", [b"", b'{"t":99999.0,"device":"arm","rx":"aaaa02'])
def test_a_replay_rebuilds_the_same_world_and_goes_on(
    make_hands: MakeHands, lab: LabConfig, tmp_path: Path, torn: bytes
) -> None:
    log = tmp_path / "truth.jsonl"
    hands = busy_day(make_hands(faults=FAULTS, log=log))
    at_s, before, written = hands.clock.now_s(), whole(hands.laboratory), log.read_bytes()
    hands.laboratory.close()
    log.write_bytes(written + torn)
    clock = VirtualClock()

    again = Laboratory.replayed(lab, log, clock, 7, truth=KnownTruth(), faults=FAULTS)

    assert clock.now_s() == at_s
    assert whole(again) == before
    assert log.read_bytes() == written
    again.receive("probe", b"*IDN?\n")
    assert log.read_bytes().splitlines()[-1] == b'{"t":%a,"device":"probe","rx":"2a49444e3f0a"}' % at_s
    assert [path.name for path in tmp_path.iterdir()] == ["truth.jsonl"]
    again.close()


def test_a_request_is_on_file_before_its_device_acts(make_hands: MakeHands, tmp_path: Path) -> None:
    log = tmp_path / "truth.jsonl"
    hands = make_hands(log=log)

    hands.say("pipette", b"/1ZR\r")

    assert json.loads(log.read_text()) == {"t": 0.0, "device": "pipette", "rx": b"/1ZR\r".hex()}


def test_a_lost_reply_is_swallowed_after_the_device_has_acted(make_hands: MakeHands) -> None:
    hands = make_hands(faults=(LostReply("pipette", 2),))
    hands.pump("ZR")

    assert hands.pump("I8A600R") == b""

    assert hands.say("pipette", b"/1?\r") == b"/0`600\x03\r\n"
    assert hands.laboratory.effects[0]["kind"] == "lost-reply"
    assert hands.pump("A0R") != b""


def test_acting_commands_are_counted_and_questions_are_not(hands: Hands) -> None:
    hands.pump("ZR")
    hands.pump("Q")
    hands.write(23, 2)
    hands.register(1)
    hands.probe(":OUTP 1")
    hands.grip(True)

    assert hands.laboratory.counts() == {
        "arm": {"gripper": 1},
        "pipette": {"Z": 1},
        "furnace": {"run": 1},
        "probe": {"output on": 1},
        "side_camera": {},
        "top_camera": {},
    }


def test_a_port_answers_at_once_or_never(hands: Hands) -> None:
    port = hands.laboratory.port("pipette")

    port.write(b"/1Q\r/1?\r")

    assert port.read(timeout_s=60.0) == b"/0g\x03\r\n/0g0\x03\r\n"
    assert port.read(timeout_s=60.0) == b""


def test_a_camera_sees_the_vial_come(hands: Hands) -> None:
    video = hands.laboratory.video("side_camera")
    is_read, without = video.read()
    hands.carry(("vials", 0), ("booth", 0))
    _, with_vial = video.read()
    _, once_more = video.read()

    assert is_read
    assert without.shape == (480, 640, 3)
    assert without.dtype == np.uint8
    assert _difference(with_vial, without) > 5 * _difference(with_vial, once_more) > 0


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Largest difference of a tile; within a tile the noise of the camera averages out."""
    tiles = (one.astype(float) - other).reshape(30, 16, 40, 16, 3).mean(axis=(1, 3))
    return float(np.abs(tiles).max())


def test_faults_are_read_and_what_is_not_given_is_drawn(lab: LabConfig) -> None:
    rng = np.random.default_rng(1)

    faults = parse_faults("lost-reply@arm:12, short-aspirate:3,thermocouple-break", rng, lab)

    assert faults[:2] == (LostReply("arm", 12), ShortAspirate("pipette", 3))
    assert isinstance(faults[2], ThermocoupleBreak)
    assert parse_faults("lost-reply", np.random.default_rng(5), lab) == parse_faults(
        "lost-reply", np.random.default_rng(5), lab
    )
    assert parse_faults("", rng, lab) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("earthquake", "no fault of this bench is called .earthquake.; write .*short-aspirate"),
        ("lost-reply@kettle:2", "arm, pipette, furnace, probe"),
        ("short-aspirate@arm", "pipette"),
        ("lost-reply:often", "count from 1"),
        ("lost-reply:0", "count from 1"),
    ],
)
def test_a_fault_that_cannot_be_read_is_refused_with_what_is_allowed(lab: LabConfig, text: str, reason: str) -> None:
    with pytest.raises(FaultSyntax, match=reason):
        parse_faults(text, np.random.default_rng(1), lab)


def test_what_a_person_takes_away_is_gone_after_a_replay_too(
    make_hands: MakeHands, lab: LabConfig, tmp_path: Path
) -> None:
    log = tmp_path / "truth.jsonl"
    hands = make_hands(log=log)
    hands.laboratory.take_away("vials-3")
    hands.laboratory.close()

    again = Laboratory.replayed(lab, log, VirtualClock(), seed=7)

    again.close()
    assert [vessel.name for vessel in again.world.lost] == ["vials-3"]
    assert again.world.bench.spot("vials", 3).vessels == []
