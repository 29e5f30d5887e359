"""Pumps, balance and hotplate in the bytes of their manuals, over one world."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.new_era_frames import crc
from hardware_sim.laboratory import Laboratory
from hardware_sim.wire.http_transport import HttpTransport
from robot.config import LabConfig

LAB = Path(__file__).parents[1] / "conformance" / "benches" / "liquids.yaml"


@dataclass
class Bench:
    laboratory: Laboratory
    clock: VirtualClock

    def say(self, device: str, text: str) -> str:
        return self.laboratory.receive(device, text.encode()).decode()

    def pump(self, text: str) -> str:
        return self.say("syringe", f"00{text}\r").strip("\x02\x03")[2:]

    def safe(self, text: str) -> bytes:
        body = f"00{text}".encode()
        return self.laboratory.receive(
            "syringe", b"\x02" + bytes((len(body) + 4,)) + body + crc(body) + b"\x03"
        )  # fmt: skip

    def weigh(self, text: str) -> str:
        return self.say("balance", f"{text}\r\n")

    def plate(self, text: str) -> str:
        return self.say("hotplate", f"{text} \r\n").strip()

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)

    def client(self) -> httpx.Client:
        transport = HttpTransport(lambda data: self.laboratory.receive("handler", data))
        return httpx.Client(base_url="http://ot2", transport=transport, headers={"Opentrons-Version": "3"})


@pytest.fixture
def bench() -> Iterator[Bench]:
    clock = VirtualClock()
    laboratory = Laboratory(LabConfig.load(LAB), clock, seed=7)
    yield Bench(laboratory, clock)
    laboratory.close()


def test_power_up_is_an_alarm_told_once(bench: Bench) -> None:
    assert [bench.pump(""), bench.pump("")] == ["A?R", "S"]


def test_a_pump_counts_what_it_infuses_and_stops_by_itself(bench: Bench) -> None:
    bench.pump("")
    for text in ("VOLUL", "VOL1500", "RAT3MM", "DIRINF"):
        assert bench.pump(text) == "S"

    assert bench.pump("RUN") == "I"
    bench.wait(10)
    assert bench.pump("DIS") == "II500.0W0.000UL"
    bench.wait(25)

    assert bench.pump("DIS") == "SI1500.W0.000UL"


def test_digits_beyond_four_are_cut_without_a_word(bench: Bench) -> None:
    bench.pump("")

    bench.pump("VOL123.456")

    assert bench.pump("VOL") == "S123.4UL"


@pytest.mark.parametrize(
    ("text", "reply"), [("RAT9999MM", "S?OOR"), ("DIA99", "S?OOR"), ("STP", "S?NA"), ("FOO", "S?")]
)
def test_what_a_pump_cannot_do_it_says(bench: Bench, text: str, reply: str) -> None:
    bench.pump("")

    assert bench.pump(text) == reply


def test_a_paused_pump_goes_on_and_a_second_stop_forgets_the_rest(bench: Bench) -> None:
    bench.pump("")
    for text in ("VOL1000", "RAT3MM", "RUN"):
        bench.pump(text)
    bench.wait(5)

    assert bench.pump("STP") == "P"
    assert bench.pump("RUN") == "I"
    bench.wait(5)
    assert [bench.pump("STP"), bench.pump("STP")] == ["P", "S"]
    assert bench.pump("DIS") == "SI500.0W0.000UL"


def test_a_request_for_another_pump_is_not_answered(bench: Bench) -> None:
    assert bench.say("syringe", "01\r") == ""


def test_safe_mode_answers_damage_with_com_and_silence_with_an_alarm(bench: Bench) -> None:
    bench.safe("SAF10")
    assert bench.laboratory.receive("syringe", bytes.fromhex("0207303000000003"))[2:-3] == b"00S?COM"

    bench.wait(11)

    assert bench.safe("")[2:-3] == b"00A?T"


def test_a_stable_weight_is_answered_when_rest_has_come(bench: Bench) -> None:
    world = bench.laboratory.world
    world.pour(world.stocks["water"].take(1000.0), world.bench.spot("scale"))

    assert bench.weigh("S") == ""
    assert bench.weigh("TA") == "TA I\r\n"
    bench.wait(5)

    assert bench.laboratory.receive("balance", b"").startswith(b"S S     1.0")


def test_a_balance_that_is_never_left_in_peace_gives_up(bench: Bench) -> None:
    world = bench.laboratory.world
    world.pour(world.stocks["water"].take(1.0), world.bench.spot("scale"))
    bench.weigh("S")
    for _ in range(50):
        bench.wait(1)
        world.advance_to(bench.clock.now_s())
        world.pour(world.stocks["water"].take(1.0), world.bench.spot("scale"))

    assert bench.laboratory.receive("balance", b"") == b"S I\r\n"


def test_a_reset_ends_a_stream_and_keeps_the_tare(bench: Bench) -> None:
    bench.weigh("TA 2.5 g")
    bench.weigh("SIR")
    bench.wait(1.05)

    lines = bench.weigh("@").splitlines()

    assert [line[:3] for line in lines[:-1]] == ["S S"] * 10
    assert lines[-1] == 'I4 A "B021002593"'
    assert bench.weigh("TA") == "TA A     2.5000 g\r\n"


def test_silent_commands_of_a_hotplate_are_silent(bench: Bench) -> None:
    assert bench.plate("OUT_SP_1 60") == ""
    assert bench.plate("START_1") == ""
    assert bench.plate("IN_SP_1") == "60.0 1"


def test_a_target_within_the_safety_margin_is_not_taken(bench: Bench) -> None:
    bench.plate("OUT_SP_1 60")

    bench.plate("OUT_SP_1 311")

    assert bench.plate("IN_SP_1") == "60.0 1"


def test_watchdog_2_falls_back_to_safe_values(bench: Bench) -> None:
    for text in ("OUT_SP_1 60", "START_1", "OUT_SP_12@30", "OUT_WD2@20"):
        bench.plate(text)

    bench.wait(21)

    assert bench.plate("IN_SP_1") == "30.0 1"


def test_after_watchdog_1_nothing_starts_before_a_reset(bench: Bench) -> None:
    bench.plate("OUT_WD1@20")
    bench.wait(21)

    bench.plate("START_4")
    bench.wait(10)
    assert bench.plate("IN_PV_4") == "0.0 4"
    bench.plate("RESET")
    bench.plate("START_4")
    bench.wait(10)

    assert bench.plate("IN_PV_4") == "50.0 4"


def test_an_httpx_client_drives_the_robot(bench: Bench) -> None:
    with bench.client() as client:
        run = client.post("/runs").json()["data"]["id"]
        queued = client.post(f"/runs/{run}/commands", json={"data": {"commandType": "home", "params": {}}})
        bench.wait(20)
        done = client.get(f"/runs/{run}/commands/{queued.json()['data']['id']}").json()

    assert queued.status_code == 201
    assert done["data"]["status"] == "succeeded"


def test_a_request_without_a_version_is_refused(bench: Bench) -> None:
    with bench.client() as client:
        del client.headers["Opentrons-Version"]
        assert client.get("/health").status_code == 422


def test_a_command_that_cannot_be_done_fails_with_its_reason(bench: Bench) -> None:
    with bench.client() as client:
        run = client.post("/runs").json()["data"]["id"]
        params = {"labwareId": "fixedTrash", "wellName": "A1", "volume": 50}
        failed = client.post(
            f"/runs/{run}/commands", json={"data": {"commandType": "aspirate", "params": params}}
        ).json()

    assert failed["data"]["status"] == "failed"
    assert failed["data"]["error"]["errorType"] == "TipNotAttachedError"


@pytest.mark.parametrize("params", [{}, {"labwareId": "slot-2", "wellName": "A1", "volume": "much"}])
def test_a_command_without_its_parameters_is_not_taken(bench: Bench, params: dict[str, object]) -> None:
    with bench.client() as client:
        run = client.post("/runs").json()["data"]["id"]
        reply = client.post(f"/runs/{run}/commands", json={"data": {"commandType": "aspirate", "params": params}})

    assert reply.status_code == 422


def test_no_drop_is_made_or_lost_and_the_same_requests_give_the_same_world(tmp_path: Path) -> None:
    def day(log: Path) -> str:
        clock = VirtualClock()
        laboratory = Laboratory(LabConfig.load(LAB), clock, seed=7, log=log)
        bench = Bench(laboratory, clock)
        bench.pump("")
        for text in ("VOL1500", "RAT3MM", "RUN"):
            bench.pump(text)
        bench.weigh("S")
        bench.plate("START_1")
        bench.wait(100.0)
        state = laboratory.state()
        laboratory.close()
        assert laboratory.world.liquid_everywhere().volume_ul == pytest.approx(70_000.0)
        return json.dumps(state, sort_keys=True)

    assert day(tmp_path / "a") == day(tmp_path / "b")
    clock = VirtualClock()
    again = Laboratory.replayed(LabConfig.load(LAB), tmp_path / "a", clock, 7)
    clock.jump_to(100.0)
    assert json.dumps(again.state(), sort_keys=True) == day(tmp_path / "c")
    again.close()
