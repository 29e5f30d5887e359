from math import log, pi

import pytest

from .conftest import Hands

SET_UP = ":SYST:RSEN 1;:SOUR:FUNC CURR;:SOUR:CURR 1E-4;:SENS:VOLT:PROT 20;:SENS:FUNC 'RES'"


def reading(hands: Hands) -> list[float]:
    return [float(word) for word in hands.probe(":READ?").split(b",")]


def test_it_says_who_it_is(hands: Hands) -> None:
    assert hands.probe("*IDN?").startswith(b"KEITHLEY INSTRUMENTS INC.,MODEL 2400,")


def test_reading_with_the_output_off_is_an_error_and_silence(hands: Hands) -> None:
    assert hands.probe(":READ?") == b""
    assert hands.probe(":SYST:ERR?") == b'803,"Not permitted with OUTPUT off"\n'
    assert hands.probe(":SYST:ERR?") == b'0,"No error"\n'


@pytest.mark.parametrize("query", [":MEASURE:VOLTAGE?", ":MEAS:CURR?", ":SENSE:FUNCTION:ALL;:MEAS:RES?"])
def test_measuring_switches_the_output_on_and_tells_all_elements(hands: Hands, query: str) -> None:
    told = hands.probe(query)

    assert told.count(b",") == 4
    assert hands.probe(":OUTP?") == b"1\n"
    assert hands.probe(":SYST:ERR?") == b'0,"No error"\n'


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (":NONSENSE 1", b'-113,"Undefined header"\n'),
        (":SOUR:CURR 2", b'-222,"Parameter data out of range"\n'),
        (":SOUR:CURR nan", b'-222,"Parameter data out of range"\n'),
        (":SOUR:CURR much", b'-104,"Data type error"\n'),
        (":SOUR:CURR", b'-109,"Missing parameter"\n'),
        (":SOUR:FUNC LIGHT", b'-224,"Illegal parameter value"\n'),
    ],
)
def test_a_mistake_goes_into_the_error_queue(hands: Hands, command: str, error: bytes) -> None:
    assert hands.probe(command) == b""
    assert hands.probe(":SYST:ERR?") == error


def test_the_eleventh_error_overflows_the_queue(hands: Hands) -> None:
    for _ in range(11):
        hands.probe(":NONSENSE")

    errors = [hands.probe("SYST:ERR?") for _ in range(10)]

    assert errors[-1] == b'-350,"Queue overflow"\n'


def test_long_and_short_forms_any_case_and_shared_paths_mean_the_same(hands: Hands) -> None:
    hands.probe(":source:current:level 0.001;:SENSe1:VOLTage:PROT 2;:OUTPUT:STATE ON")

    assert hands.probe(":SENS:VOLT:PROT?;PROT?;:OUTP?") == b"2.000000E+00;2.000000E+00;1\n"


def test_lines_come_in_pieces_with_either_end(hands: Hands) -> None:
    assert hands.say("probe", b"*OP") == b""
    assert hands.say("probe", b"C?\r\n*OPC?\r") == b"1\n1\n"


def test_reset_switches_the_output_off(hands: Hands) -> None:
    hands.probe(":OUTP ON")

    hands.probe("*RST")

    assert hands.probe(":OUTP?") == b"0\n"


def test_an_empty_stage_drives_the_source_into_compliance(hands: Hands) -> None:
    hands.probe(SET_UP)
    hands.probe(":OUTP ON")

    voltage_v, current_a, _, _, status = reading(hands)

    assert voltage_v == 20.0
    assert current_a == 0.0
    assert int(status) & 8


def test_a_dry_film_shows_its_sheet_resistance_to_four_wires(hands: Hands) -> None:
    hands.cast_film()
    hands.carry(("chamber", 0), ("stage", 0))
    plate = hands.laboratory.world.bench.spot("stage").top
    assert plate is not None
    assert plate.film is not None
    hands.probe(SET_UP)
    hands.probe(":OUTP ON")

    voltage_v, current_a, resistance_ohm, _, status = reading(hands)

    solids_mg = sum(hands.laboratory.world.matter.solids_mg(plate.film.cast).values())
    thickness_cm = solids_mg / 1.1 / 625 / 10
    assert pytest.approx(log(2) / pi / resistance_ohm / thickness_cm, rel=0.02) == 100.0
    assert resistance_ohm == pytest.approx(voltage_v / current_a, rel=1e-5)
    assert int(status) == 4096
    hands.probe(":SYST:RSEN 0")
    assert reading(hands)[2] == pytest.approx(resistance_ohm + 50.0, rel=0.02)


def test_a_wet_film_does_not_conduct(hands: Hands) -> None:
    hands.pump("ZR")
    hands.carry(("substrates", 0), ("casting", 0))
    hands.dose(1, 450, 7)
    hands.carry(("casting", 0), ("stage", 0))
    hands.probe(SET_UP)
    hands.probe(":OUTP ON")

    assert int(reading(hands)[4]) & 8


def test_elements_keep_their_order(hands: Hands) -> None:
    hands.probe(":FORM:ELEM STATUS, VOLTAGE")

    assert hands.probe(":FORM:ELEM?") == b"VOLT,STAT\n"
