"""Ovens of each kind, under the controllers' own loops: do they follow, hold and cool as their makers would promise?"""

from typing import Any

import numpy as np
import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from hardware_sim.world.oven_kinds import OvenName
from robot.config import LabConfig
from robot.files import FileProblem
from robot.fleet import open_fleet
from robot.interfaces import Segment

CONTROLLERS = ["eurotherm_2416", "eurotherm_3216p", "yudian_ai518p"]
SOURCES_MIN = 518.0
"""From the room to the end of four hours at 1000 °C, by way of 2 °C/min to 300 °C: as the source counts."""


class Furnaces:
    """One furnace of a kind, heated and looked at through its driver; its true temperatures a second apart."""

    def __init__(self, kind: OvenName, model: str = "eurotherm_2416") -> None:
        document = {
            "bench": "oven",
            "devices": {"furnace": {"model": model, "port": "/dev/ttyUSB0", "max_temperature_c": 1100}},
            "sites": {"hearth": {"origin_mm": [0, 300, 50], "inside": "furnace"}},
            "simulation": {"ovens": {"furnace": kind}},
        }
        self.clock = VirtualClock()
        self.laboratory = Laboratory(LabConfig.model_validate(document), self.clock, seed=7)
        self.oven = self.laboratory.world.ovens["furnace"]

    def heat(self, *segments: Segment) -> None:
        lab = self.laboratory.world.lab
        with open_fleet(lab, lambda name, settings, channel: self.laboratory.port(name, channel)) as fleet:
            furnace: Any = fleet.devices["furnace"]
            furnace.connect()
            furnace.load_programme(segments)
            furnace.start_programme()

    def wait(self, hours: float) -> None:
        self.clock.jump_to(self.clock.now_s() + hours * 3600)

    def temperatures_c(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return self.oven.temperatures_c(0.0, self.clock.now_s())


def longest_span(is_so: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> tuple[int, int]:
    found = np.flatnonzero(is_so)
    return int(found[0]), int(found[-1])


@pytest.mark.parametrize("model", CONTROLLERS)
@pytest.mark.parametrize("kind", ["box", "tube"])
def test_a_firing_at_1000_c_lasts_as_long_as_the_source_says_and_holds(kind: OvenName, model: str) -> None:
    furnace = Furnaces(kind, model)
    furnace.heat(Segment(300.0, 2.0, 0.0), Segment(1000.0, 5.0, 240.0))
    furnace.wait(9.0)

    temperatures_c = furnace.temperatures_c()
    begins, ends = longest_span(temperatures_c > 996.0)

    assert ends / 60 == pytest.approx(SOURCES_MIN, rel=0.01)
    assert (ends - begins) / 60 == pytest.approx(240.0, abs=3.0)
    assert temperatures_c.max() < 1004.0


@pytest.mark.parametrize("kind", ["box", "tube"])
def test_a_steep_ramp_from_300_c_on_is_followed_where_it_can(kind: OvenName) -> None:
    furnace = Furnaces(kind)
    furnace.heat(Segment(300.0, 5.0, 0.0), Segment(1100.0, 15.0, 60.0))
    furnace.wait(2.0)

    temperatures_c = furnace.temperatures_c()
    ramp_min = (np.argmax(temperatures_c > 1090.0) - np.argmax(temperatures_c > 300.0)) / 60

    assert ramp_min == pytest.approx(800.0 / 15.0, rel=0.03)


@pytest.mark.parametrize(
    ("kind", "to_300_c_h", "to_100_c_h"), [("box", (3.0, 5.0), (7.0, 10.0)), ("tube", (1.5, 3.0), (4.0, 6.0))]
)
def test_a_furnace_cools_by_itself_within_hours(
    kind: OvenName, to_300_c_h: tuple[float, float], to_100_c_h: tuple[float, float]
) -> None:
    furnace = Furnaces(kind)
    chamber = furnace.oven.chamber
    chamber.element_c = chamber.chamber_c = chamber.sensed_c = 1000.0
    furnace.wait(12.0)

    temperatures_c = furnace.temperatures_c()

    for below_c, (least_h, most_h) in ((300.0, to_300_c_h), (100.0, to_100_c_h)):
        assert least_h < np.argmax(temperatures_c < below_c) / 3600 < most_h


def test_an_open_door_cools_a_furnace_sooner() -> None:
    shut, ajar = Furnaces("box"), Furnaces("box")
    for furnace in (shut, ajar):
        furnace.oven.chamber.chamber_c = 600.0
    ajar.oven.set_door(0.0, is_open=True)
    for furnace in (shut, ajar):
        furnace.wait(1.0)

    assert ajar.temperatures_c()[-1] < shut.temperatures_c()[-1] - 50.0


def test_an_oven_behind_no_furnace_is_told_in_one_sentence() -> None:
    document = {
        "bench": "oven",
        "devices": {"furnace": {"model": "eurotherm_2416", "port": "-", "max_temperature_c": 1100}},
        "sites": {"hearth": {"origin_mm": [0, 300, 50]}},
        "simulation": {"ovens": {"kiln": "box"}},
    }

    with pytest.raises(FileProblem, match=r"ovens.kiln: no furnace is called so\n.*There are furnace"):
        Laboratory(LabConfig.model_validate(document), VirtualClock(), seed=7)
