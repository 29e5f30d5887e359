"""Liquids by every kind of pump and pipette: what the protocol says is in the vessels, whatever fails, and tips are used once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.checking import examine
from console.runfolder import RunFolder, Setup
from hardware_sim.laboratory import Laboratory

from .conftest import Rehearsal, after

LAB = Path(__file__).parent / "benches" / "liquids.yaml"
PIPETTES = ("valve_pump", "handler", "tipper")
TIPPED = ("handler", "tipper")
TIPS_PER_SAMPLE = 4  # ink, water, mix, transfer
INK_UL, WATER_UL, POURED_UL = 600.0, 1400.0, 500.0

every_pipette = pytest.mark.parametrize("name", PIPETTES)
every_tip_pipette = pytest.mark.parametrize("name", TIPPED)
Rehearse = Callable[..., Rehearsal]


def steps(name: str) -> list[dict[str, Any]]:
    """A vial is filled from two stocks and mixed, some of it goes into a cup; a syringe with one stock only fills."""
    a, b = {"with": name, "at": f"{name}_a"}, {"with": name, "at": f"{name}_b"}
    water = {"dose": {"into": "vial", **a, "volume_ul": WATER_UL, "liquid": "water"}}
    away = {"discard": {"what": "vial", "to": "rubbish"}}
    if name == "syringe":
        return [water, away]
    return [
        {"dose": {"into": "vial", **a, "volume_ul": INK_UL, "liquid": "ink"}},
        water,
        {"mix": {"what": "vial", **a, "volume_ul": 250, "cycles": 2}},
        {"transfer": {"from": "vial", "into": "cup", **b, "volume_ul": POURED_UL}},
        *([{"wash": {"with": name, "liquid": "water", "to": "waste", "volume_ul": 500}}] if name == "valve_pump" else []),
        away,
        {"discard": {"what": "cup", "to": "rubbish"}, "name": "clear"},
    ]  # fmt: skip


def write_protocol(folder: Path, name: str) -> Path:
    vessels = ["vial"] if name == "syringe" else ["vial", "cup"]
    protocol = {
        "protocol": f"liquids with {name}",
        "vessels": {vessel: {"labware": "vial-20ml", "from": "vials"} for vessel in vessels},
        "steps": steps(name),
    }
    path = folder / "liquids.yaml"
    path.write_text(yaml.safe_dump(protocol, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def liquids(tmp_path: Path) -> Rehearse:
    """Prepare a run with one kind of pump or pipette."""

    def make(name: str, run: str = "run", *, faults: str = "", samples: int = 2) -> Rehearsal:
        folder = RunFolder.create(tmp_path / run, LAB, write_protocol(tmp_path, name), None)
        folder.write_setup(Setup("loopback", 7, 300.0, faults=faults, vision=False, samples=[{}] * samples))
        return Rehearsal(folder)

    return make


def contents(truth: Laboratory) -> dict[str, dict[str, float]]:
    """What is truly in each vessel that was ever filled."""
    return {vessel.name: vessel.contents.state() for vessel in truth.world.bench.pieces if vessel.contents.parts_ul}


def tips_gone(truth: Laboratory, name: str) -> list[int]:
    """The places of the rack where truly no tip stands any more."""
    emulator: Any = truth.emulator(name)
    if name == "tipper":
        return sorted(set(range(96)) - emulator.nozzle.tips)
    columns = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]
    return [place for place, well in enumerate(columns) if well not in emulator.tips]


def wears_tip(truth: Laboratory, name: str) -> bool:
    emulator: Any = truth.emulator(name)
    return bool(emulator.nozzle.tip is not None if name == "tipper" else emulator.tip_is_on)


def assert_vessels_hold_what_was_asked(truth: Laboratory, samples: int, rel: float = 0.03) -> None:
    found = contents(truth)
    shares = INK_UL / (INK_UL + WATER_UL)
    rest_ul = INK_UL + WATER_UL - POURED_UL
    for sample in range(samples):
        vial, cup = found[f"vials-{2 * sample}"], found[f"vials-{2 * sample + 1}"]
        assert vial == pytest.approx({"ink": shares * rest_ul, "water": (1 - shares) * rest_ul}, rel=rel)
        assert cup == pytest.approx({"ink": shares * POURED_UL, "water": (1 - shares) * POURED_UL}, rel=rel)


@pytest.mark.parametrize("name", [*PIPETTES, "syringe"])
def test_what_is_asked_passes_the_check_without_a_word(name: str, tmp_path: Path) -> None:
    result = examine(write_protocol(tmp_path, name), LAB, lambda recipe: [{}] * 2)

    assert result.told == []


@every_pipette
def test_vessels_truly_hold_what_was_asked(liquids: Rehearse, name: str) -> None:
    run = liquids(name)

    run.conduct()

    truth = run.truth_on_file()
    assert [*run.statuses().values()] == ["finished", "finished"]
    assert_vessels_hold_what_was_asked(truth, samples=2)
    assert truth.world.spilled.volume_ul == 0


@every_pipette
def test_a_run_lasts_about_as_long_as_foretold(liquids: Rehearse, name: str, tmp_path: Path) -> None:
    foretold = examine(write_protocol(tmp_path, name), LAB, lambda recipe: [{}] * 2).preflight.duration_s
    run = liquids(name)

    run.conduct()

    homing_s = 60.0
    assert run.events()[-1].time_s == pytest.approx(foretold, rel=0.15, abs=homing_s)


@every_tip_pipette
def test_each_tip_is_used_once_and_counted(liquids: Rehearse, name: str) -> None:
    run = liquids(name)

    inventory = run.conduct().executor.course.inventory

    truth = run.truth_on_file()
    assert tips_gone(truth, name) == list(range(2 * TIPS_PER_SAMPLE))
    assert inventory.tips_taken == {name: 2 * TIPS_PER_SAMPLE}
    assert not wears_tip(truth, name)


def test_a_syringe_doses_its_stock_and_its_watchdog_never_barks(liquids: Rehearse) -> None:
    run = liquids("syringe")

    run.conduct()

    truth = run.truth_on_file()
    found = contents(truth)
    assert [found[f"vials-{n}"]["water"] for n in (0, 1)] == pytest.approx([WATER_UL, WATER_UL], rel=0.03)
    assert not any(effect["effect"] == "watchdog" and effect["t"] < 100.0 for effect in truth.effects)


# --- faults


@every_tip_pipette
@pytest.mark.parametrize("nth", range(1, 31, 5))
def test_a_lost_reply_costs_nothing(liquids: Rehearse, name: str, nth: int) -> None:
    run = liquids(name, faults=f"lost-reply@{name}:{nth}", samples=1)

    over, truth = run.conduct_struck()

    assert over.executor.stopped_because == ""
    assert_vessels_hold_what_was_asked(truth, samples=1)
    assert tips_gone(truth, name) == list(range(TIPS_PER_SAMPLE))


@pytest.mark.parametrize("nth", [1, 2])
def test_a_lost_reply_of_a_syringe_costs_nothing(liquids: Rehearse, nth: int) -> None:
    over, truth = liquids("syringe", faults=f"lost-reply@syringe:{nth}").conduct_struck()

    assert over.executor.stopped_because == ""
    assert contents(truth)["vials-0"]["water"] == pytest.approx(WATER_UL, rel=0.03)


@every_tip_pipette
def test_a_tip_that_was_not_there_leaves_a_vessel_without_its_liquid_and_nothing_is_spilled(
    liquids: Rehearse, name: str
) -> None:
    over, truth = liquids(name, faults=f"missing-tip@{name}:1+0", samples=1).conduct_struck()

    assert over.executor.stopped_because == ""
    assert "ink" not in contents(truth)["vials-0"]
    assert truth.world.spilled.volume_ul == 0


@pytest.mark.parametrize("fault", ["plunger-overload@tipper/pump:7+0.7", "power-loss@tipper/pump:7+0.7"])
def test_a_pump_that_loses_its_home_behind_a_tip_costs_one_sample(liquids: Rehearse, fault: str) -> None:
    run = liquids("tipper", faults=fault)

    over, truth = run.conduct_struck()

    assert over.executor.stopped_because == ""
    assert [*run.statuses().values()] == ["set aside", "finished"]
    assert not wears_tip(truth, "tipper")


@every_tip_pipette
def test_after_a_person_has_looked_a_run_goes_on_with_fresh_tips(liquids: Rehearse, name: str) -> None:
    run = liquids(name, faults=f"refusal@{'tipper/gantry' if name == 'tipper' else name}:7+0.7")
    over, _ = run.conduct_struck()
    assert over.executor.stopped_because

    run.conduct(resume=True)

    truth = run.truth_on_file()
    assert [*run.statuses().values()] == ["set aside", "finished"]
    assert tips_gone(truth, name) == list(range(1 + TIPS_PER_SAMPLE))
    assert not wears_tip(truth, name)


@pytest.mark.parametrize("request_", [35, 44])
def test_a_syringe_that_its_watchdog_stopped_pushes_out_the_rest_and_no_more(liquids: Rehearse, request_: int) -> None:
    over, truth = liquids("syringe", faults=f"unplugged@syringe:{request_}", samples=1).conduct_struck()

    assert over.executor.stopped_because == ""
    assert contents(truth)["vials-0"]["water"] == pytest.approx(WATER_UL, rel=0.03)


def test_a_syringe_that_loses_its_power_under_way_stops_for_a_person(liquids: Rehearse) -> None:
    run = liquids("syringe", faults="power-loss@syringe:1+5", samples=1)

    over, truth = run.conduct_struck()

    assert "syringe" in over.executor.stopped_because
    assert contents(truth)["vials-0"]["water"] < WATER_UL / 2


# --- crashes


@every_tip_pipette
@pytest.mark.parametrize("seq", [9, 21, 27, 33, 41, 53, 90, 140, 200])
def test_an_engine_that_dies_uses_no_tip_twice_and_loses_none(liquids: Rehearse, name: str, seq: int) -> None:
    run = liquids(name, samples=1)
    run.conduct_and_die(after(seq))

    run.conduct(resume=True)

    truth = run.truth_on_file()
    assert [*run.statuses().values()] == ["finished"]
    assert tips_gone(truth, name) == list(range(TIPS_PER_SAMPLE))
    assert not wears_tip(truth, name)
    assert_vessels_hold_what_was_asked(truth, samples=1)


@pytest.mark.parametrize("seq", range(20, 44, 4))
def test_an_engine_that_dies_lets_a_syringe_dose_once(liquids: Rehearse, seq: int) -> None:
    run = liquids("syringe", samples=1)
    run.conduct_and_die(after(seq))

    run.conduct(resume=True)

    truth = run.truth_on_file()
    assert [*run.statuses().values()] == ["finished"]
    assert contents(truth)["vials-0"]["water"] == pytest.approx(WATER_UL, rel=0.03)


def test_the_example_mixes_three_solvents_by_two_devices(tmp_path: Path, film_bench: Path) -> None:
    example = film_bench.parent / "liquid_bench"
    folder = RunFolder.create(tmp_path / "run", example / "lab.yaml", example / "protocol.yaml", None)
    folder.write_setup(Setup("loopback", 7, 300.0, vision=False, samples=[{"ethanol_ul": 1200.0}]))
    run = Rehearsal(folder)

    run.conduct()

    mixture = {"ethanol": 1200.0, "toluene": 500.0, "chlorobenzene": 500.0}
    assert contents(run.truth_on_file())["vials-0"] == pytest.approx(mixture, rel=0.03)


def test_in_the_example_a_balance_finds_that_no_tip_was_there(tmp_path: Path, film_bench: Path) -> None:
    example = film_bench.parent / "liquid_bench"
    folder = RunFolder.create(tmp_path / "run", example / "lab.yaml", example / "protocol.yaml", None)
    folder.write_setup(Setup("loopback", 7, 300.0, faults="missing-tip@pipette:1+0", vision=False, samples=[{}, {}]))
    run = Rehearsal(folder)

    run.conduct()

    assert sorted(run.statuses().values()) == ["finished", "set aside"]
