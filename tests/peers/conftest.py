"""Third-party clients against our emulators: each in an environment of its own, the emulators in another process.

`make peers` makes the environments from `requirements/*.txt`; without one its tests skip and say so.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from robot.catalog import connect

BENCHES = Path(__file__).parents[1] / "conformance" / "benches"
ENVIRONMENTS = Path(os.environ.get("ATHANOR_PEERS", Path(__file__).parents[2] / ".peers"))
CLIENT_TIMEOUT_S = 120.0

Client = Callable[..., Any]


@pytest.fixture
def peer() -> Callable[[str], Path]:
    """The Python of a peer's environment."""
    if not ENVIRONMENTS.exists():
        pytest.skip(f"there is no {ENVIRONMENTS.name} with third-party clients: run `make peers`")

    def python_of(environment: str) -> Path:
        python = ENVIRONMENTS / environment / "bin" / "python"
        if not python.exists():
            pytest.skip(f"there is no environment {python.parents[1]}: run `make peers`")
        return python

    return python_of


@pytest.fixture
def run_client(peer: Callable[[str], Path]) -> Client:
    """Run a script in a peer's environment; return what it prints last, as JSON."""

    def run(environment: str, script: str, *arguments: str) -> Any:
        python = peer(environment)
        client = subprocess.run(
            [str(python), "-c", script, *arguments], capture_output=True, text=True, timeout=CLIENT_TIMEOUT_S
        )
        assert client.returncode == 0, client.stderr
        return json.loads(client.stdout.splitlines()[-1])

    return run


@pytest.fixture
def serve(hosted: Any, tmp_path: Path) -> Iterator[Callable[..., dict[str, str]]]:
    """Serve a bench of the conformance suites in a process of its own; return where its devices are."""
    with ExitStack() as hosts:

        def start(bench: str, speed: float = 1.0, *options: str) -> dict[str, str]:
            host = hosted(BENCHES / f"{bench}.yaml", tmp_path / "truth.jsonl", speed, *options)
            addresses: dict[str, str] = hosts.enter_context(host)
            return addresses

        yield start


@pytest.fixture
def pump_over() -> Callable[..., None]:
    """Have our own pump draw a volume at one port of its valve, and push it out at another."""

    def pump_over(
        model: str, from_port: int, to_port: int, volume_ul: float, flow_ul_per_s: float, **settings: Any
    ) -> None:
        pump = connect(model, **settings)
        orders = [partial(pump.start_initialising, 9)]
        for port, level_ul in ((from_port, volume_ul), (to_port, 0.0)):
            orders += [
                partial(pump.start_turning_valve, port),
                partial(pump.start_moving_plunger, level_ul, flow_ul_per_s),
            ]
        for order in orders:
            order()
            while pump.read_state().busy:
                pass

    return pump_over


@pytest.fixture
def effects(tmp_path: Path) -> Callable[[str], list[dict[str, Any]]]:
    """What has truly happened, by kind."""

    def of_kind(kind: str) -> list[dict[str, Any]]:
        lines = map(json.loads, (tmp_path / "truth.jsonl").read_text().splitlines())
        return [line for line in lines if line.get("effect") == kind]

    return of_kind
