"""What befalls balances, hotplates, source meters and cameras, and what their drivers tell of it."""

from typing import Any

import numpy as np
import pytest

from robot.errors import Busy, CommandRefused, DeviceFault, ReplyLost

liquids = pytest.mark.parametrize("bench", ["liquids"], indirect=True)

# --- balance


@pytest.fixture
def balance(bench: Any) -> Any:
    balance = bench.device("balance")
    balance.connect()
    bench.wait(10.0)
    return balance


@liquids
def test_a_balance_in_a_draught_never_calls_a_reading_stable_and_tares_nothing(bench: Any, balance: Any) -> None:
    bench.befall("balance", "never-stable")

    for _ in range(20):
        bench.wait(3.0)
        assert not balance.read_weight().is_stable
    with pytest.raises(Busy):
        balance.tare()
    assert bench.laboratory.counts()["balance"] == {}


@liquids
def test_an_overloaded_balance_gives_no_figure(bench: Any, balance: Any) -> None:
    bench.befall("balance", "overload")

    with pytest.raises(DeviceFault, match="beyond its range"):
        balance.read_weight()


@liquids
def test_a_reading_that_creeps_is_called_stable_all_the_same(bench: Any, balance: Any) -> None:
    before_mg = balance.read_weight().mass_mg
    bench.befall("balance", "drift")
    bench.wait(300.0)

    weight = balance.read_weight()

    assert weight.is_stable
    assert weight.mass_mg - before_mg == pytest.approx(6.0, abs=1.0)


@liquids
def test_a_balance_that_was_without_power_has_no_tare_any_more(bench: Any, balance: Any) -> None:
    bench.laboratory.world.bench.spot("scale").top.powder.parts_mg["salt"] = 5000.0
    balance.tare()
    bench.befall("balance", "power-loss")

    assert balance.read_tare_mg() == 0.0


@liquids
@pytest.mark.parametrize(("kind", "error"), [("busy", Busy), ("refusal", CommandRefused)])
def test_a_balance_that_does_not_weigh_now_says_so_and_weighs_later(
    bench: Any, balance: Any, kind: str, error: type[Exception]
) -> None:
    bench.befall("balance", kind)

    with pytest.raises(error):
        balance.read_weight()
    bench.wait(5.0)

    assert balance.read_weight().is_stable


# --- hotplate


@pytest.fixture
def hotplate(bench: Any) -> Any:
    hotplate = bench.device("hotplate")
    hotplate.connect()
    return hotplate


@liquids
def test_a_bar_that_lost_its_magnet_is_told_once_it_has_turned(bench: Any, hotplate: Any) -> None:
    hotplate.start_stirring(300.0)
    bench.wait_until(lambda: hotplate.read_state().speed_rpm > 250.0)
    assert hotplate.read_state().fault is None

    bench.befall("hotplate", "stall")
    bench.wait(10.0)

    assert "stands still" in hotplate.read_state().fault


@liquids
def test_a_plate_whose_safety_circuit_opened_is_found_by_its_cooling(bench: Any, hotplate: Any) -> None:
    hotplate.start_heating(150.0)
    bench.wait_until(lambda: hotplate.read_state().plate_c > 100.0, step_s=5.0, at_most_s=900.0)
    bench.befall("hotplate", "safety-circuit")

    took_s = bench.wait_until(lambda: hotplate.read_state().fault is not None, step_s=10.0, at_most_s=900.0)

    assert "safety circuit" in hotplate.read_state().fault
    assert took_s < 600.0


@liquids
def test_a_sound_plate_shows_no_fault_while_it_heats_holds_and_stirs(bench: Any, hotplate: Any) -> None:
    hotplate.start_heating(60.0)
    hotplate.start_stirring(400.0)

    for _ in range(120):
        bench.wait(15.0)
        assert hotplate.read_state().fault is None


@liquids
def test_after_power_loss_the_plate_heats_on_and_is_watched_again_from_the_next_look_on(
    bench: Any, hotplate: Any
) -> None:
    hotplate.start_heating(60.0)
    bench.wait(10.0)
    bench.befall("hotplate", "power-loss")
    truth = bench.laboratory.emulator("hotplate")
    assert truth.state()["is_heating"]
    assert not truth.state()["watchdog_is_armed"]

    hotplate.read_state()

    assert truth.state()["watchdog_is_armed"]


@liquids
def test_a_target_that_was_not_taken_is_read_back_before_it_heats(bench: Any, hotplate: Any) -> None:
    bench.befall("hotplate", "refusal")

    with pytest.raises(CommandRefused):
        hotplate.start_heating(60.0)

    assert not bench.laboratory.emulator("hotplate").state()["is_heating"]


@liquids
def test_a_vial_that_becomes_too_hot_breaks_and_runs_out(bench: Any, hotplate: Any) -> None:
    vial = bench.laboratory.world.bench.spot("plate").top
    vial.contents.parts_ul["water"] = 500.0
    hotplate.start_heating(280.0)

    for _ in range(240):
        bench.wait(15.0)
        hotplate.read_state()

    assert bench.laboratory.world.bench.spot("plate").top is None
    assert vial in bench.laboratory.world.lost
    assert bench.laboratory.world.spilled.volume_ul == pytest.approx(500.0)


# --- source meter


@pytest.fixture
def meter(bench: Any) -> Any:
    meter = bench.device("probe")
    meter.connect()
    return meter


def measure(meter: Any) -> Any:
    return meter.measure_resistance(current_a=1e-4, compliance_v=5.0, readings=5)


@pytest.mark.parametrize(("kind", "error"), [("open-probe", DeviceFault), ("refusal", CommandRefused)])
def test_a_measurement_that_cannot_be_is_none_and_leaves_no_current_on(
    bench: Any, meter: Any, kind: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = bench.laboratory.emulator("probe").stage
    monkeypatch.setattr(type(stage), "resistance_ohm", lambda stage: float("inf") if stage.is_lifted else 1000.0)
    assert measure(meter).resistance_ohm == pytest.approx(1000.0, rel=0.01)
    bench.befall("probe", kind)

    with pytest.raises(error):
        measure(meter)

    assert not meter.read_output_is_on()


def test_after_power_loss_the_next_measurement_sets_everything_up_again(
    bench: Any, meter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = bench.laboratory.emulator("probe").stage
    monkeypatch.setattr(type(stage), "resistance_ohm", lambda _: 1000.0)
    measure(meter)
    bench.befall("probe", "power-loss")

    assert not meter.read_output_is_on()
    assert measure(meter).resistance_ohm == pytest.approx(1000.0, rel=0.01)


# --- camera


@pytest.mark.parametrize(
    ("kind", "error", "says"),
    [("dark", DeviceFault, "black"), ("frozen-picture", DeviceFault, "very same"), ("no-picture", ReplyLost, "no picture")],
)  # fmt: skip
def test_a_camera_that_shows_nothing_new_is_not_believed(
    bench: Any, kind: str, error: type[Exception], says: str
) -> None:
    camera = bench.device("side_camera")
    camera.capture()
    bench.befall("side_camera", kind)

    with pytest.raises(error, match=says):
        camera.capture()
    bench.wait(1900.0)

    assert isinstance(camera.capture(), np.ndarray)
