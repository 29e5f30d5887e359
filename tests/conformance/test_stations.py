"""Stations that number their orders: whatever is lost on the way, each order is done once."""

from typing import Any

import pytest

from robot.errors import Busy, ReplyLost

every_order = pytest.mark.parametrize(
    ("bench", "name", "verb", "arguments"),
    [
        ("powders", "doser", "start_dosing", (1, 500.0, 2.0)),
        ("handlers", "handler", "start_shaking", (60, 1000)),
        ("handlers", "handler", "start_transferring", (150.0,)),
        ("cappers", "capper", "start_capping", (800,)),
        ("cappers", "opener", "start_uncapping", ()),
    ],
    indirect=["bench"],
)


@pytest.fixture
def station(bench: Any, name: str) -> Any:
    station = bench.device(name)
    station.connect()
    return station


def finished_order(bench: Any, station: Any) -> int:
    """The number of the last order, once it is over."""
    bench.wait_until(lambda: not station.read_state().busy, at_most_s=600.0)
    state = station.read_state()
    return int(state.dose if hasattr(state, "dose") else state.order)


def orders_begun(bench: Any, name: str) -> int:
    return sum(bench.laboratory.counts()[name].values())


@every_order
def test_one_order_at_a_time(bench: Any, name: str, station: Any, verb: str, arguments: tuple[float, ...]) -> None:
    getattr(station, verb)(*arguments)

    with pytest.raises(Busy) as caught:
        getattr(station, verb)(*arguments)

    assert not caught.value.may_have_acted
    finished_order(bench, station)
    assert orders_begun(bench, name) == 1


@every_order
@pytest.mark.parametrize("ahead", range(1, 5))
def test_whichever_reply_is_lost_an_order_is_done_once(
    bench: Any, name: str, station: Any, verb: str, arguments: tuple[float, ...], ahead: int
) -> None:
    bench.wires[name].lose_reply(ahead)

    number = getattr(station, verb)(*arguments)

    assert finished_order(bench, station) == number == 1
    assert orders_begun(bench, name) == 1


@every_order
def test_an_order_whose_replies_are_all_lost_is_told_by_its_number(
    bench: Any, name: str, station: Any, verb: str, arguments: tuple[float, ...]
) -> None:
    bench.wires[name].lose_all_replies_from_the_next_act_on()

    with pytest.raises(ReplyLost) as caught:
        getattr(station, verb)(*arguments)

    assert caught.value.may_have_acted
    bench.wires[name].hear_again()
    assert finished_order(bench, station) == 1
    assert orders_begun(bench, name) == 1
