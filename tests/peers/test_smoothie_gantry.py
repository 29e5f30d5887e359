"""Opentrons' Smoothie emulator (opentrons 8.5.1) is driven by our driver, and our emulator by Opentrons' driver."""

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from planning.commands import Command, Outcome, evidence, judge
from robot.catalog import connect
from robot.clock import wall_s
from robot.drivers.smoothie_gantry import codec
from robot.errors import CommandRefused, LimitExceeded
from robot.geometry import BenchPoint
from robot.wire.base import Wire
from robot.wire.tcp_socket import TcpSocket

EMULATOR = "opentrons.hardware_control.emulation.scripts.run_smoothie"
STARTS_WITHIN_S, DONE_WITHIN_S = 30.0, 10.0
HOME = BenchPoint(400.0, 300.0, 200.0)
HOMED_AT_MM = (418.0, 353.0, 218.0)  # where this machine, an OT-2, counts itself at home
SETTINGS = {"home_mm": (400, 300, 200), "homed_at_mm": HOMED_AT_MM, "travel_mm": (400, 300, 200)}
SAFE_MM = 150.0
VIAL, PLACE = BenchPoint(100.0, 50.0, 40.0), BenchPoint(220.0, 50.0, 40.0)


SMOOTHIE_DRIVER = """
import asyncio, json, sys
from opentrons.config.robot_configs import build_config
from opentrons.drivers.smoothie_drivers.driver_3_0 import SmoothieDriver
async def main():
    driver = await SmoothieDriver.build(sys.argv[1], build_config({}))
    await driver.home("XYZ")
    await driver.move({"X": 118.0, "Y": 203.0, "Z": 118.0})
    await driver.update_position()
    await driver.update_homed_flags()
    print(json.dumps({"place_mm": [driver.position[axis] for axis in "XYZ"], "homed": driver.homed_flags}))
asyncio.run(main())
"""


class Smoothie:
    """The emulator while it runs: where it listens, and all lines that it says to have received."""

    def __init__(self, port: int, log: Path) -> None:
        self.address = f"127.0.0.1:{port}"
        self._log = log

    def received(self) -> list[str]:
        """The codes that it has carried out, in order, without what only asks."""
        calls = [line.partition("Got command Command(gcode='")[2] for line in self._log.read_text().splitlines()]
        codes = [call.partition("'")[0] for call in calls if call]
        return [code for code in codes if code not in ("M114.2", "M114.4", "G28.6", "version")]

    def place_mm(self) -> list[float]:
        """Where it believes to be, asked by a caller of another make."""
        with socket.create_connection(("127.0.0.1", int(self.address.partition(":")[2]))) as line:
            line.sendall(b"M114.2\r\n\r\n")
            answer = b""
            while not answer.endswith(b"ok\r\nok\r\n"):
                answer += line.recv(4096)
        axes = dict(word.split(":") for word in answer.decode().split("MCS: ")[1].splitlines()[0].split())
        return [float(axes[axis]) for axis in "XYZ"]


@pytest.fixture
def smoothie(peer: Callable[[str], Path], tmp_path: Path) -> Iterator[Smoothie]:
    """Opentrons' emulator, listening."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "smoothie.log"
    where = {
        "OT_EMULATOR_SMOOTHIE": json.dumps({"host": "127.0.0.1", "port": port}),
        "OT_API_CONFIG_DIR": str(tmp_path),
    }
    command = [str(peer("smoothie")), "-m", EMULATOR]
    with log.open("w") as out, subprocess.Popen(command, env={**os.environ, **where}, stdout=out, stderr=out) as server:
        try:
            _await_listening(port, server)
            yield Smoothie(port, log)
        finally:
            server.terminate()


def _await_listening(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up_s = wall_s() + STARTS_WITHIN_S
    while True:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.1)
        assert server.poll() is None, "Opentrons' emulator ended"
        assert wall_s() < give_up_s, "Opentrons' emulator did not start"


@pytest.fixture
def gantry(smoothie: Smoothie) -> Any:
    return connect("smoothie_gantry", name="gantry", port=smoothie.address, **SETTINGS)


def home(gantry: Any) -> None:
    gantry.start_homing()
    until(lambda: gantry.read_state().alarms == () and not gantry.read_state().busy)


def go(gantry: Any, to: BenchPoint) -> None:
    """Move, then watch until our planner takes its state for done."""
    command = Command("gantry", "start_move", {"to": [to.x_mm, to.y_mm, to.z_mm]})
    before = evidence(gantry.read_state())
    command.send(gantry)
    until(lambda: judge(command, before, gantry.read_state(), None, 0.0) is Outcome.DONE)


def until(is_so: Callable[[], bool]) -> None:
    give_up_s = wall_s() + DONE_WITHIN_S
    while not is_so():
        assert wall_s() < give_up_s, "it never came about"


def test_it_introduces_itself_and_nothing_that_acts_is_sent(smoothie: Smoothie, gantry: Any) -> None:
    identity = gantry.connect()

    assert identity.firmware == "edge-8414642"
    assert gantry.read_state().alarms == ("it has not found its home",)
    assert smoothie.received() == []


def test_it_is_homed_by_consent_carries_something_and_says_where_it_is(smoothie: Smoothie, gantry: Any) -> None:
    home(gantry)
    assert gantry.read_state().position == HOME
    for stop, closed in ((VIAL, True), (PLACE, False)):
        go(gantry, stop.at_height(SAFE_MM))
        go(gantry, stop)
        gantry.start_grip(closed)
        go(gantry, stop.at_height(SAFE_MM))

    assert gantry.read_state().position.distance_mm(PLACE.at_height(SAFE_MM)) < 0.001
    offsets_mm = [counts - home for counts, home in zip(HOMED_AT_MM, (400, 300, 200), strict=True)]
    assert smoothie.place_mm() == [220.0 + offsets_mm[0], 50.0 + offsets_mm[1], SAFE_MM + offsets_mm[2]]
    move, grip = ["G21", "G90", "G0"], ["M400", "M42"]
    release = ["M400", "M43"]
    assert smoothie.received() == ["G28.2", *move, *move, *release, *move, *move, *move, *grip, *move]


def test_before_it_was_homed_it_goes_nowhere(smoothie: Smoothie, gantry: Any) -> None:
    with pytest.raises(CommandRefused, match="has not found its home"):
        gantry.start_move(VIAL)

    assert smoothie.received() == []


def test_what_is_out_of_reach_is_never_sent(smoothie: Smoothie, gantry: Any) -> None:
    home(gantry)

    with pytest.raises(LimitExceeded, match=r"x_mm=401 is outside 0 to 400"):
        gantry.start_move(BenchPoint(401.0, 50.0, 40.0))

    assert smoothie.received() == ["G28.2"]


@pytest.mark.parametrize("line", [b"hello\r\n\r\n", b"G0XY5\r\n\r\n", b"?\r\n\r\n"])
def test_a_refusal_is_read_as_one_and_the_next_answer_is_not_taken_for_it(smoothie: Smoothie, line: bytes) -> None:
    wire = Wire(TcpSocket("127.0.0.1", int(smoothie.address.partition(":")[2])))

    refusal = codec.decode_refusal(wire.exchange(line, codec.reply_to(line), 2.0))
    homed = codec.decode_is_homed(wire.exchange(codec.ASK_HOMED, codec.reply_to(codec.ASK_HOMED), 2.0))

    assert str(refusal).startswith("Error: ")
    assert homed is False


def test_it_is_halted_and_comes_back(smoothie: Smoothie, gantry: Any) -> None:
    home(gantry)
    go(gantry, VIAL)

    gantry.make_safe()

    assert smoothie.received()[-3:] == ["M112", "M999", "G28.5"]
    assert gantry.read_state().position.distance_mm(VIAL) < 0.001
    home(gantry)
    go(gantry, PLACE)
    assert gantry.read_state().position.distance_mm(PLACE) < 0.001


def test_a_driver_that_comes_later_reads_where_it_stands(smoothie: Smoothie, gantry: Any) -> None:
    home(gantry)
    go(gantry, PLACE)

    later = connect("smoothie_gantry", name="later", port=smoothie.address, **SETTINGS)

    assert later.read_state().position.distance_mm(PLACE) < 0.001
    assert later.read_state().alarms == ()


def test_opentrons_own_driver_homes_our_emulator_axis_by_axis_and_moves_it(
    run_client: Any, serve: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OT_API_CONFIG_DIR", str(tmp_path))

    report = run_client("smoothie", SMOOTHIE_DRIVER, serve("arms", speed=10)["stage"])

    assert report["place_mm"] == [118.0, 203.0, 118.0]
    assert all(report["homed"][axis] for axis in "XYZ")
