"""What heat makes of powders: synthetic rates, but not an atom of a solid is made or lost."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from hardware_sim.world.firing import Chemistry
from hardware_sim.world.powder import Powder
from hardware_sim.world.reactions import REACTIONS, Rate, ReactionName, atoms_in, dalton
from robot.config import LabConfig

Floats = NDArray[np.float64]
CHEMISTRY = Chemistry({})
PHASES = sorted({solid for reaction in REACTIONS.values() for solid in reaction.solids})
SPINEL = {"Li2CO3": 0.5, "MnO2": 2.0}


def firing(to_c: float, hours: float, rate_c_per_min: float = 5.0) -> Floats:
    """One temperature a second: up at a rate, held, down in hours."""
    up_c = np.arange(22.0, to_c, rate_c_per_min / 60)
    down_c = 22.0 + (to_c - 22.0) * np.exp(-np.arange(6 * 3600) / 8000)
    return np.concatenate([up_c, np.full(int(hours * 3600), to_c), down_c])


def powder_of(units: dict[str, float], mixed_fraction: float = 1.0) -> Powder:
    return Powder({solid: 100 * number * dalton(solid) for solid, number in units.items()}, mixed_fraction)


def purity(
    phase: str, units: dict[str, float], to_c: float, hours: float, gas: str = "air", mixed: float = 1.0
) -> float:
    powder = powder_of(units, mixed)
    CHEMISTRY.fire(powder, firing(to_c, hours), gas)
    return powder.fraction(phase)


def atoms_mol(parts_mg: dict[str, float]) -> Counter[str]:
    atoms: Counter[str] = Counter()
    for formula, mass_mg in parts_mg.items():
        for element, count in atoms_in(formula).items():
            atoms[element] += mass_mg / dalton(formula) * count  # type: ignore[assignment]
    return atoms


@pytest.mark.parametrize("name", REACTIONS)
def test_every_reaction_is_balanced(name: ReactionName) -> None:
    reaction, atoms = REACTIONS[name], Counter[str]()
    for formula, units in (*reaction.solids.items(), *reaction.gases.items()):
        for element, count in atoms_in(formula).items():
            atoms[element] += units * count  # type: ignore[assignment]

    assert dict(atoms) == pytest.approx(dict.fromkeys(atoms, 0.0), abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(
    st.dictionaries(st.sampled_from([*PHASES, "NaCl"]), st.floats(0, 5000), min_size=1),
    st.floats(100, 1100),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(["air", "argon"]),
)
def test_no_atom_of_a_solid_is_made_or_lost(
    parts_mg: dict[str, float], to_c: float, hours: float, mixed: float, gas: str
) -> None:
    powder = Powder(parts_mg, mixed)
    before = atoms_mol(powder.parts_mg)

    gases_mg = CHEMISTRY.fire(powder, firing(to_c, hours, rate_c_per_min=60.0), gas)

    after = atoms_mol(powder.parts_mg | gases_mg)
    assert {element: after[element] for element in before} == pytest.approx(dict(before), abs=1e-6)
    assert min(powder.parts_mg.values(), default=0.0) >= 0.0
    assert powder.mass_mg + sum(gases_mg.values()) == pytest.approx(sum(parts_mg.values()), abs=1e-3)


def test_alone_and_at_one_temperature_a_reaction_obeys_avrami() -> None:
    slow = Rate(k0_per_s=1e-4, activation_kj_per_mol=0.0, exponent=2.0)
    powder, seconds = Powder({"MnO": 100.0}), 7200
    Chemistry({"oxidise monoxide": slow}).fire(powder, np.full(seconds, 300.0), "air")

    assert powder.parts_mg["MnO"] == pytest.approx(100.0 * np.exp(-((1e-4 * seconds) ** 2)), rel=1e-6)


def test_two_short_stays_are_as_good_as_a_long_one() -> None:
    once, twice = powder_of(SPINEL), powder_of(SPINEL)
    CHEMISTRY.fire(once, np.full(7200, 750.0), "air")
    for _ in range(2):
        CHEMISTRY.fire(twice, np.full(3600, 750.0), "air")

    assert twice.parts_mg == pytest.approx(once.parts_mg)


def test_below_250_c_nothing_happens() -> None:
    powder = powder_of(SPINEL)
    before = dict(powder.parts_mg)

    gases_mg = CHEMISTRY.fire(powder, np.full(86_400, 240.0), "air")

    assert powder.parts_mg == before
    assert set(gases_mg.values()) == {0.0}


def test_spinel_is_purest_at_a_temperature_between_too_cold_and_too_hot() -> None:
    found = [purity("LiMn2O4", SPINEL, to_c, 4.0) for to_c in (600.0, 700.0, 840.0, 950.0, 1050.0)]

    assert found.index(max(found)) == 2
    assert max(found) > 0.95
    assert found[0] < 0.2
    assert found[-1] < 0.1


def test_too_hot_spinel_is_worse_the_longer_it_is_held() -> None:
    found = [purity("LiMn2O4", SPINEL, 920.0, hours) for hours in (0.5, 4.0, 12.0)]

    assert found == sorted(found, reverse=True)


def test_twice_the_lithium_makes_rock_salt() -> None:
    assert purity("Li2MnO3", {"Li2CO3": 1.0, "MnO2": 1.0}, 850.0, 8.0) > 0.95


def test_the_layered_oxide_wants_a_furnace_without_oxygen() -> None:
    units = {"Li2CO3": 0.5, "Mn2O3": 0.5}

    assert purity("LiMnO2", units, 800.0, 4.0, gas="argon") > 0.95
    assert purity("LiMnO2", units, 800.0, 4.0, gas="air") < 0.1


def test_what_lies_in_layers_reacts_worse() -> None:
    found = [purity("LiMn2O4", SPINEL, 800.0, 2.0, mixed=mixed) for mixed in (0.0, 0.5, 1.0)]

    assert found == sorted(found)
    assert found[2] > found[0] + 0.2


def test_a_fired_powder_is_caked_until_it_is_shaken() -> None:
    powder = powder_of(SPINEL)
    CHEMISTRY.fire(powder, firing(800.0, 1.0), "air")
    caked = powder.loose_fraction

    powder.shake(turns=3000.0)

    assert caked < 0.2
    assert powder.loose_fraction > 0.9


@given(st.floats(1, 999), st.floats(0, 1), st.floats(1, 999), st.floats(0, 1))
def test_how_a_powder_is_mixed_lies_between_what_it_came_from(
    first_mg: float, first: float, second_mg: float, second: float
) -> None:
    powder = Powder({"MnO": first_mg}, first)

    powder.add(Powder({"Li2CO3": second_mg}, second))

    assert min(first, second) - 1e-9 <= powder.mixed_fraction <= max(first, second) + 1e-9


def fired_on_the_bench(simulation: dict[str, object]) -> Laboratory:
    """A crucible stands ten minutes in a hot oven and is taken out."""
    lab = LabConfig.model_validate(
        {
            "bench": "oven",
            "devices": {"furnace": {"model": "eurotherm_2416", "port": "-", "max_temperature_c": 1100}},
            "sites": {
                "rack": {"origin_mm": [0, 200, 50], "holds": "crucible-10ml", "full": True},
                "hearth": {"origin_mm": [0, 300, 50], "inside": "furnace", "holds": "crucible-10ml"},
            },
            "simulation": {"powders_mg": {"rack": {"Li2CO3": 50.0, "MnO2": 100.0, "Si": 10.0}}, **simulation},
        }
    )
    laboratory, points = Laboratory(lab, VirtualClock(), seed=7), {name: lab.sites[name].point() for name in lab.sites}
    world = laboratory.world
    crucible = world.pick(points["rack"])
    assert crucible is not None
    world.release(crucible, points["hearth"])
    chamber = world.ovens["furnace"].chamber
    chamber.element_c = chamber.chamber_c = 900.0
    world.advance_to(600.0)
    world.pick(points["hearth"])
    return laboratory


def test_a_crucible_that_is_taken_out_of_a_furnace_has_reacted_powder_and_the_truth_is_written_down() -> None:
    laboratory = fired_on_the_bench({})
    world = laboratory.world

    reacted = [effect for effect in laboratory.effects if effect["effect"] == "reacted"]

    assert len(reacted) == 1
    found = reacted[0]["powder_mg"]
    assert isinstance(found, dict)
    assert found == world.bench.pieces[0].powder.state()
    assert found["Si"] == 10.0
    assert found["Mn2O3"] > 0
    assert sum(found.values()) + sum(world.gases_mg.values()) == pytest.approx(160.0)


def test_the_lab_file_may_say_how_fast_solids_react() -> None:
    frozen = {name: {"k0_per_s": 1e-30, "activation_kj_per_mol": 0.0} for name in REACTIONS}

    laboratory = fired_on_the_bench({"reactions": frozen})

    assert laboratory.world.bench.pieces[0].powder.parts_mg["MnO2"] == pytest.approx(100.0)


def test_a_reaction_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="form spinel"):
        fired_on_the_bench({"reactions": {"make gold": {"k0_per_s": 1.0, "activation_kj_per_mol": 1.0}}})
