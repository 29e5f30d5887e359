import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import Keithley2400Settings
from robot.drivers.keithley_2400 import Keithley2400, codec
from robot.errors import CommandRefused, DeviceFault, LimitExceeded, NotReachable, ReplyLost
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = Keithley2400Settings(model="keithley_2400", port="-", max_current_a=0.01, max_voltage_v=20)
OFF = [Exchange(codec.OUTPUT_OFF), Exchange(codec.ASK_OUTPUT, b"0\n")]
INTRODUCTION = Exchange(codec.ASK_IDENTITY, b"KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30\n")
numbers = st.floats(-1e30, 1e30)


def reads(resistance_ohm: float, status: int = 4096) -> Exchange:
    return Exchange(codec.ASK_READING, f"+0,+0,{resistance_ohm:+.6E},+0,{status:+.6E}\n".encode())


def measures(*passed: Exchange, error: bytes = b'0,"No error"\n') -> tuple[Keithley2400, ReplayPort]:
    setup = [Exchange(line) for line in codec.encode_setup(compliance_v=2.0)]
    checked = Exchange(codec.ASK_ERROR, error)
    passed = (*passed, checked) if MINUS in passed else passed  # once both polarities are read
    port = ReplayPort([INTRODUCTION, *setup, checked, *passed, *OFF])
    return Keithley2400("probe", Wire(port, quarantine_s=0.0), SETTINGS), port


PLUS, ON, MINUS = (
    Exchange(line) for line in (b":SOURCE:CURRENT 0.001\n", codec.OUTPUT_ON, b":SOURCE:CURRENT -0.001\n")
)


@given(numbers, numbers, numbers, st.integers(0, 2**24))
def test_a_reading_is_read_as_it_was_written(voltage: float, current: float, resistance: float, status: int) -> None:
    line = ",".join(f"{number:+.17E}" for number in (voltage, current, resistance, 0.0, status))

    assert codec.decode_reading(line.encode() + b"\n") == codec.Reading(voltage, current, resistance, status)


@pytest.mark.parametrize("reply", [b"", b"\n", b"1,2,3\n", b"1,2,3,4,x\n", b"\xff\n"])
def test_what_is_no_reading_is_refused(reply: bytes) -> None:
    with pytest.raises(ValueError):
        codec.decode_reading(reply)


@pytest.mark.parametrize("reply", [b"2\n", b"\n", b"on\n"])
def test_what_is_no_switch_is_refused(reply: bytes) -> None:
    with pytest.raises(ValueError):
        codec.decode_switch(reply)


def test_thermo_voltages_cancel() -> None:
    probe, port = measures(PLUS, ON, reads(10.02), reads(10.02), MINUS, reads(9.98), reads(9.98))

    reading = probe.measure_resistance(current_a=0.001, compliance_v=2.0, readings=2)

    assert reading.resistance_ohm == pytest.approx(10.0)
    assert port.is_finished


def test_the_doubt_shrinks_with_the_readings() -> None:
    probe, _ = measures(PLUS, ON, reads(10.1), reads(9.9), MINUS, reads(10.1), reads(9.9))

    reading = probe.measure_resistance(current_a=0.001, compliance_v=2.0, readings=2)

    assert reading.std_ohm == pytest.approx(0.1414 / 2, rel=1e-3)  # of four readings, each with a spread of 0.1414


@pytest.mark.parametrize("bad", [reads(10.0, status=8), reads(10.0, status=1), reads(9.9e37), reads(9.91e37)])
def test_compliance_and_overflow_are_no_resistance_and_the_output_goes_off(bad: Exchange) -> None:
    probe, port = measures(PLUS, ON, bad)

    with pytest.raises(DeviceFault):
        probe.measure_resistance(current_a=0.001, compliance_v=2.0, readings=2)

    assert port.is_finished


@pytest.mark.parametrize("minus_ohm", [30.0, -10.0])
def test_polarities_that_disagree_are_no_resistance(minus_ohm: float) -> None:
    probe, _ = measures(PLUS, ON, reads(10.0), reads(10.0), MINUS, reads(minus_ohm), reads(minus_ohm))

    with pytest.raises(DeviceFault, match="the other"):
        probe.measure_resistance(current_a=0.001, compliance_v=2.0, readings=2)


def test_a_refused_set_up_switches_nothing_on() -> None:
    probe, port = measures(error=b'-222,"Parameter data out of range"\n')

    with pytest.raises(CommandRefused, match="-222"):
        probe.measure_resistance(current_a=0.001, compliance_v=2.0, readings=2)

    assert port.is_finished


@pytest.mark.parametrize(
    ("current_a", "compliance_v", "readings"),
    [(0.02, 2.0, 3), (0.001, 21.0, 3), (-0.001, 2.0, 3), (float("nan"), 2.0, 3), (0.001, 2.0, 1)],
)
def test_what_is_not_allowed_is_refused_before_a_byte_is_sent(
    current_a: float, compliance_v: float, readings: int
) -> None:
    with pytest.raises(LimitExceeded):
        Keithley2400("probe", Wire(ReplayPort([])), SETTINGS).measure_resistance(current_a, compliance_v, readings)


def test_another_instrument_is_refused() -> None:
    port = ReplayPort([Exchange(codec.ASK_IDENTITY, b"KEITHLEY INSTRUMENTS INC.,MODEL 2000,1,A02\n")])

    with pytest.raises(NotReachable, match="MODEL 2000"):
        Keithley2400("probe", Wire(port), SETTINGS).connect()


def test_an_output_that_stays_on_is_not_safe() -> None:
    still_on = [Exchange(codec.OUTPUT_OFF), Exchange(codec.ASK_OUTPUT, b"1\n")]

    with pytest.raises(ReplyLost, match="says that it is on"):
        Keithley2400("probe", Wire(ReplayPort(still_on * 2)), SETTINGS).make_safe()
