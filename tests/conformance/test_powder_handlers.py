from typing import Any

import pytest

from robot.errors import CommandRefused, LimitExceeded

pytestmark = pytest.mark.parametrize(("bench", "name"), [("handlers", "handler")], indirect=["bench"])


@pytest.fixture
def handler(bench: Any, name: str) -> Any:
    handler = bench.device(name)
    handler.connect()
    return handler


def finish(bench: Any, handler: Any) -> Any:
    bench.wait_until(lambda: not handler.read_state().busy, at_most_s=1000.0)
    return handler.read_state()


def powder(bench: Any, site: str) -> Any:
    return bench.laboratory.world.bench.spot(site).top.powder


def take_away(bench: Any, site: str) -> None:
    world = bench.laboratory.world
    world.pick(world.bench.spot(site).point)
    bench.wait(5.0)


def cake(bench: Any) -> None:
    powder(bench, "shaker").loose_fraction = 0.05


def test_shaking_lasts_as_long_as_it_was_told_and_mixes(bench: Any, handler: Any) -> None:
    number = handler.start_shaking(120, 1500)
    accepted = handler.read_state()

    state = finish(bench, handler)

    assert (accepted.busy, accepted.order, accepted.task) == (True, number, "shake")
    assert (state.order, state.ending, state.shaken_s, state.fault) == (number, "done", 120.0, None)
    assert (state.duration_s, state.speed_rpm) == (120.0, 1500.0)
    assert powder(bench, "shaker").mixed_fraction > 0.95


def test_a_transfer_brings_over_what_was_asked_for_and_not_twice_as_much(bench: Any, handler: Any) -> None:
    handler.start_transferring(150.0)

    state = finish(bench, handler)

    assert (state.ending, state.task, state.target_mg) == ("done", "transfer", 150.0)
    assert 150.0 <= state.gained_mg < 300.0
    assert powder(bench, "funnel").mass_mg == pytest.approx(state.gained_mg, abs=0.6)


def test_a_transfer_takes_all_phases_alike(bench: Any, handler: Any) -> None:
    handler.start_transferring(150.0)
    finish(bench, handler)

    assert powder(bench, "funnel").fraction("LiMn2O4") == pytest.approx(0.7)


def test_some_powder_sticks_and_some_is_dust(bench: Any, handler: Any) -> None:
    world = bench.laboratory.world
    handler.start_transferring(150.0)
    finish(bench, handler)

    assert 0 < world.spilled_powder.mass_mg < 5.0
    assert world.powder_everywhere().mass_mg == pytest.approx(1000.0)


def test_a_holder_that_was_used_is_dirty_ever_after(bench: Any, handler: Any) -> None:
    world = bench.laboratory.world
    handler.start_transferring(150.0)
    finish(bench, handler)
    holder, crucible = (world.pick(world.bench.spot(site).point) for site in ("funnel", "shaker"))
    world.bench.spot("shaker").vessels.append(holder)
    world.bench.spot("funnel").vessels.append(crucible)
    bench.wait(5.0)
    handler.start_transferring(10_000.0)

    state = finish(bench, handler)

    assert state.ending == "no-gain"
    assert holder.powder.mass_mg == pytest.approx(8.0, abs=0.1)


def test_a_cake_gives_nothing_until_it_is_shaken(bench: Any, handler: Any) -> None:
    cake(bench)
    handler.start_transferring(400.0)
    caked = finish(bench, handler)
    handler.start_shaking(120, 2000)
    finish(bench, handler)
    handler.start_transferring(400.0)

    loose = finish(bench, handler)

    assert caked.ending == "no-gain"
    assert "caked" in caked.fault
    assert loose.ending == "done"


def test_a_clogged_sieve_is_given_up_and_works_again_once_it_is_brushed(bench: Any, name: str, handler: Any) -> None:
    bench.laboratory.emulator(name).clog()
    handler.start_transferring(150.0)
    clogged = finish(bench, handler)
    bench.wait(2000.0)
    handler.start_transferring(150.0)

    brushed = finish(bench, handler)

    assert (clogged.ending, clogged.gained_mg) == ("no-gain", pytest.approx(0.0, abs=0.6))
    assert brushed.ending == "done"


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("start_shaking", (0.5, 1000)),
        ("start_shaking", (3601, 1000)),
        ("start_shaking", (10.5, 1000)),
        ("start_shaking", (60, 2001)),
        ("start_shaking", (60, float("nan"))),
        ("start_transferring", (0.5,)),
        ("start_transferring", (20_001.0,)),
    ],
)
def test_what_it_cannot_do_is_refused_before_a_byte_is_sent(
    bench: Any, name: str, handler: Any, verb: str, arguments: tuple[float, ...]
) -> None:
    sent = len(bench.wires[name].sent)

    with pytest.raises(LimitExceeded):
        getattr(handler, verb)(*arguments)

    assert len(bench.wires[name].sent) == sent


@pytest.mark.parametrize(
    ("site", "verb", "arguments", "said"),
    [
        ("shaker", "start_shaking", (60, 1000), "first place"),
        ("shaker", "start_transferring", (100.0,), "first place"),
        ("funnel", "start_transferring", (100.0,), "second place"),
    ],
)
def test_without_a_vessel_nothing_moves(
    bench: Any, name: str, handler: Any, site: str, verb: str, arguments: tuple[float, ...], said: str
) -> None:
    take_away(bench, site)

    with pytest.raises(CommandRefused, match=said):
        getattr(handler, verb)(*arguments)

    assert bench.laboratory.counts()[name] == {}


def test_shaking_needs_no_second_vessel(bench: Any, handler: Any) -> None:
    take_away(bench, "funnel")

    handler.start_shaking(10, 1000)

    assert finish(bench, handler).ending == "done"


@pytest.mark.parametrize(("site", "gained"), [("shaker", True), ("funnel", False)])
def test_a_vessel_taken_away_ends_a_transfer(bench: Any, handler: Any, site: str, gained: bool) -> None:
    handler.start_transferring(400.0)
    bench.wait_until(lambda: handler.read_state().gained_mg > 0)
    take_away(bench, site)

    state = finish(bench, handler)

    assert state.ending == "no-vessel"
    assert (state.gained_mg is not None) is gained


def test_an_open_door_ends_an_order_and_takes_none(bench: Any, name: str, handler: Any) -> None:
    handler.start_shaking(60, 1000)
    bench.wait_until(lambda: handler.read_state().shaken_s == 20.0)
    bench.laboratory.emulator(name).open_door()

    state = finish(bench, handler)

    assert (state.ending, state.shaken_s, state.door_is_open) == ("door", 20.0, True)
    with pytest.raises(CommandRefused, match="door is open"):
        handler.start_shaking(60, 1000)


def test_a_stopped_transfer_is_weighed_and_its_rest_can_be_brought_over(bench: Any, handler: Any) -> None:
    handler.start_transferring(400.0)
    bench.wait_until(lambda: handler.read_state().gained_mg > 0)
    handler.stop_handling()
    stopped = finish(bench, handler)

    handler.start_transferring(400.0 - stopped.gained_mg)
    finish(bench, handler)

    assert (stopped.ending, stopped.fault) == ("stopped", None)
    assert powder(bench, "funnel").mass_mg >= 400.0 - 0.6


def test_an_order_survives_a_power_cut_in_its_memory(bench: Any, name: str, handler: Any) -> None:
    number = handler.start_transferring(400.0)
    bench.wait(6.0)
    bench.laboratory.emulator(name).lose_power()

    state = finish(bench, handler)

    assert (state.order, state.ending, state.boots) == (number, "power", 2)
    assert state.gained_mg == pytest.approx(powder(bench, "funnel").mass_mg, abs=0.6)


def test_silence_ends_an_order(bench: Any, name: str, handler: Any) -> None:
    handler.start_shaking(600, 1000)
    bench.wait(400.0)

    state = handler.read_state()

    assert (state.ending, state.shaken_s) == ("silence", 300.0)


def test_make_safe_stands_still_at_once(bench: Any, handler: Any) -> None:
    handler.start_shaking(600, 1000)
    bench.wait(10.0)

    handler.make_safe()

    assert (handler.read_state().ending, handler.read_state().shaken_s) == ("stopped", 10.0)
