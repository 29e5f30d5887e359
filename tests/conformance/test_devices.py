"""What every device on a wire keeps of its promises, whatever it is."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from robot.catalog import MODELS, build, channels, joined
from robot.config import LabConfig
from robot.errors import DeviceError, LimitExceeded, NotReachable
from robot.geometry import BenchPoint
from robot.interfaces import Segment
from robot.wire.base import Wire

from .conftest import BENCHES, FILM_BENCH

BENCHES_OF_ALL = ("film_bench", "arms", "cappers", "diffraction", "furnaces", "handlers", "liquids", "powders")


def on_wires(bench: str) -> dict[str, str]:
    """The devices of a bench that have wires, one of each model: by name, its model."""
    devices = LabConfig.load(FILM_BENCH if bench == "film_bench" else BENCHES / f"{bench}.yaml").devices
    first = {settings.model: name for name, settings in reversed(devices.items()) if settings.model != "opencv"}
    return {name: model for model, name in first.items()}


DEVICES = [(bench, name, model) for bench in BENCHES_OF_ALL for name, model in on_wires(bench).items()]
every_device = pytest.mark.parametrize(
    ("bench", "name"), [(bench, name) for bench, name, _ in DEVICES], indirect=["bench"]
)


def reads_registers(request: bytes) -> bool:
    return request[1] == 3


def asks_who(request: bytes) -> bool:
    return request.split()[1].startswith(b"WHO*")


ONLY_ASKS: dict[str, Callable[[bytes], bool]] = {
    "dobot_magician": lambda request: request[4] & 1 == 0,  # the write bit of its control byte
    "grbl_gantry": lambda request: request in (b"?", b"$I\n"),
    "smoothie_gantry": lambda request: request in (b"M114.2\r\n\r\n", b"version\r\n\r\n"),
    "preciseflex_pf400": lambda request: request == b"version\n",
    "ur_eseries": lambda request: request == b"PolyscopeVersion\n" or request[2:3] in (b"V", b"O", b"S", b"P"),
    "cavro_xcalibur": lambda request: request[2:3] in (b"Q", b"?", b"&"),
    "cavro_xlp_6000": lambda request: request[3:4] in (b"Q", b"?", b"&"),
    "new_era_ne1000": lambda request: request[4:-3] == b"VER",
    "opentrons_ot2": lambda request: request.startswith(b"GET "),
    "gantry_pipette": lambda request: request in (b"?", b"$I\n", b"/1&\r"),
    "eurotherm_2416": reads_registers,
    "eurotherm_3216p": reads_registers,
    "eurotherm_epc3016": reads_registers,
    "yudian_ai518p": lambda request: request[2:3] == b"R",
    "keithley_2400": lambda request: request.endswith(b"?\n"),
    "mettler_mt_sics": lambda request: request.startswith(b"I"),
    "ika_rct_digital": lambda request: request.startswith(b"IN_"),
    "powder_doser": asks_who,
    "powder_handler": asks_who,
    "powder_diffractometer": asks_who,
    "vial_capper": asks_who,
}


def fires_too_hot(furnace: Any) -> None:
    furnace.load_programme([Segment(350.1, 10.0, 1.0)])


BEYOND_LIMITS: dict[str, Callable[[Any], object]] = {
    "dobot_magician": lambda arm: arm.start_move(BenchPoint(400.0, 0.0, 0.0)),
    "grbl_gantry": lambda arm: arm.start_move(BenchPoint(400.1, 0.0, 0.0)),
    "smoothie_gantry": lambda arm: arm.start_move(BenchPoint(400.1, 0.0, 0.0)),
    "preciseflex_pf400": lambda arm: arm.start_move(BenchPoint(0.0, 577.0, 100.0)),
    "ur_eseries": lambda arm: arm.start_move(BenchPoint(0.0, 900.0, 100.0)),
    "cavro_xcalibur": lambda pump: pump.start_moving_plunger(1000.1, flow_ul_per_s=100.0),
    "cavro_xlp_6000": lambda pump: pump.start_moving_plunger(1000.1, flow_ul_per_s=100.0),
    "new_era_ne1000": lambda pump: pump.start_moving_plunger(5000.1, flow_ul_per_s=50.0),
    "opentrons_ot2": lambda handler: handler.start_moving_plunger(300.1, flow_ul_per_s=50.0),
    "gantry_pipette": lambda tipper: tipper.start_dipping(1, height_mm=62.1),
    "eurotherm_2416": fires_too_hot,
    "eurotherm_3216p": fires_too_hot,
    "eurotherm_epc3016": fires_too_hot,
    "yudian_ai518p": fires_too_hot,
    "keithley_2400": lambda probe: probe.measure_resistance(0.011, compliance_v=2.0, readings=2),
    "ika_rct_digital": lambda hotplate: hotplate.start_heating(310.1),
    "powder_doser": lambda doser: doser.start_dosing(1, target_mg=10_000.1, tolerance_mg=5.0),
    "powder_handler": lambda handler: handler.start_shaking(60, 2001),
    "powder_diffractometer": lambda diffractometer: diffractometer.start_scan(10.0, 140.1, 0.02, 0.1),
    "vial_capper": lambda capper: capper.start_capping(801),
}
"""A balance has none: it obeys nothing that could go too far."""


def test_no_model_with_a_wire_escapes() -> None:
    assert {model for _, _, model in DEVICES} == set(MODELS) - {"opencv"}


@every_device
def test_connecting_finds_the_promised_model(bench: Any, name: str) -> None:
    assert bench.device(name).connect().model


@every_device
def test_connecting_only_asks(bench: Any, name: str) -> None:
    bench.device(name).connect()

    assert bench.wires[name].sent
    assert all(map(ONLY_ASKS[bench.lab.devices[name].model], bench.wires[name].sent))


@every_device
def test_silence_is_not_reachable(bench: Any, name: str) -> None:
    bench.wires[name].lose_all_replies()

    with pytest.raises(NotReachable, match=f"^{name}: "):
        bench.device(name).connect()


@pytest.mark.parametrize(
    ("bench", "name", "other"),
    [(bench, *pair) for bench in BENCHES_OF_ALL for pair in permutations(on_wires(bench), 2)],
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
    ("bench", "name", "model"), [device for device in DEVICES if device[2] in BEYOND_LIMITS], indirect=["bench"]
)
def test_limits_refuse_before_a_byte_is_sent(bench: Any, name: str, model: str) -> None:
    bench.device(name).connect()
    sent = len(bench.wires[name].sent)

    with pytest.raises(LimitExceeded) as caught:
        BEYOND_LIMITS[model](bench.device(name))

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
