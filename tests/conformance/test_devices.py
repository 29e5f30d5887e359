"""What every device on a wire keeps of its promises, whatever it is."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from robot.catalog import build, channels, joined
from robot.errors import DeviceError, LimitExceeded, NotReachable
from robot.geometry import BenchPoint
from robot.interfaces import Segment
from robot.wire.base import Wire

ON_WIRES = {
    "film_bench": ["arm", "pipette", "furnace", "probe"],
    "liquids": ["oem_pump", "syringe", "handler", "tipper", "balance", "hotplate"],
    "arms": ["dobot", "gantry", "scara", "cobot"],
    "powders": ["doser"],
    "diffraction": ["diffractometer"],
    "cappers": ["capper"],
}
every_device = pytest.mark.parametrize(
    ("bench", "name"), [(bench, name) for bench, names in ON_WIRES.items() for name in names], indirect=["bench"]
)

ONLY_ASKS: dict[str, Callable[[bytes], bool]] = {
    "arm": lambda request: request[4] & 1 == 0,  # the write bit of its control byte
    "dobot": lambda request: request[4] & 1 == 0,
    "gantry": lambda request: request in (b"?", b"$I\n"),
    "scara": lambda request: request == b"version\n",
    "cobot": lambda request: request == b"PolyscopeVersion\n" or request[2:3] in (b"V", b"O", b"S", b"P"),
    "pipette": lambda request: request[2:3] in (b"Q", b"?", b"&"),
    "furnace": lambda request: request[1] == 3,  # read holding registers
    "probe": lambda request: request.endswith(b"?\n"),
    "oem_pump": lambda request: request[3:4] in (b"Q", b"?", b"&"),
    "syringe": lambda request: request[4:-3] == b"VER",
    "handler": lambda request: request.startswith(b"GET "),
    "tipper": lambda request: request in (b"?", b"$I\n", b"/1&\r"),
    "balance": lambda request: request.startswith(b"I"),
    "hotplate": lambda request: request.startswith(b"IN_"),
    "doser": lambda request: request.split()[1].startswith(b"WHO*"),
    "diffractometer": lambda request: request.split()[1].startswith(b"WHO*"),
    "capper": lambda request: request.split()[1].startswith(b"WHO*"),
}

BEYOND_LIMITS: dict[str, Callable[[Any], object]] = {
    "arm": lambda arm: arm.start_move(BenchPoint(400.0, 0.0, 0.0)),
    "dobot": lambda arm: arm.start_move(BenchPoint(400.0, 0.0, 0.0)),
    "gantry": lambda arm: arm.start_move(BenchPoint(400.1, 0.0, 0.0)),
    "scara": lambda arm: arm.start_move(BenchPoint(0.0, 577.0, 100.0)),
    "cobot": lambda arm: arm.start_move(BenchPoint(0.0, 900.0, 100.0)),
    "pipette": lambda pipette: pipette.start_moving_plunger(1000.1, flow_ul_per_s=100.0),
    "furnace": lambda furnace: furnace.load_programme([Segment(350.1, 10.0, 1.0)]),
    "probe": lambda probe: probe.measure_resistance(0.011, compliance_v=2.0, readings=2),
    "oem_pump": lambda pump: pump.start_moving_plunger(1000.1, flow_ul_per_s=100.0),
    "syringe": lambda pump: pump.start_moving_plunger(5000.1, flow_ul_per_s=50.0),
    "handler": lambda handler: handler.start_moving_plunger(300.1, flow_ul_per_s=50.0),
    "tipper": lambda tipper: tipper.start_dipping(1, height_mm=62.1),
    "hotplate": lambda hotplate: hotplate.start_heating(310.1),
    "doser": lambda doser: doser.start_dosing(1, target_mg=10_000.1, tolerance_mg=5.0),
    "diffractometer": lambda diffractometer: diffractometer.start_scan(10.0, 140.1, 0.02, 0.1),
    "capper": lambda capper: capper.start_capping(801),
}


@every_device
def test_connecting_finds_the_promised_model(bench: Any, name: str) -> None:
    assert bench.device(name).connect().model


@every_device
def test_connecting_only_asks(bench: Any, name: str) -> None:
    bench.device(name).connect()

    assert bench.wires[name].sent
    assert all(ONLY_ASKS[name](request) for request in bench.wires[name].sent)


@every_device
def test_silence_is_not_reachable(bench: Any, name: str) -> None:
    bench.wires[name].lose_all_replies()

    with pytest.raises(NotReachable, match=f"^{name}: "):
        bench.device(name).connect()


@pytest.mark.parametrize(
    ("bench", "name", "other"),
    [(bench, *pair) for bench, names in ON_WIRES.items() for pair in permutations(names, 2)],
    indirect=["bench"],
)
def test_a_driver_refuses_any_other_model(bench: Any, name: str, other: str) -> None:
    settings = bench.lab.devices[name]
    stranger = build(name, settings, joined({channel: Wire(bench.wires[other]) for channel in channels(settings)}))

    with pytest.raises(NotReachable):
        stranger.connect()


@every_device
def test_a_question_whose_answer_was_lost_is_asked_again(bench: Any, name: str) -> None:
    bench.wires[name].lose_reply()

    assert bench.device(name).connect().model


@pytest.mark.parametrize(
    ("bench", "name"),
    [(bench, name) for bench, names in ON_WIRES.items() for name in names if name in BEYOND_LIMITS],
    indirect=["bench"],
)
def test_limits_refuse_before_a_byte_is_sent(bench: Any, name: str) -> None:
    bench.device(name).connect()
    sent = len(bench.wires[name].sent)

    with pytest.raises(LimitExceeded) as caught:
        BEYOND_LIMITS[name](bench.device(name))

    assert not caught.value.may_have_acted
    assert len(bench.wires[name].sent) == sent


@every_device
def test_making_safe_twice_is_as_good_as_once(bench: Any, name: str) -> None:
    bench.device(name).connect()

    bench.device(name).make_safe()
    bench.device(name).make_safe()


@every_device
def test_making_safe_does_not_claim_what_nobody_confirmed(bench: Any, name: str) -> None:
    bench.device(name).connect()
    bench.wires[name].lose_all_replies()

    with pytest.raises(DeviceError, match=f"^{name}: ") as caught:
        bench.device(name).make_safe()

    assert caught.value.may_have_acted


def test_a_whole_bench_is_made_safe(bench: Any) -> None:
    bench.fleet.connect_all()

    assert set(bench.fleet.make_all_safe().values()) == {None}


def test_one_deaf_device_does_not_keep_the_others_from_being_made_safe(bench: Any) -> None:
    bench.fleet.connect_all()
    bench.wires["arm"].lose_all_replies()

    report = bench.fleet.make_all_safe()

    assert isinstance(report.pop("arm"), DeviceError)
    assert set(report.values()) == {None}
