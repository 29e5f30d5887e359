"""What many tests start from: the film bench's own files."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.wire.base import Port

EXAMPLE = Path(__file__).parent.parent / "examples" / "film_bench"
Hosted = Callable[..., AbstractContextManager[dict[str, str]]]


class Muffled:
    """A port on which the answers to some requests are not heard."""

    def __init__(self, port: Port, is_lost: Callable[[bytes], bool]) -> None:
        self._port, self._is_lost = port, is_lost
        self.read, self.discard_input, self.close = port.read, port.discard_input, port.close

    def write(self, data: bytes) -> None:
        self._port.write(data)
        if self._is_lost(data):
            self._port.discard_input()


@pytest.fixture(scope="session")
def muffled() -> Callable[[Port, Callable[[bytes], bool]], Port]:
    return Muffled


@pytest.fixture(scope="session")
def film_bench() -> Path:
    return EXAMPLE


@pytest.fixture(scope="session")
def lab() -> LabConfig:
    return LabConfig.load(EXAMPLE / "lab.yaml")


@pytest.fixture(scope="session")
def recipe() -> Protocol:
    return Protocol.load(EXAMPLE / "protocol.yaml")


@pytest.fixture(scope="session")
def hosted() -> Hosted:
    """Serve a bench in a process of its own: `with hosted(lab.yaml, log, speed, *options) as addresses`."""

    @contextmanager
    def host(lab: Path, log: Path, speed: float, *options: str) -> Iterator[dict[str, str]]:
        command = [sys.executable, "-m", "hardware_sim.host", str(lab), "--seed", "7", *options]
        command += ["--speed", str(speed), "--log", str(log)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            try:
                yield json.loads(process.stdout.readline())["addresses"]
            finally:
                process.terminate()

    return host
