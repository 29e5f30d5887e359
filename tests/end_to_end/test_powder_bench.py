"""A powder is made on the powder bench by hand, so to speak: every command through a driver, no plan.

Two arms hand crucibles over to each other; furnaces heat on lines that they share; diffraction finds what the truth says.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig
from robot.diffraction import PhaseFractions, fit_phases
from robot.errors import LimitExceeded
from robot.fleet import Fleet, open_fleet
from robot.interfaces import Segment

ROOT = Path(__file__).parents[2]
LAB = LabConfig.load(ROOT / "examples" / "powder_bench" / "lab.yaml")
ARMS = ("furnace_arm", "lab_arm")
RACK = "handover"
Place = tuple[str, int]


class PowderBench:
    """The whole bench on loopback, and hands that use it."""

    def __init__(self, laboratory: Laboratory, clock: VirtualClock, fleet: Fleet) -> None:
        self.laboratory, self.clock, self.fleet = laboratory, clock, fleet

    def device(self, name: str) -> Any:
        return self.fleet.devices[name]

    def wait_until(self, is_so: Callable[[], bool], step_s: float = 1.0, at_most_s: float = 60.0) -> None:
        until_s = self.clock.now_s() + at_most_s
        while not is_so():
            assert self.clock.now_s() < until_s, "it never came about"
            self.clock.jump_to(self.clock.now_s() + step_s)

    def wake(self, arm: str) -> None:
        self.device(arm).start_homing()
        self.wait_until(lambda: not (state := self.device(arm).read_state()).alarms and not state.busy)

    def do(self, arm: str, verb: str, argument: object) -> None:
        getattr(self.device(arm), verb)(argument)
        self.wait_until(lambda: not self.device(arm).read_state().busy, step_s=0.5)

    def carry(self, arm: str, start: Place, to: Place) -> None:
        for (site, place), closed in ((start, True), (to, False)):
            point = LAB.sites[site].point(place)
            above = point.at_height(LAB.travel_height_mm)
            self.do(arm, "start_move", above)
            self.do(arm, "start_move", point)
            self.do(arm, "start_grip", closed)
            self.do(arm, "start_move", above)

    def finish(self, name: str, at_most_s: float = 600.0) -> Any:
        self.wait_until(lambda: not self.device(name).read_state().busy, at_most_s=at_most_s)
        return self.device(name).read_state()

    def dose(self, masses_mg: dict[str, float]) -> None:
        doser = self.device("doser")
        for powder, mass_mg in masses_mg.items():
            doser.start_dosing(doser.hoppers[powder], mass_mg, 2.0)
            assert self.finish("doser").ending == "done"

    def shake(self) -> None:
        self.device("handler").start_shaking(120, 2000)
        assert self.finish("handler").ending == "done"

    def fire(self, furnace: str, to_c: float, hours: float) -> None:
        device = self.device(furnace)
        device.load_programme([Segment(300.0, 2.0, 0.0), Segment(to_c, 5.0, 60 * hours)])
        device.start_programme()
        self.wait_until(lambda: device.read_state().programme != "running", 60.0, 24 * 3600)
        device.stop_programme()
        below_c = LAB.devices[furnace].handle_below_c  # type: ignore[union-attr]
        self.wait_until(lambda: device.read_state().temperature_c < below_c, 60.0, 24 * 3600)

    def diffract(self, holder: int) -> PhaseFractions:
        """Bring some powder from the shaker onto a holder, and measure it."""
        self.carry("lab_arm", ("holders", holder), ("funnel", 0))
        self.device("handler").start_transferring(150.0)
        assert self.finish("handler").ending == "done"
        machine = self.device("diffractometer")
        machine.start_opening_door()
        self.wait_until(lambda: machine.read_state().door == "open")
        self.carry("lab_arm", ("funnel", 0), ("stage", 0))
        machine.start_closing_door()
        self.wait_until(lambda: machine.read_state().door == "closed")
        scan = machine.start_scan(10.0, 80.0, 0.02, 0.137)
        self.wait_until(lambda: machine.read_state().stage == "complete", at_most_s=1000.0)
        return fit_phases(machine.read_pattern(scan))

    def truth(self, site: str) -> dict[str, float]:
        """Mass fractions of what stands somewhere."""
        vessel = self.laboratory.world.bench.spot(site).top
        assert vessel is not None
        return {phase: vessel.powder.fraction(phase) for phase in vessel.powder.parts_mg}

    def make(
        self, masses_mg: dict[str, float], crucible: int, furnace: str, site: str, to_c: float, hours: float
    ) -> None:
        """Dose, mix, fire, and leave the crucible on the shaker, its cake broken."""
        self.carry("lab_arm", ("crucibles", crucible), ("chute", 0))
        self.dose(masses_mg)
        self.carry("lab_arm", ("chute", 0), ("shaker", 0))
        self.shake()
        self.carry("lab_arm", ("shaker", 0), (RACK, crucible))
        self.carry("furnace_arm", (RACK, crucible), (site, 0))
        self.fire(furnace, to_c, hours)
        self.carry("furnace_arm", (site, 0), (RACK, crucible))
        self.carry("lab_arm", (RACK, crucible), ("shaker", 0))
        self.shake()


@pytest.fixture
def bench() -> Iterator[PowderBench]:
    clock = VirtualClock()
    laboratory = Laboratory(LAB, clock, seed=7)

    with open_fleet(LAB, laboratory.line) as fleet:
        yield PowderBench(laboratory, clock, fleet)


def reaching(fleet: Fleet, site: str) -> set[str]:
    """The arms that get to every place of a site, and over it."""
    points = [LAB.sites[site].point(place) for place in range(LAB.sites[site].places)]
    arms = set(ARMS)
    for arm in ARMS:
        device: Any = fleet.devices[arm]
        try:
            for point in points:
                device.check_reach(point)
                device.check_reach(point.at_height(LAB.travel_height_mm))
        except LimitExceeded:
            arms.discard(arm)
    return arms


def test_every_device_of_the_bench_introduces_itself(bench: PowderBench) -> None:
    assert set(bench.fleet.connect_all()) == set(LAB.devices)


def test_every_site_is_reached_by_one_arm_and_the_rack_between_them_by_both(bench: PowderBench) -> None:
    found = {site: reaching(bench.fleet, site) for site in LAB.sites}

    assert found.pop(RACK) == set(ARMS)
    assert {site for site, arms in found.items() if len(arms) != 1} == set()
    assert {site for site, arms in found.items() if arms == {"furnace_arm"}} == {
        *(f"hearth_{n}" for n in range(1, 5)), *(f"boat_{n}" for n in range(1, 5)), "cooling_rack", "furnace_bin",
    }  # fmt: skip


def test_no_two_places_of_the_bench_stand_in_each_other(bench: PowderBench) -> None:
    points = [(name, site.point(place)) for name, site in LAB.sites.items() for place in range(site.places)]

    near = [
        (name, other)
        for number, (name, point) in enumerate(points)
        for other, there in points[:number]
        if point.distance_mm(there) < 28.0
    ]

    assert near == []


def test_the_drawing_shows_every_site_and_both_arms() -> None:
    drawing = (ROOT / "docs" / "images" / "powder_bench.svg").read_text(encoding="utf-8")

    assert [name for name in (*LAB.sites, *ARMS) if f">{name}" not in drawing] == []


def test_spinel_made_in_a_box_furnace_is_found_by_diffraction_as_the_truth_says(bench: PowderBench) -> None:
    bench.fleet.connect_all()
    for arm in ARMS:
        bench.wake(arm)

    bench.make({"li2co3": 180.0, "mno2": 850.0}, 0, "box_1", "hearth_1", to_c=820.0, hours=4.0)
    found = bench.diffract(holder=0)

    truth = bench.truth("stage")
    assert truth["LiMn2O4"] > 0.85
    assert found.doubts == ()
    assert dict(found.mass_fractions) == pytest.approx(
        {phase: truth[phase] for phase in found.mass_fractions}, abs=0.05
    )
    assert sum(truth[phase] for phase in truth if phase not in found.mass_fractions) < 0.03


def test_the_layered_oxide_made_in_a_tube_furnace_under_argon_is_found_by_diffraction(bench: PowderBench) -> None:
    bench.fleet.connect_all()
    for arm in ARMS:
        bench.wake(arm)

    bench.make({"li2co3": 400.0, "mn2o3": 850.0}, 5, "tube_1", "boat_1", to_c=780.0, hours=3.0)
    found = bench.diffract(holder=3)

    assert bench.truth("stage")["LiMnO2"] > 0.85
    assert found.fraction("LiMnO2") == pytest.approx(bench.truth("stage")["LiMnO2"], abs=0.05)
