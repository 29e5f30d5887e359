"""Pumps, balance and hotplate with a kernel between driver and emulator: pseudo-terminals, and HTTP over TCP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from robot.config import LabConfig
from robot.fleet import Fleet, open_fleet
from robot.settings import moved

LAB = Path(__file__).parent / "benches" / "liquids.yaml"


@pytest.fixture(scope="module")
def fleet(hosted: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """The bench's devices, driven as on a real bench; their far sides live in a process of its own."""
    lab = LabConfig.load(LAB)
    with hosted(LAB, tmp_path_factory.mktemp("host") / "truth.jsonl", 100) as addresses:
        devices = {name: moved(name, device, addresses) for name, device in lab.devices.items()}
        with open_fleet(lab.model_copy(update={"devices": devices})) as fleet:
            yield fleet


def until_ready(pump: Any) -> Any:
    """Wait in the bench's own hundredfold time."""
    while (state := pump.read_state()).busy:
        pass
    return state


@pytest.fixture
def pump(fleet: Fleet) -> Any:
    """The OEM pump, initialised, its valve on water."""
    pump: Any = fleet.devices["oem_pump"]
    pump.start_initialising(9)
    until_ready(pump)
    pump.start_turning_valve(2)
    until_ready(pump)
    return pump


def test_every_device_says_who_it_is(fleet: Fleet) -> None:
    assert all(identity.model for identity in fleet.connect_all().values())


def test_what_a_pump_doses_the_balance_finds(fleet: Fleet, pump: Any) -> None:
    balance: Any = fleet.devices["balance"]
    before_mg = balance.read_weight().mass_mg
    pump.start_moving_plunger(500.0, 100.0)
    until_ready(pump)
    pump.start_turning_valve(6)
    until_ready(pump)
    pump.start_moving_plunger(0.0, 100.0)
    until_ready(pump)

    while not (weight := balance.read_weight()).is_stable:
        pass

    assert weight.mass_mg - before_mg == pytest.approx(500.0, rel=0.02)


def test_a_syringe_infuses_with_its_watchdog_armed(fleet: Fleet) -> None:
    syringe: Any = fleet.devices["syringe"]
    syringe.declare_filled()

    syringe.start_moving_plunger(3000.0, 90.0)

    state = until_ready(syringe)
    assert (state.volume_ul, state.fault) == (3000.0, None)


def test_a_robot_takes_a_tip_and_draws(fleet: Fleet) -> None:
    handler: Any = fleet.devices["handler"]
    handler.start_initialising(4)
    until_ready(handler)
    handler.start_taking_tip(0)
    until_ready(handler)
    handler.start_turning_valve(2)
    until_ready(handler)

    handler.start_moving_plunger(200.0, 90.0)

    assert until_ready(handler).volume_ul == 200.0


def test_a_gantry_takes_a_tip_and_draws_over_two_lines(fleet: Fleet) -> None:
    tipper: Any = fleet.devices["tipper"]
    tipper.start_initialising(tipper.ports["waste"])
    until_ready(tipper)
    tipper.start_taking_tip(0)
    until_ready(tipper)
    tipper.start_turning_valve(tipper.ports["water"])
    until_ready(tipper)

    tipper.start_moving_plunger(500.0, 100.0)

    state = until_ready(tipper)
    assert (state.volume_ul, state.has_tip, state.port) == (500.0, True, tipper.ports["water"])


def test_a_hotplate_is_told_and_read_back(fleet: Fleet) -> None:
    hotplate: Any = fleet.devices["hotplate"]

    hotplate.start_heating(60.0)

    assert hotplate.read_state().target_c == 60.0


def test_all_are_made_safe(fleet: Fleet) -> None:
    assert set(fleet.make_all_safe().values()) == {None}
