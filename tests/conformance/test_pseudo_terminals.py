"""The same drivers and emulators with a kernel between them: pyserial at one end, another process at the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymodbus.client import ModbusSerialClient

from robot.catalog import connect
from robot.errors import NotReachable

LAB = Path(__file__).parents[2] / "examples" / "film_bench" / "lab.yaml"
SETTINGS: dict[str, dict[str, object]] = {
    "arm": {"model": "dobot_magician"},
    "pipette": {"model": "cavro_xcalibur", "valve": {1: "ink", 9: "waste"}},
    "furnace": {"model": "eurotherm_2416", "max_temperature_c": 350},
    "probe": {"model": "keithley_2400"},
}


@pytest.fixture(scope="module")
def addresses(hosted: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where a simulated bench in a process of its own can be reached."""
    with hosted(LAB, tmp_path_factory.mktemp("host") / "truth.jsonl", 100) as addresses:
        yield addresses


@pytest.mark.parametrize("name", list(SETTINGS))
def test_a_lone_device_is_driven_as_over_a_serial_port(addresses: dict[str, str], name: str) -> None:
    device = connect(port=addresses[name], name=name, **SETTINGS[name])

    device.make_safe()


def test_a_port_is_held_by_one_only(addresses: dict[str, str]) -> None:
    holder = connect(port=addresses["arm"], **SETTINGS["arm"])

    with pytest.raises(NotReachable, match="another program holds it"):
        connect(port=addresses["arm"], **SETTINGS["arm"])
    holder.read_state()


def test_a_camera_shows_snapshots(addresses: dict[str, str]) -> None:
    camera = connect("opencv", source=addresses["side_camera"], sees=["booth"])

    assert camera.capture().shape == (480, 640, 3)
    assert camera.capture().shape == (480, 640, 3)


def test_another_client_reads_the_furnace_as_ours_does(addresses: dict[str, str]) -> None:
    client = ModbusSerialClient(addresses["furnace"], baudrate=9600)
    assert client.connect()

    registers = client.read_holding_registers(122, device_id=1).registers

    client.close()
    assert registers == [0x2416]
