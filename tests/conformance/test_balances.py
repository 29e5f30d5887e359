from typing import Any

import pytest

from robot.errors import Busy, DeviceFault, ReplyLost

pytestmark = pytest.mark.parametrize(("bench", "name"), [("liquids", "balance")], indirect=["bench"])


@pytest.fixture
def balance(bench: Any, name: str) -> Any:
    balance = bench.device(name)
    balance.connect()
    return balance


def pour(bench: Any, stock: str, volume_ul: float) -> None:
    world = bench.laboratory.world
    world.pour(world.stocks[stock].take(volume_ul), world.bench.spot("scale"))


def test_a_balance_at_rest_shows_nothing(balance: Any) -> None:
    weight = balance.read_weight()

    assert weight.is_stable
    assert weight.mass_mg == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize(("stock", "mg_per_ul"), [("water", 1.0), ("ink", 1.11)])
def test_a_dose_weighs_what_was_poured(bench: Any, balance: Any, stock: str, mg_per_ul: float) -> None:
    pour(bench, stock, 1500.0)
    bench.wait(10.0)

    assert balance.read_weight().mass_mg == pytest.approx(1500.0 * mg_per_ul, abs=0.5)


def test_a_vessel_taken_away_weighs_less(bench: Any, balance: Any) -> None:
    spot = bench.laboratory.world.bench.spot("scale")
    vial = bench.laboratory.world.pick(spot.point)
    bench.wait(10.0)

    assert balance.read_weight().mass_mg == pytest.approx(-vial.ware.mass_mg, abs=0.5)


def test_a_balance_that_was_disturbed_says_that_it_moves(bench: Any, balance: Any) -> None:
    pour(bench, "water", 1000.0)

    assert not balance.read_weight().is_stable
    bench.wait_until(lambda: balance.read_weight().is_stable, step_s=0.1, at_most_s=10.0)


def test_taring_takes_what_stands_there_for_nothing(bench: Any, balance: Any) -> None:
    pour(bench, "water", 1000.0)
    bench.wait(10.0)

    tare_mg = balance.tare()
    pour(bench, "water", 200.0)
    bench.wait(10.0)

    assert tare_mg == balance.read_tare_mg() == pytest.approx(1000.0, abs=0.5)
    assert balance.read_weight().mass_mg == pytest.approx(200.0, abs=0.5)


def test_what_moves_is_not_tared(bench: Any, name: str, balance: Any) -> None:
    pour(bench, "water", 1000.0)

    with pytest.raises(Busy) as caught:
        balance.tare()

    assert not caught.value.may_have_acted
    assert bench.laboratory.counts()[name] == {}


def test_a_tare_whose_reply_was_lost_is_not_repeated_and_reading_tells(bench: Any, name: str, balance: Any) -> None:
    pour(bench, "water", 1000.0)
    bench.wait(10.0)
    bench.wires[name].lose_reply(ahead=2)

    with pytest.raises(ReplyLost) as caught:
        balance.tare()

    assert caught.value.may_have_acted
    assert bench.laboratory.counts()[name] == {"tare": 1}
    assert balance.read_tare_mg() == pytest.approx(1000.0, abs=0.5)


def test_overload_is_a_fault_and_no_weight(bench: Any, balance: Any) -> None:
    spot = bench.laboratory.world.bench.spot("scale")
    spot.vessels.extend(spot.vessels * 20)

    with pytest.raises(DeviceFault, match="beyond its range"):
        balance.read_weight()


def test_a_stream_of_weights_that_somebody_left_on_is_ended(bench: Any, name: str, balance: Any) -> None:
    bench.wires[name].write(b"SIR\r\n")
    bench.wait(5.0)

    balance.make_safe()

    assert bench.wires[name].read(0.0) == b""
    bench.wait(5.0)
    assert bench.wires[name].read(0.0) == b""
