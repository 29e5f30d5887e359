"""No grain is made or lost, whatever happens to a dose; vessels weigh what is in them; cameras see them all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.numbered_lines import crc
from hardware_sim.emulators.powder_doser import PowderDoserEmulator
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig

BENCH = Path(__file__).parents[1] / "conformance" / "benches" / "powders.yaml"
LAB = LabConfig.load(BENCH)
TOTAL_MG = {"Li2CO3": 100_000.0, "MnO": 250_000.0, "NiO": 300.0}


class Doser:
    """A bench whose doser is told things in the bytes of its protocol."""

    def __init__(self, lab: LabConfig = LAB, seed: int = 7) -> None:
        self.clock = VirtualClock()
        self.laboratory = Laboratory(lab, self.clock, seed)
        self.world = self.laboratory.world
        emulator = self.laboratory.emulator("doser")
        assert isinstance(emulator, PowderDoserEmulator)
        self.emulator = emulator

    def say(self, text: str) -> str:
        request = f"1 {text}".encode()
        reply = self.laboratory.receive("doser", b"%b*%04X\r\n" % (request, crc(request)))
        return reply.decode().partition("*")[0].removeprefix("1 OK ")

    def wait(self, seconds: float) -> None:
        self.clock.jump_to(self.clock.now_s() + seconds)
        self.world.advance_to(self.clock.now_s())

    def dose(self, hopper: int, target_mg: float) -> None:
        self.say(f"DOSE {self.emulator.feeder.order.number + 1} {hopper} {round(target_mg * 1000)} 1000")

    def take_away(self) -> None:
        self.world.pick(self.world.bench.spot("chute").point)


ACTIONS: list[Callable[[Doser, float], object]] = [
    lambda doser, amount: doser.dose(1, 10 + 3000 * amount),
    lambda doser, amount: doser.dose(2, 10 + 9000 * amount),
    lambda doser, amount: doser.dose(4, 10 + 500 * amount),
    lambda doser, amount: doser.say("STOP"),
    lambda doser, amount: doser.take_away(),
    lambda doser, amount: doser.emulator.lose_power(),
    lambda doser, amount: doser.emulator.clog(),
    lambda doser, amount: doser.emulator.open_door(),
    lambda doser, amount: doser.emulator.close_door(),
]


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.floats(0, 1), st.floats(0, 60)), max_size=8), st.integers(0, 99))
def test_no_grain_is_ever_made_or_lost(
    actions: list[tuple[Callable[[Doser, float], object], float, float]], seed: int
) -> None:
    doser = Doser(seed=seed)

    for act, amount, wait_s in actions:
        act(doser, amount)
        doser.wait(wait_s)

    assert doser.world.powder_everywhere().state() == pytest.approx(TOTAL_MG)


@given(st.floats(10, 3000), st.integers(0, 999))
def test_belief_and_truth_of_a_dose_agree(target_mg: float, seed: int) -> None:
    doser = Doser(seed=seed)
    doser.dose(1, target_mg)
    doser.wait(300)

    order = doser.emulator.feeder.order
    spot = doser.world.bench.spot("chute")

    assert order.end in ("done", "over")  # a last shake may let too much fall; it is not taken back
    assert order.dosed_ug is not None
    assert spot.top is not None
    assert spot.top.powder.mass_mg == pytest.approx(order.dosed_ug / 1000, abs=0.6)


def test_a_vessel_weighs_its_powder_too() -> None:
    world = Doser().world
    crucible = world.bench.spot("chute").top
    assert crucible is not None

    world.drop(world.powders["mno"].take(1234.0), world.bench.spot("chute"))

    assert world.weight_mg(crucible) == pytest.approx(crucible.ware.mass_mg + 1234.0)


def test_a_vessel_that_falls_spills_its_powder() -> None:
    doser = Doser()
    doser.dose(1, 500.0)
    doser.wait(100)
    world = doser.world
    crucible = world.pick(world.bench.spot("chute").point)
    assert crucible is not None

    world.release(crucible, LAB.sites["chute"].point().at_height(200.0))

    assert world.lost == [crucible]
    assert world.spilled_powder.mass_mg == pytest.approx(500.0, abs=2.0)


def test_a_dose_is_told_in_the_log_of_what_truly_happened() -> None:
    doser = Doser()
    doser.dose(1, 500.0)
    doser.wait(100)

    dosed = [effect for effect in doser.laboratory.effects if effect["effect"] == "dosed"]

    assert [(effect["order"], effect["hopper"], effect["end"]) for effect in dosed] == [(1, 1, "done")]
    assert dosed[0]["fallen_mg"] == pytest.approx(doser.world.bench.spot("chute").top.powder.mass_mg)  # type: ignore[union-attr]


def filmed(ware: str, mass_mg: float) -> Laboratory:
    """A bench whose camera looks at one kind of labware with so much powder in it."""
    document = LAB.model_dump(mode="json", exclude_unset=True)
    document["devices"]["camera"] = {"model": "opencv", "source": 0, "sees": ["seen"]}
    document["sites"]["seen"] = {"origin_mm": [0, 0, 0], "holds": ware, "full": True}
    laboratory = Laboratory(LabConfig.model_validate(document), VirtualClock(), 7)
    world = laboratory.world
    world.drop(world.powders["mno"].take(mass_mg), world.bench.spot("seen"))
    return laboratory


@pytest.mark.parametrize("ware", ["jar-22ml", "crucible-10ml", "xrd-holder", "vial-20ml"])
@pytest.mark.parametrize("mass_mg", [0.0, 300.0, 200_000.0])
def test_a_camera_sees_powder_in_every_kind_of_labware(ware: str, mass_mg: float) -> None:
    is_there, picture = filmed(ware, mass_mg).video("camera").read()

    assert is_there
    assert picture.shape == (480, 640, 3)
