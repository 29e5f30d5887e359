"""Several devices on one port, each as if it had the line to itself."""

from typing import Any

import pytest

from robot.catalog import build, wire_on
from robot.errors import NotReachable
from robot.interfaces import Segment

ANNEAL = [Segment(target_c=140.0, rate_c_per_min=10.0, dwell_min=20.0)]
PRESENT = ["first", "second", "third"]
pytestmark = pytest.mark.parametrize("bench", ["shared_line"], indirect=True)


def test_all_devices_of_a_line_answer_on_its_one_port(bench: Any) -> None:
    identities = bench.fleet.connect_all()

    assert [identity.model for identity in identities.values()] == ["2416", "3216P", "EPC3016"]
    assert list(bench.wires) == ["first"]


def test_what_one_is_told_leaves_the_others_alone(bench: Any) -> None:
    bench.device("second").load_programme(ANNEAL)
    bench.device("second").start_programme()

    stages = {name: bench.device(name).read_state().programme for name in PRESENT}

    assert stages == {"first": "idle", "second": "running", "third": "idle"}


def test_stopping_all_stops_all_though_their_bytes_mean_opposite_things(bench: Any) -> None:
    for name in PRESENT:
        bench.device(name).load_programme(ANNEAL)
        bench.device(name).start_programme()

    report = bench.fleet.make_all_safe()

    assert set(report.values()) == {None}
    assert {bench.device(name).read_state().programme for name in PRESENT} == {"idle"}


def test_a_device_that_does_not_answer_leaves_the_line_to_the_others(bench: Any) -> None:
    settings = bench.lab.devices["first"]
    bus = wire_on(settings, bench.wires["first"])
    absent = build("absent", settings.model_copy(update={"unit": 9}), bus)

    with pytest.raises(NotReachable, match=r"absent: .*silence"):
        absent.connect()

    assert {build(name, bench.lab.devices[name], bus).connect().maker for name in PRESENT} == {"Eurotherm"}
