from typing import Any

import pytest

from robot.errors import DeviceFault, ReplyLost


@pytest.fixture
def probe(bench: Any) -> Any:
    probe = bench.device("probe")
    probe.connect()
    return probe


def test_the_output_is_off_to_begin_with(probe: Any) -> None:
    assert probe.read_output_is_on() is False


@pytest.mark.parametrize("film_ohm", [2.0, 3000.0])
def test_a_film_is_measured_within_its_doubt(
    bench: Any, probe: Any, monkeypatch: pytest.MonkeyPatch, film_ohm: float
) -> None:
    monkeypatch.setattr(bench.laboratory.emulator("probe").stage, "resistance_ohm", lambda: film_ohm)

    reading = probe.measure_resistance(current_a=1e-4, compliance_v=20.0, readings=10)

    assert abs(reading.resistance_ohm - film_ohm) < 4 * reading.std_ohm
    assert reading.std_ohm < 0.01 * film_ohm
    assert probe.read_output_is_on() is False


def test_a_lifted_probe_is_no_resistance_and_the_output_goes_off(probe: Any) -> None:
    with pytest.raises(DeviceFault, match="voltage limit"):
        probe.measure_resistance(current_a=1e-4, compliance_v=20.0, readings=3)

    assert probe.read_output_is_on() is False


def test_whichever_reply_is_lost_the_output_is_off_in_the_end(bench: Any, probe: Any) -> None:
    for ahead in range(1, 30):
        bench.wires["probe"].lose_reply(ahead)
        with pytest.raises(DeviceFault):
            probe.measure_resistance(current_a=1e-4, compliance_v=20.0, readings=3)

        assert probe.read_output_is_on() is False


def test_a_meter_that_falls_silent_was_ordered_off(bench: Any, probe: Any) -> None:
    wire = bench.wires["probe"]
    wire.lose_all_replies()

    with pytest.raises(ReplyLost):
        probe.measure_resistance(current_a=1e-4, compliance_v=20.0, readings=3)

    assert b":OUTPUT 0\n" in wire.sent
    assert b":OUTPUT 1\n" not in wire.sent
