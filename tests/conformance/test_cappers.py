from typing import Any

import pytest

from robot.errors import CommandRefused, LimitExceeded

on_an_open_vial = pytest.mark.parametrize(("bench", "name"), [("cappers", "capper")], indirect=["bench"])
on_a_closed_vial = pytest.mark.parametrize(("bench", "name"), [("cappers", "opener")], indirect=["bench"])
on_both = pytest.mark.parametrize(
    ("bench", "name", "verb", "arguments"),
    [("cappers", "capper", "start_capping", (800,)), ("cappers", "opener", "start_uncapping", ())],
    indirect=["bench"],
)
SITES = {"capper": "clamp", "opener": "vice"}


@pytest.fixture
def capper(bench: Any, name: str) -> Any:
    capper = bench.device(name)
    capper.connect()
    return capper


def finish(bench: Any, capper: Any) -> Any:
    bench.wait_until(lambda: not capper.read_state().busy, at_most_s=30.0)
    return capper.read_state()


def vial(bench: Any, name: str) -> Any:
    return bench.laboratory.world.bench.spot(SITES[name]).top


def take_away(bench: Any, name: str) -> None:
    world = bench.laboratory.world
    world.pick(world.bench.spot(SITES[name]).point)


@on_an_open_vial
def test_a_capping_leaves_the_vial_closed_and_takes_a_cap(bench: Any, name: str, capper: Any) -> None:
    number = capper.start_capping(800)
    accepted = capper.read_state()

    state = finish(bench, capper)

    assert (accepted.busy, accepted.order, accepted.task, accepted.vessel) == (True, number, "cap", "open")
    assert (state.order, state.ending, state.vessel, state.torque_mnm, state.fault) == (
        number,
        "done",
        "capped",
        800,
        None,
    )
    assert state.reached_mnm == pytest.approx(800, rel=0.1)
    assert vial(bench, name).cap == "tight"
    assert bench.laboratory.emulator(name).head.caps == 5


@on_a_closed_vial
def test_an_uncapping_leaves_the_vial_open(bench: Any, name: str, capper: Any) -> None:
    number = capper.start_uncapping()

    state = finish(bench, capper)

    assert (state.order, state.ending, state.task, state.vessel) == (number, "done", "uncap", "open")
    assert vial(bench, name).cap == "none"


@on_an_open_vial
def test_a_cap_weighs_something(bench: Any, name: str, capper: Any) -> None:
    world = bench.laboratory.world
    empty_mg = world.weight_mg(vial(bench, name))
    capper.start_capping(800)
    finish(bench, capper)

    assert world.weight_mg(vial(bench, name)) - empty_mg == vial(bench, name).ware.cap.mass_mg


@on_an_open_vial
def test_a_cap_that_slips_is_taken_off_again_and_the_next_one_holds(bench: Any, name: str, capper: Any) -> None:
    bench.befall(name, "slipping-cap")
    capper.start_capping(800)
    slipped = finish(bench, capper)
    capper.start_capping(800)

    state = finish(bench, capper)

    assert (slipped.ending, slipped.vessel) == ("slipped", "open")
    assert slipped.reached_mnm < 400
    assert (state.ending, state.vessel) == ("done", "capped")
    assert bench.laboratory.emulator(name).head.caps == 4


@on_a_closed_vial
def test_a_stuck_cap_stays_on_and_may_be_tried_again(bench: Any, name: str, capper: Any) -> None:
    bench.befall(name, "stuck-cap")
    capper.start_uncapping()
    stuck = finish(bench, capper)
    capper.start_uncapping()

    state = finish(bench, capper)

    assert (stuck.ending, stuck.vessel) == ("stuck", "capped")
    assert (state.ending, state.vessel) == ("done", "open")


@on_an_open_vial
def test_a_jammed_magazine_leaves_the_vial_open_until_it_is_freed(bench: Any, name: str, capper: Any) -> None:
    bench.befall(name, "jammed-magazine")
    capper.start_capping(800)
    jammed = finish(bench, capper)
    bench.wait(2000.0)
    capper.start_capping(800)

    state = finish(bench, capper)

    assert (jammed.ending, jammed.vessel) == ("no-cap", "open")
    assert state.ending == "done"


@on_an_open_vial
def test_an_empty_magazine_is_told_and_nothing_moves(bench: Any, name: str, capper: Any) -> None:
    bench.laboratory.emulator(name).head.caps = 0

    with pytest.raises(CommandRefused, match="magazine is empty"):
        capper.start_capping(800)

    assert not capper.read_state().has_caps
    assert bench.laboratory.counts()[name] == {}


@on_an_open_vial
def test_a_closed_vial_takes_no_second_cap(bench: Any, name: str, capper: Any) -> None:
    capper.start_capping(800)
    finish(bench, capper)

    with pytest.raises(CommandRefused, match="wears a cap already"):
        capper.start_capping(800)


@on_an_open_vial
def test_an_open_vial_cannot_be_opened(bench: Any, name: str, capper: Any) -> None:
    with pytest.raises(CommandRefused, match="wears no cap"):
        capper.start_uncapping()


@on_an_open_vial
@pytest.mark.parametrize("torque_mnm", [49, 801, 100.5, float("nan")])
def test_what_it_cannot_do_is_refused_before_a_byte_is_sent(
    bench: Any, name: str, capper: Any, torque_mnm: float
) -> None:
    sent = len(bench.wires[name].sent)

    with pytest.raises(LimitExceeded):
        capper.start_capping(torque_mnm)

    assert len(bench.wires[name].sent) == sent


@on_both
def test_without_a_vessel_nothing_moves(
    bench: Any, name: str, capper: Any, verb: str, arguments: tuple[float, ...]
) -> None:
    take_away(bench, name)

    with pytest.raises(CommandRefused, match="no vessel"):
        getattr(capper, verb)(*arguments)

    assert bench.laboratory.counts()[name] == {}


@on_both
@pytest.mark.parametrize("after_s", [1.0, 4.0])
def test_a_vessel_taken_away_ends_an_order(
    bench: Any, name: str, capper: Any, verb: str, arguments: tuple[float, ...], after_s: float
) -> None:
    getattr(capper, verb)(*arguments)
    bench.wait(after_s)
    take_away(bench, name)

    state = finish(bench, capper)

    assert (state.ending, state.vessel) == ("no-vessel", "none")


@on_both
def test_an_order_survives_a_power_cut_in_its_memory(
    bench: Any, name: str, capper: Any, verb: str, arguments: tuple[float, ...]
) -> None:
    number = getattr(capper, verb)(*arguments)
    bench.wait(4.0)
    bench.befall(name, "power-loss")

    state = finish(bench, capper)

    assert (state.order, state.ending, state.boots, state.vessel) == (number, "power", 2, "capped")
    assert vial(bench, name).cap == "loose"
    assert "loosely" in state.fault


@on_an_open_vial
def test_a_loose_cap_comes_off(bench: Any, name: str, capper: Any) -> None:
    capper.start_capping(800)
    bench.wait_until(lambda: capper.read_state().vessel == "capped")
    capper.make_safe()
    stopped = capper.read_state()
    capper.start_uncapping()

    state = finish(bench, capper)

    assert (stopped.ending, stopped.vessel, stopped.fault) == ("stopped", "capped", None)
    assert (state.ending, state.vessel) == ("done", "open")
