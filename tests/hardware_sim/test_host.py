import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import serial

LAB = Path(__file__).parents[2] / "examples" / "film_bench" / "lab.yaml"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "hardware_sim.host", str(LAB), "--seed", "7", "--log", str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        hello = json.loads(process.stdout.readline())
        assert hello["pid"] == process.pid
        yield hello["addresses"]
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def ask(path: str, request: bytes, length: int) -> bytes:
    with serial.Serial(path, 9600, timeout=5, exclusive=True) as port:
        port.write(request)
        return port.read(length)


def test_a_bench_is_served_to_clients_that_come_die_and_come_back(host: dict[str, str]) -> None:
    rude = serial.Serial(host["pipette"], 9600)
    rude.write(b"/1ZR\r/1?")
    rude.close()

    assert ask(host["pipette"], b"\r/1?19\r", 7)[:2] == b"/0"
    assert ask(host["probe"], b"*IDN?\n", 9) == b"KEITHLEY "
    assert ask(host["furnace"], bytes.fromhex("010300010001D5CA"), 7)[:5] == bytes.fromhex("01030200DC")

    with urlopen(host["top_camera"]) as reply:
        assert reply.read(8) == b"\x89PNG\r\n\x1a\n"
