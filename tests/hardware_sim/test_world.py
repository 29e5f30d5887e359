import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardware_sim.faults import ShortAspirate
from hardware_sim.world.film import INKS
from hardware_sim.world.vessel import Vessel

from .conftest import Hands, MakeHands


def top(hands: Hands, site: str, place: int = 0) -> Vessel:
    vessel = hands.laboratory.world.bench.spot(site, place).top
    assert vessel is not None
    return vessel


def dosing(hands: Hands) -> Hands:
    """A homed pump and a vial in the booth."""
    hands.pump("ZR")
    hands.carry(("vials", 0), ("booth", 0))
    return hands


strokes = st.tuples(st.integers(1, 9), st.integers(0, 3000))
carries = st.sampled_from([("vials", "booth"), ("booth", "rubbish"), ("substrates", "casting"), ("casting", "chamber"),
                           ("casting", "casting"), ("chamber", "inspection"), ("booth", "casting")])  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(st.one_of(strokes, carries), max_size=25))
def test_no_drop_is_ever_made_or_lost(make_hands: MakeHands, actions: list[tuple[int, int] | tuple[str, str]]) -> None:
    hands = make_hands()
    world = hands.laboratory.world
    before = world.liquid_everywhere()
    hands.pump("ZR")

    for action in actions:
        match action:
            case (int(port), int(increments)):
                hands.pump(f"V6000I{port}A{increments}R")
            case (str(start), str(to)):
                hands.carry((start, 0), (to, 0))
        hands.wait(600)
    hands.laboratory.state()

    after = world.liquid_everywhere()
    assert after.parts_ul == pytest.approx(before.parts_ul, rel=1e-12)
    assert world.matter.mass_mg(after) == pytest.approx(world.matter.mass_mg(before), rel=1e-12)


def test_a_dose_is_off_by_no_more_than_the_pumps_limits(hands: Hands) -> None:
    dosing(hands)

    hands.dose(1, 3000, 6)
    hands.dose(2, 3000, 6)

    assert top(hands, "booth").contents.volume_ul == pytest.approx(2000, rel=0.008)


def test_another_seed_is_another_pump(make_hands: MakeHands) -> None:
    volumes_ul = set()
    for seed in (1, 2):
        hands = dosing(make_hands(seed))
        hands.dose(1, 3000, 6)
        volumes_ul.add(top(hands, "booth").contents.volume_ul)

    assert len(volumes_ul) == 2


def test_a_little_of_the_last_liquid_is_carried_over(hands: Hands) -> None:
    dosing(hands)

    hands.dose(1, 3000, 9)
    hands.dose(8, 3000, 6)

    assert 0.5 < top(hands, "booth").contents.parts_ul["p3ht"] < 5.0


def test_an_empty_vial_gives_air(hands: Hands) -> None:
    dosing(hands)

    hands.dose(6, 3000, 9)

    assert hands.laboratory.world.waste.volume_ul == 0
    assert hands.laboratory.effects[-2]["air_ul"] == pytest.approx(1000, rel=0.01)


def test_a_stock_ends_at_its_dead_volume(hands: Hands) -> None:
    hands.pump("ZR")
    hands.laboratory.world.stocks["p3ht"].take(59_000)

    hands.dose(1, 3000, 9)

    assert hands.laboratory.world.stocks["p3ht"].volume_ul == pytest.approx(500)


def test_an_overfull_vial_spills(hands: Hands) -> None:
    dosing(hands)

    for _ in range(9):
        hands.dose(8, 3000, 6)

    assert top(hands, "booth").contents.volume_ul == pytest.approx(7800)
    assert hands.laboratory.world.spilled.volume_ul == pytest.approx(1200, abs=40)


def test_without_a_vial_the_dose_ends_on_the_bench(hands: Hands) -> None:
    hands.pump("ZR")

    hands.dose(1, 3000, 6)

    assert hands.laboratory.world.spilled.volume_ul == pytest.approx(1000, rel=0.01)


def test_a_planned_bubble_strikes_the_large_draws_of_ink_alone(make_hands: MakeHands) -> None:
    hands = dosing(make_hands(faults=(ShortAspirate("pipette", nth=2),)))
    for port, increments in ((8, 3000), (1, 600), (1, 3000), (2, 3000)):
        hands.dose(port, increments, 6)

    drawn = [effect for effect in hands.laboratory.effects if effect["effect"] == "aspirated"]

    assert [round(float(str(effect["air_ul"])), -2) for effect in drawn] == [0, 0, 0, 600]
    assert {"kind": "short-aspirate", "line": "l_swnt"}.items() <= hands.laboratory.effects[-3].items()


def test_a_film_stays_wet_for_hours_on_the_bench_and_minutes_in_the_oven(hands: Hands) -> None:
    hands.pump("ZR")
    hands.carry(("substrates", 0), ("casting", 0))
    hands.dose(1, 450, 7)
    hands.wait(2 * 3600)
    assert _film_is(hands, "casting") == "wet"

    hands.carry(("casting", 0), ("chamber", 0))
    hands.heat(140, 10, 1)
    hands.wait(13 * 60)

    assert _film_is(hands, "chamber") == "dry"
    assert hands.laboratory.world.evaporated.volume_ul == pytest.approx(149, abs=3)


def _film_is(hands: Hands, site: str) -> str:
    hands.laboratory.state()
    return top(hands, site).film_kind


def test_a_film_remembers_the_temperature_it_was_held_at(hands: Hands) -> None:
    hands.cast_film()
    hands.carry(("chamber", 0), ("inspection", 0))

    film = top(hands, "inspection").film

    assert film is not None
    assert (film.anneal_c, film.anneal_min) == (140, 21)
    assert set(hands.laboratory.world.matter.solids_mg(film.cast)) == set(INKS)


def test_a_vial_does_not_fit_where_plates_lie(hands: Hands) -> None:
    hands.carry(("vials", 0), ("casting", 0))

    assert [vessel.name for vessel in hands.laboratory.world.lost] == ["vials-0"]


def test_the_whole_state_is_ready_for_json(hands: Hands) -> None:
    hands.cast_film()

    state = json.loads(json.dumps(hands.laboratory.state()))

    assert state["sites"]["chamber"]["0"][0]["film"]["is"] == "dry"
    assert state["acts"]["furnace"]["run"] == 1
