from typing import Any

import pytest

from robot.errors import CommandRefused, LimitExceeded, ReplyLost

pytestmark = pytest.mark.parametrize(("bench", "name"), [("powders", "doser")], indirect=["bench"])

LI2CO3, MNO, LAST_GRAMS = 1, 2, 4


@pytest.fixture
def doser(bench: Any, name: str) -> Any:
    doser = bench.device(name)
    doser.connect()
    return doser


def finish(bench: Any, doser: Any) -> Any:
    bench.wait_until(lambda: not doser.read_state().busy, at_most_s=600.0)
    return doser.read_state()


def half_way(bench: Any, doser: Any) -> None:
    bench.wait_until(lambda: doser.read_state().dispensed_mg > 0)


def fallen_mg(bench: Any) -> float:
    """Into the crucible, in truth."""
    return float(bench.laboratory.world.bench.spot("chute").top.powder.mass_mg)


@pytest.mark.parametrize(("hopper", "target_mg", "tolerance_mg"), [(1, 2000.0, 4.0), (2, 500.0, 2.0), (1, 10.0, 1.0)])
def test_a_dose_ends_within_its_tolerance(
    bench: Any, doser: Any, hopper: int, target_mg: float, tolerance_mg: float
) -> None:
    number = doser.start_dosing(hopper, target_mg, tolerance_mg)
    accepted = doser.read_state()

    state = finish(bench, doser)

    assert (accepted.busy, accepted.dose) == (True, number)
    assert (state.ending, state.dose, state.hopper, state.fault) == ("done", number, hopper, None)
    assert state.dispensed_mg == pytest.approx(target_mg, abs=tolerance_mg)
    assert fallen_mg(bench) == pytest.approx(state.dispensed_mg, abs=0.6)


def test_a_second_powder_is_weighed_by_itself(bench: Any, doser: Any) -> None:
    doser.start_dosing(LI2CO3, 300.0, 2.0)
    finish(bench, doser)
    doser.start_dosing(MNO, 600.0, 2.0)

    state = finish(bench, doser)

    parts_mg = bench.laboratory.world.bench.spot("chute").top.powder.parts_mg
    assert state.dispensed_mg == pytest.approx(parts_mg["MnO"], abs=0.6)
    assert parts_mg["Li2CO3"] == pytest.approx(300.0, abs=3.0)


@pytest.mark.parametrize(
    ("hopper", "target_mg", "tolerance_mg"),
    [(3, 500.0, 2.0), (1, 4.9, 1.0), (1, 10_001.0, 2.0), (1, 500.0, 0.9), (1, 5.0, 5.1), (1, float("nan"), 1.0)],
)
def test_a_dose_that_it_cannot_give_is_refused_before_a_byte_is_sent(
    bench: Any, name: str, doser: Any, hopper: int, target_mg: float, tolerance_mg: float
) -> None:
    sent = len(bench.wires[name].sent)

    with pytest.raises(LimitExceeded):
        doser.start_dosing(hopper, target_mg, tolerance_mg)

    assert len(bench.wires[name].sent) == sent


def test_of_a_dose_whose_replies_were_all_lost_the_load_cell_tells_how_much_fell(
    bench: Any, name: str, doser: Any
) -> None:
    bench.wires[name].lose_all_replies_from_the_next_act_on()

    with pytest.raises(ReplyLost):
        doser.start_dosing(LI2CO3, 500.0, 2.0)

    bench.wires[name].hear_again()
    state = finish(bench, doser)
    assert fallen_mg(bench) == pytest.approx(state.dispensed_mg, abs=0.6)


def test_without_a_vessel_nothing_falls(bench: Any, doser: Any) -> None:
    world = bench.laboratory.world
    world.pick(world.bench.spot("chute").point)
    bench.wait(5.0)

    with pytest.raises(CommandRefused, match="no vessel"):
        doser.start_dosing(LI2CO3, 500.0, 2.0)

    assert not doser.read_state().has_vessel


def test_a_vessel_taken_away_leaves_a_spill_and_no_claim(bench: Any, doser: Any) -> None:
    doser.declare_filled(LI2CO3, 100_000.0)
    doser.start_dosing(LI2CO3, 2000.0, 4.0)
    bench.wait(0.5)
    world = bench.laboratory.world
    world.pick(world.bench.spot("chute").point)

    state = finish(bench, doser)

    assert (state.ending, state.dispensed_mg, state.remaining_mg[LI2CO3]) == ("no-vessel", None, None)
    assert world.spilled_powder.mass_mg > 0


def test_an_open_door_keeps_powder_in_and_ends_a_dose(bench: Any, name: str, doser: Any) -> None:
    doser.start_dosing(LI2CO3, 2000.0, 4.0)
    half_way(bench, doser)
    bench.laboratory.emulator(name).open_door()

    state = finish(bench, doser)

    assert (state.ending, state.door_is_open) == ("door", True)
    assert 0 < state.dispensed_mg == pytest.approx(fallen_mg(bench), abs=0.6)
    with pytest.raises(CommandRefused, match="door is open"):
        doser.start_dosing(LI2CO3, 500.0, 2.0)


def test_a_clogged_hopper_is_given_up(bench: Any, name: str, doser: Any) -> None:
    bench.laboratory.emulator(name).clog()
    doser.start_dosing(LI2CO3, 500.0, 2.0)

    state = finish(bench, doser)

    assert (state.ending, state.dispensed_mg) == ("no-flow", pytest.approx(0.0, abs=0.6))
    assert "hopper 1 is empty or clogged" in state.fault


def test_a_hopper_that_was_unclogged_is_not_overdosed(bench: Any, name: str, doser: Any) -> None:
    emulator = bench.laboratory.emulator(name)
    emulator.clog()
    doser.start_dosing(LI2CO3, 500.0, 2.0)
    finish(bench, doser)
    emulator.feeder.hoppers[LI2CO3].is_clogged = False

    doser.start_dosing(LI2CO3, 500.0, 2.0)

    assert finish(bench, doser).ending == "done"


def test_what_an_empty_hopper_could_not_give_is_known(bench: Any, doser: Any) -> None:
    doser.start_dosing(LAST_GRAMS, 500.0, 2.0)

    state = finish(bench, doser)

    assert state.ending == "no-flow"
    assert state.dispensed_mg == pytest.approx(300.0, abs=0.6)


def test_a_stopped_dose_is_weighed_and_its_rest_can_be_given(bench: Any, doser: Any) -> None:
    doser.start_dosing(LI2CO3, 2000.0, 4.0)
    half_way(bench, doser)
    doser.stop_dosing()
    stopped = finish(bench, doser)

    doser.start_dosing(LI2CO3, 2000.0 - stopped.dispensed_mg, 4.0)
    finish(bench, doser)

    assert (stopped.ending, stopped.fault) == ("stopped", None)
    assert fallen_mg(bench) == pytest.approx(2000.0, abs=5.0)


def test_a_dose_survives_a_power_cut_in_its_memory(bench: Any, name: str, doser: Any) -> None:
    number = doser.start_dosing(LI2CO3, 2000.0, 4.0)
    half_way(bench, doser)
    bench.laboratory.emulator(name).lose_power()

    state = finish(bench, doser)

    assert (state.dose, state.ending, state.boots) == (number, "power", 2)
    assert 0 < state.dispensed_mg == pytest.approx(fallen_mg(bench), abs=0.6)


def test_silence_ends_a_dose(bench: Any, name: str, doser: Any) -> None:
    doser.start_dosing(LI2CO3, 2000.0, 4.0)
    bench.laboratory.receive(name, b"50 WATCHDOG 10*456C\r\n")
    bench.wait(30.0)

    assert doser.read_state().ending == "silence"


def test_a_doser_that_is_asked_now_and_then_doses_to_the_end(bench: Any, doser: Any) -> None:
    doser.start_dosing(MNO, 10_000.0, 5.0)
    bench.wait(290.0)

    assert doser.read_state().ending == "done"


def test_what_remains_is_unknown_until_somebody_says_it(bench: Any, doser: Any) -> None:
    before = doser.read_state().remaining_mg
    doser.declare_filled(MNO, 250_000.0)
    doser.start_dosing(MNO, 500.0, 2.0)

    state = finish(bench, doser)

    assert before == {1: None, 2: None, 3: None, 4: None}
    assert state.remaining_mg[MNO] == pytest.approx(249_500.0, abs=2.0)


def test_a_full_crucible_spills_and_the_dose_falls_short(bench: Any, doser: Any) -> None:
    world = bench.laboratory.world
    world.drop(world.powders["li2co3"].take(5_900.0), world.bench.spot("chute"))
    bench.wait(5.0)
    doser.start_dosing(LI2CO3, 500.0, 2.0)

    state = finish(bench, doser)

    assert state.ending == "no-flow"
    assert state.dispensed_mg == pytest.approx(100.0, abs=0.6)
    assert world.spilled_powder.mass_mg > 0
