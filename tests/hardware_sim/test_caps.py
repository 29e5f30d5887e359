"""What a cap does in the world: nothing comes in or out, and what is closed does not bear to be heated."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.numbered_lines import crc
from hardware_sim.emulators.vial_capper import VialCapperEmulator
from hardware_sim.laboratory import Laboratory
from hardware_sim.world.plumbing import line_to
from hardware_sim.world.powder import Powder
from hardware_sim.world.world import World
from robot.config import LabConfig

LAB = {
    "bench": "caps",
    "devices": {
        "hotplate": {"model": "ika_rct_digital", "port": "-", "has_probe": False},
        "furnace": {"model": "eurotherm_2416", "port": "-", "max_temperature_c": 350},
    },
    "sites": {
        "rack": {"origin_mm": [0, 0, 50], "grid": [1, 2], "pitch_mm": [0, 40], "holds": "vial-8ml", "full": True},
        "plate": {"origin_mm": [100, 0, 50], "holds": "vial-8ml", "full": True, "inside": "hotplate"},
        "chamber": {"origin_mm": [200, 0, 50], "holds": "vial-8ml", "inside": "furnace"},
    },
    "stocks": {"water": {"volume_ml": 50}},
    "powders": {"salt": {"phase": "NaCl", "mass_g": 1}},
}


class Caps:
    """A bench on which vials wear caps."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.laboratory = Laboratory(LabConfig.model_validate(LAB), self.clock, seed=7)
        self.world: World = self.laboratory.world

    def vial(self, site: str, cap: Any, water_ul: float = 2000.0) -> Any:
        vial = self.world.bench.spot(site).top
        assert vial is not None
        vial.contents.add(self.world.stocks["water"].take(water_ul))
        vial.cap = cap
        return vial

    def warm(self, to_c: float, seconds: float = 3600.0) -> None:
        for text in (f"OUT_SP_1 {to_c}", "START_1"):
            self.laboratory.receive("hotplate", f"{text} \r\n".encode())
        self.clock.jump_to(self.clock.now_s() + seconds)
        self.laboratory.state()

    @property
    def lost(self) -> list[str]:
        return [vessel.name for vessel in self.world.lost]


@pytest.fixture
def caps() -> Caps:
    return Caps()


@pytest.mark.parametrize("cap", ["loose", "tight"])
def test_what_is_poured_onto_a_cap_is_spilled(caps: Caps, cap: str) -> None:
    vial = caps.vial("rack", cap)

    caps.world.pour(caps.world.stocks["water"].take(500.0), caps.world.bench.spot("rack"))

    assert vial.contents.volume_ul == pytest.approx(2000.0)
    assert caps.world.spilled.volume_ul == pytest.approx(500.0)
    assert caps.world.liquid_everywhere().volume_ul == pytest.approx(50_000.0)


def test_powder_falls_beside_a_closed_vessel(caps: Caps) -> None:
    vial = caps.vial("rack", "tight")

    caps.world.drop(Powder({"NaCl": 20.0}), caps.world.bench.spot("rack"))

    assert vial.powder.mass_mg == 0
    assert caps.world.spilled_powder.mass_mg == 20.0


def test_a_line_above_a_cap_draws_air(caps: Caps) -> None:
    line = line_to(caps.world, "vial", {"vial": "rack"})
    vial = caps.vial("rack", "none")
    assert line.draw(100.0).volume_ul == 100.0

    vial.cap = "tight"

    assert line.draw(100.0).volume_ul == 0.0


def test_a_closed_vial_bursts_where_its_liquid_boils_and_an_open_one_does_not(caps: Caps) -> None:
    other = Caps()
    caps.vial("plate", "tight")
    other.vial("plate", "none")

    for each in (caps, other):
        each.warm(150.0)

    assert caps.lost == ["plate-0"]
    assert caps.world.spilled.volume_ul == pytest.approx(2000.0)
    assert other.lost == []


def test_a_closed_vial_bears_to_be_warmed(caps: Caps) -> None:
    caps.vial("plate", "tight")

    caps.warm(60.0)

    assert caps.lost == []


@pytest.mark.parametrize(("cap", "lost"), [("none", []), ("loose", ["rack-0"]), ("tight", ["rack-0"])])
def test_a_cap_does_not_bear_the_furnace_though_the_glass_does(caps: Caps, cap: Any, lost: list[str]) -> None:
    world = caps.world
    caps.vial("rack", cap, water_ul=0.0)
    vial = world.pick(world.bench.spot("rack").point)
    assert vial is not None
    world.release(vial, world.bench.spot("chamber").point)
    oven = world.ovens["furnace"]
    oven.temperatures_c = lambda since_s, until_s: np.full(10, 150.0)  # type: ignore[method-assign]

    world.pick(world.bench.spot("chamber").point)

    assert caps.lost == lost


def test_vessels_of_a_site_that_is_capped_wear_caps_at_the_start() -> None:
    rack = {"origin_mm": [0, 0, 50], "holds": "vial-8ml", "full": True, "capped": True}
    lab = LabConfig.model_validate(LAB | {"sites": {"rack": rack}})

    laboratory = Laboratory(lab, VirtualClock(), seed=7)

    assert [vessel.cap for vessel in laboratory.world.bench.vessels()] == ["tight"]


def test_a_plate_that_is_said_to_wear_a_cap_is_told_in_one_sentence() -> None:
    stack = {"origin_mm": [0, 0, 50], "holds": "glass-25mm", "stack": 3, "capped": True}

    with pytest.raises(ValidationError, match=r"sites.stack.capped: a glass-25mm takes no cap"):
        LabConfig.model_validate(LAB | {"sites": {"stack": stack}})


class Capper:
    """A bench whose cappers are told things in the bytes of their protocol."""

    def __init__(self, name: str, seed: int) -> None:
        self.clock = VirtualClock()
        lab = LabConfig.load(Path(__file__).parents[1] / "conformance" / "benches" / "cappers.yaml")
        self.laboratory = Laboratory(lab, self.clock, seed)
        emulator = self.laboratory.emulator(name)
        assert isinstance(emulator, VialCapperEmulator)
        self.name, self.emulator = name, emulator

    def order(self, words: str) -> None:
        word, *figures = words.split()
        number = [str(self.emulator.head.order.number + 1)] if word != "STOP" else []
        request = " ".join(["1", word, *number, *figures]).encode()
        self.laboratory.receive(self.name, b"%b*%04X\r\n" % (request, crc(request)))

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)
        self.laboratory.world.advance_to(self.clock.now_s())

    def take_away(self) -> None:
        for spot in self.laboratory.world.bench.spots.values():
            self.laboratory.world.pick(spot.point)

    @property
    def caps(self) -> int:
        """In the magazine, in the bin, on the vial."""
        head = self.emulator.head
        site = {"capper": "clamp", "opener": "vice"}[self.name]
        vial = next(each for each in self.laboratory.world.bench.pieces if each.name.startswith(site))
        return head.caps + head.caps_in_bin + (not vial.is_open)


ACTIONS: list[Callable[[Capper], object]] = [
    lambda capper: capper.order("CAP 800"),
    lambda capper: capper.order("CAP 800"),
    lambda capper: capper.order("UNCAP"),
    lambda capper: capper.order("UNCAP"),
    lambda capper: capper.order("STOP"),
    lambda capper: capper.take_away(),
    lambda capper: capper.emulator.lose_power(),
    lambda capper: capper.emulator.slip(),
    lambda capper: capper.emulator.stick(),
    lambda capper: capper.emulator.jam(),
]


@given(
    st.lists(st.tuples(st.sampled_from(ACTIONS), st.floats(0, 20)), max_size=12), st.sampled_from(["capper", "opener"])
)
def test_no_cap_is_ever_made_or_lost(actions: list[tuple[Callable[[Capper], object], float]], name: str) -> None:
    capper = Capper(name, seed=7)
    at_first = capper.caps

    for act, wait_s in actions:
        act(capper)
        capper.wait(wait_s)

    assert capper.caps == at_first
    assert capper.emulator.head.caps >= 0
