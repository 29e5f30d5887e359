"""`athanor emulate` at one end of a real line, `athanor device` at the other."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import serial
import typer

from console.cli import app
from hardware_sim.alone import imagined
from planning.errors import Refused
from robot.catalog import MODELS, connect
from robot.clock import wall_s
from robot.errors import NotReachable
from robot.interfaces import Segment
from robot.settings import alone

pytestmark = [
    pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning"),  # pyserial's rfc2217
]

EMULATED: dict[str, list[str]] = {
    "2416 by pty": ["eurotherm_2416", "--pty"],
    "2416 by rfc2217": ["eurotherm_2416", "--rfc2217", "0"],
    "2416 by tcp": ["eurotherm_2416", "--tcp", "127.0.0.1:0"],
    "2416 at another speed": ["eurotherm_2416", "--pty", "--set", "baudrate=19200"],
    "3216P": ["eurotherm_3216p", "--pty", "--set", "ambient_c=25"],
    "EPC3016 on ethernet": ["eurotherm_epc3016", "--tcp", "127.0.0.1:0"],
    "hotplate": ["ika_rct_digital", "--rfc2217", "0"],
    "doser": ["powder_doser", "--pty"],
    "capper": ["vial_capper", "--pty"],
    "arm": ["ur_eseries", "--tcp", "127.0.0.1:0,0,0"],
    "robot": ["opentrons_ot2", "--tcp", "127.0.0.1:0"],
    "pipette by pty": ["gantry_pipette", "--pty"],
    "pipette by tcp": ["gantry_pipette", "--tcp", "127.0.0.1:0,0"],
    "pipette by rfc2217": ["gantry_pipette", "--rfc2217", "0"],
}


def start(arguments: list[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "console", "emulate", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Emulated(dict[str, str]):
    """Where each emulated device can be reached: the first line that it prints. Started when first asked for."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[str]] = {}

    def __missing__(self, name: str) -> str:
        process = self.running[name] = start(EMULATED[name])
        assert process.stdout is not None
        self[name] = process.stdout.readline().strip()
        return self[name]


@pytest.fixture(scope="module")
def addresses() -> Iterator[Emulated]:
    """All of them; that each ends well when interrupted is seen at the end."""
    emulated = Emulated()
    yield emulated
    for name, process in emulated.running.items():
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, ""), name


@contextmanager
def emulated(*arguments: str) -> Iterator[str]:
    """A device of one's own, at the address that is yielded."""
    process = start(list(arguments))
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)


def athanor(*words: str) -> Any:
    return app([*words], standalone_mode=False)


@pytest.mark.parametrize("name", [name for name in EMULATED if name != "2416 at another speed"])
def test_a_probe_tells_identity_and_state(addresses: dict[str, str], name: str, capsys: Any) -> None:
    athanor("device", "probe", EMULATED[name][0], addresses[name], "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["identity"]["model"]
    assert told["state"]


def test_a_composed_device_has_an_address_for_each_part() -> None:
    with pytest.raises(Refused, match=r"'/dev/ttyUSB0' should be 2 addresses, of gantry, pump"):
        athanor("device", "probe", "gantry_pipette", "/dev/ttyUSB0")


def test_a_probe_is_readable(addresses: dict[str, str], capsys: Any) -> None:
    athanor("device", "probe", "eurotherm_3216p", addresses["3216P"])

    told = capsys.readouterr().out
    assert all(word in told for word in ("Eurotherm", "3216P", "temperature_c", "25", "idle"))


def test_another_model_is_named(addresses: dict[str, str]) -> None:
    with pytest.raises(NotReachable, match="says that it is 3216h, not a 2416"):
        athanor("device", "probe", "eurotherm_2416", addresses["3216P"])


def test_a_device_at_another_speed_is_found_there(addresses: dict[str, str], monkeypatch: Any) -> None:
    monkeypatch.setattr("console.devices.SPEEDS", (19200,))
    monkeypatch.setattr("robot.drivers.modbus.access.REPLY_TIMEOUT_S", 0.1)

    with pytest.raises(NotReachable, match=r"answers at 19200 baud; we talk to it at 9600 baud 8N1\. Set the device"):
        athanor("device", "probe", "eurotherm_2416", addresses["2416 at another speed"])


def test_a_pulled_cable_is_silence(monkeypatch: Any) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setattr("console.devices.SPEEDS", ())
    monkeypatch.setattr("robot.drivers.modbus.access.REPLY_TIMEOUT_S", 0.05)

    with pytest.raises(NotReachable, match=r"nobody answers as a eurotherm_2416 would.*Check cable, power"):
        athanor("device", "probe", "eurotherm_2416", os.ttyname(theirs))
    os.close(ours)
    os.close(theirs)


def test_a_port_in_use_names_who_holds_it(addresses: dict[str, str]) -> None:
    holding = (
        "import serial, sys; line = serial.Serial(sys.argv[1], exclusive=True);"
        "print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, addresses["2416 by pty"]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()

        with pytest.raises(NotReachable, match=rf"another program holds it\. Close .* \(process {holder.pid}\)"):
            athanor("device", "probe", "eurotherm_2416", addresses["2416 by pty"])
        holder.communicate()


def test_a_port_where_nobody_listens_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(NotReachable, match="nobody listens there"):
        athanor("device", "probe", "eurotherm_epc3016", f"127.0.0.1:{port}")


def test_bytes_take_the_time_that_their_speed_says(addresses: dict[str, str]) -> None:
    request = bytes.fromhex("01 03 00 01 00 01 D5 CA")
    with serial.Serial(addresses["2416 by pty"], 9600, timeout=2.0) as line:
        begun_s = wall_s()
        line.write(request)
        reply = line.read(7)
        took_s = wall_s() - begun_s

    assert len(reply) == 7
    assert took_s >= 15 * 10 / 9600


def test_a_command_is_asked_about_first(addresses: dict[str, str], monkeypatch: Any) -> None:
    asked = []
    monkeypatch.setattr(typer, "confirm", lambda text, abort: asked.append(text))

    athanor("device", "set", "eurotherm_3216p", addresses["3216P"], "stop_programme")

    assert asked == ["stop_programme(): is the bench clear, and may it act?"]


def test_a_jog_says_from_where_to_where_and_asks(monkeypatch: Any, capsys: Any) -> None:
    def refuse(text: str, abort: bool) -> None:
        raise typer.Abort

    monkeypatch.setattr(typer, "confirm", refuse)
    with emulated("dobot_magician", "--pty") as port, pytest.raises(typer.Abort):
        athanor("device", "jog", "dobot_magician", port, "--dz", "-10")

    assert "(200.0, 0.0, 120.0) mm to (200.0, 0.0, 110.0) mm" in capsys.readouterr().out


@pytest.mark.parametrize("door", [["--pty"], ["--tcp", "127.0.0.1:0"], ["--rfc2217", "0"]], ids=lambda door: door[0])
@pytest.mark.parametrize("model", ["eurotherm_3216p", "eurotherm_epc3016", "yudian_ai518p"])
def test_a_furnace_is_heated_over_every_wire(model: str, door: list[str]) -> None:
    with emulated(model, *door, "--speed", "150") as address:
        furnace = connect(model, port=address, max_temperature_c=350)
        furnace.load_programme([Segment(target_c=60.0, rate_c_per_min=30.0, dwell_min=3.0)])
        furnace.start_programme()
        hottest_c = 0.0
        while (state := furnace.read_state()).programme == "running":
            hottest_c = max(hottest_c, state.temperature_c)

    assert state.programme == "ended"
    assert 50.0 < hottest_c < 75.0


@pytest.mark.parametrize("door", [["--pty"], ["--tcp", "127.0.0.1:0"], ["--rfc2217", "0"]], ids=lambda door: door[0])
def test_a_powder_is_dosed_over_every_wire(door: list[str]) -> None:
    with emulated("powder_doser", *door, "--speed", "100") as address:
        doser = connect("powder_doser", port=address, hoppers={1: "li2co3"})
        doser.start_dosing(1, target_mg=500.0, tolerance_mg=2.0)
        while (state := doser.read_state()).busy:
            pass

    assert (state.ending, state.dispensed_mg) == ("done", pytest.approx(500.0, abs=2.0))


def test_without_a_yes_nothing_is_told(addresses: dict[str, str], monkeypatch: Any) -> None:
    def refuse(text: str, abort: bool) -> None:
        raise typer.Abort

    monkeypatch.setattr(typer, "confirm", refuse)
    programme = "segments=[{target_c: 100, rate_c_per_min: 10, dwell_min: 1}]"
    athanor(
        "device", "set", "eurotherm_epc3016", addresses["EPC3016 on ethernet"], "load_programme", programme, "--yes"
    )

    with pytest.raises(typer.Abort):
        athanor("device", "set", "eurotherm_epc3016", addresses["EPC3016 on ethernet"], "start_programme")

    furnace = connect("eurotherm_epc3016", port=addresses["EPC3016 on ethernet"], max_temperature_c=350)
    assert furnace.read_state().programme == "idle"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["device", "set", "eurotherm_2416", "-", "explode"], "has no command 'explode'"),
        (["device", "set", "eurotherm_2416", "-", "load_programme"], "takes segments"),
        (["device", "set", "eurotherm_2416", "-", "load_programme", "segments=3"], "load_programme: "),
        (["device", "probe", "eurotherm_9999", "-"], "no model is called"),
        (["device", "probe", "eurotherm_2416", "-", "--set", "unit=300"], "unit: "),
        (["device", "jog", "eurotherm_2416", "-"], "is no arm"),
        (["emulate", "eurotherm_2416"], "one way in"),
        (["emulate", "eurotherm_2416", "--pty", "--tcp", "127.0.0.1:0"], "one way in"),
        (["emulate", "ur_eseries", "--pty"], "no serial line"),
        (["emulate", "eurotherm_2416", "--pty", "--set", "unot=3"], "nothing called 'unot'"),
        (["emulate", "eurotherm_2416", "--pty", "--set", "unit=many"], "unit: "),
        (["emulate", "eurotherm_2416", "--pty", "--faults", "gremlins"], "gremlins"),
        (["emulate", "opencv", "--pty"], "a camera shows a bench"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_opened(words: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        athanor(*words)


def test_curves_are_drawn_and_the_rest_is_told(addresses: dict[str, str], capsys: Any) -> None:
    where = addresses["3216P"]

    athanor("device", "watch", "eurotherm_3216p", where, "--looks", "3", "--every", "0.1", "--only", "temperature_c")

    drawn = capsys.readouterr().out
    assert "temperature_c 25" in drawn
    assert "programme idle" in drawn
    assert any("⠀" < character <= "⣿" for character in drawn)


def test_the_list_shows_every_model(capsys: Any) -> None:
    athanor("device", "list", "--json")

    listed = {row["model"] for row in json.loads(capsys.readouterr().out)["models"]}
    assert listed == set(MODELS)


@pytest.mark.parametrize("model", [model for model in MODELS if model != "opencv"])
def test_every_model_has_settings_to_be_emulated_with(model: str) -> None:
    assert alone(model, imagined(model)).model == model
