"""The same arms with a kernel between driver and emulator: serial lines on pseudo-terminals, the network on TCP."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from robot.catalog import connect
from robot.clock import wall_s
from robot.config import LabConfig
from robot.errors import NotReachable
from robot.geometry import BenchPoint

LAB = Path(__file__).parent / "benches" / "arms.yaml"
ARMS = ("dobot", "gantry", "stage", "scara", "cobot")
AWAY = BenchPoint(220.0, 100.0, 50.0)


@pytest.fixture(scope="module")
def addresses(hosted: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the simulated arms can be reached; their time runs a hundred times as fast as ours."""
    with hosted(LAB, tmp_path_factory.mktemp("host") / "truth.jsonl", 100) as addresses:
        yield addresses


def open_arm(addresses: dict[str, str], name: str) -> Any:
    settings = LabConfig.load(LAB).devices[name].model_dump()
    model = settings.pop("model")
    return connect(model, name=name, **{**settings, "port": addresses[name]})


def until(is_so: Callable[[], bool], at_most_s: float = 10.0) -> None:
    give_up_s = wall_s() + at_most_s
    while not is_so():
        assert wall_s() < give_up_s, "it never came about"


@pytest.mark.parametrize("name", ARMS)
def test_an_arm_comes_up_moves_and_is_made_safe(addresses: dict[str, str], name: str) -> None:
    arm = open_arm(addresses, name)

    ticket = arm.start_homing()
    until(lambda: arm.read_state().alarms == () and not arm.read_state().busy)
    until(lambda: ticket is None or arm.read_state().ticket >= ticket)
    arm.start_move(AWAY)
    until(lambda: arm.read_state().position.distance_mm(AWAY) < 0.2 and not arm.read_state().busy)
    arm.make_safe()

    assert arm.read_state().position.distance_mm(AWAY) < 0.2


@pytest.mark.parametrize("name", ["scara", "cobot"])
def test_a_client_that_died_leaves_the_arm_to_the_next(addresses: dict[str, str], name: str) -> None:
    open_arm(addresses, name)

    assert open_arm(addresses, name).read_state().position


def test_a_network_where_nobody_listens_is_named_with_a_remedy() -> None:
    with pytest.raises(NotReachable, match=r"nobody listens there.*Is the device's server switched on"):
        connect("preciseflex_pf400", port="127.0.0.1:1,2")


def test_an_address_for_too_few_channels_says_what_to_write() -> None:
    with pytest.raises(NotReachable, match=r"should name 3 ports: dashboard, script, rtde. Write host, or host:29999"):
        connect("ur_eseries", port="127.0.0.1:29999")
