"""What must hold before a command goes out: the rules that are built in, and those of the lab file."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from planning.commands import Command
from planning.errors import Refused
from planning.interlock_rules import Interlock
from planning.interlocks import Interlocks
from planning.operating import Operating
from robot.config import LabConfig
from robot.errors import ReplyLost
from robot.files import FileProblem
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, CapperState, DiffractometerState, FurnaceState

DIFFRACTION = """
  xrd: {model: powder_diffractometer, port: /dev/ttyUSB9}
sites:
  holder: {origin_mm: [200, 0, 20], holds: glass-25mm, inside: xrd}
"""
INSIDE, OUTSIDE = BenchPoint(200, 0, 20), BenchPoint(200, 0, 120)
AT_HOLDER = Command("arm", "start_move", {"to": [200, 0, 20]})
COLD = FurnaceState(22.0, 0.0, "idle", 0.0, False)


def diffractometer(door: str, *, xrays_on: bool = False) -> DiffractometerState:
    return DiffractometerState("idle", 0, 0, 0, 0, 0, 0, 0, xrays_on, door, 1, None)  # type: ignore[arg-type]


def arm_at(point: BenchPoint) -> ArmState:
    return ArmState(point, None, ())


@pytest.fixture
def bench(film_bench: Path, tmp_path: Path) -> LabConfig:
    """The film bench with a diffractometer."""
    path = tmp_path / "lab.yaml"
    path.write_text((film_bench / "lab.yaml").read_text().replace("\nsites:", DIFFRACTION.rstrip(), 1))
    return LabConfig.load(path)


def check(interlocks: Interlocks, command: Command, **states: Any) -> None:
    async def read(device: str) -> Any:
        if isinstance(states[device], Exception):
            raise states[device]
        return states[device]

    anyio.run(interlocks.check, command, read)


@pytest.mark.parametrize("door", ["closed", "moving"])
def test_no_arm_reaches_through_a_door_that_is_not_open(bench: LabConfig, door: str) -> None:
    with pytest.raises(Refused, match=f"its door is {door}"):
        check(Interlocks(bench), AT_HOLDER, xrd=diffractometer(door))

    check(Interlocks(bench), AT_HOLDER, xrd=diffractometer("open"))


@pytest.mark.parametrize("verb", ["start_scan", "start_closing_door", "start_opening_door"])
def test_nothing_shines_and_no_door_moves_with_an_arm_inside(bench: LabConfig, verb: str) -> None:
    with pytest.raises(Refused, match="while arm is inside"):
        check(Interlocks(bench), Command("xrd", verb, {}), arm=arm_at(INSIDE))

    check(Interlocks(bench), Command("xrd", verb, {}), arm=arm_at(OUTSIDE))


@pytest.fixture
def clamped(film_bench: Path, tmp_path: Path) -> LabConfig:
    """The film bench with a capper where the diffractometer stands else."""
    path = tmp_path / "lab.yaml"
    capper = DIFFRACTION.replace("powder_diffractometer", "vial_capper").replace("xrd", "capper")
    path.write_text((film_bench / "lab.yaml").read_text().replace("\nsites:", capper.rstrip(), 1))
    return LabConfig.load(path)


def capper(ending: str) -> CapperState:
    return CapperState(1, "cap", ending, 800.0, 0.0, "open", True, 1, None)  # type: ignore[arg-type]


def test_no_arm_reaches_into_a_capper_at_work(clamped: LabConfig) -> None:
    with pytest.raises(Refused, match="may not reach into capper while it works"):
        check(Interlocks(clamped), AT_HOLDER, capper=capper("running"))

    check(Interlocks(clamped), AT_HOLDER, capper=capper("done"))


@pytest.mark.parametrize("verb", ["start_capping", "start_uncapping"])
def test_no_cap_is_turned_with_an_arm_inside(clamped: LabConfig, verb: str) -> None:
    with pytest.raises(Refused, match="while arm is inside"):
        check(Interlocks(clamped), Command("capper", verb, {}), arm=arm_at(INSIDE))

    check(Interlocks(clamped), Command("capper", verb, {}), arm=arm_at(OUTSIDE))


RULE = Interlock(
    name="scan cold", before=["xrd.start_scan"], require="furnace.temperature_c < 60 and xrd.door == closed"
)
SCAN = Command("xrd", "start_scan", {})


def test_a_rule_of_the_lab_file_is_asked_of_fresh_readings(bench: LabConfig) -> None:
    interlocks = Interlocks(bench, [RULE])
    here = {"arm": arm_at(OUTSIDE), "xrd": diffractometer("closed")}

    check(interlocks, SCAN, furnace=COLD, **here)
    with pytest.raises(Refused, match=r"scan cold: .* does not hold before start_scan"):
        check(interlocks, SCAN, furnace=FurnaceState(80.0, 0.0, "idle", 0.0, False), **here)


@pytest.mark.parametrize(
    "furnace", [ReplyLost("furnace", "silence", "Look"), FurnaceState(float("nan"), 0, "idle", 0, True)]
)
def test_what_cannot_be_read_does_not_hold(bench: LabConfig, furnace: object) -> None:
    with pytest.raises(Refused, match="scan cold"):
        check(Interlocks(bench, [RULE]), SCAN, furnace=furnace, arm=arm_at(OUTSIDE), xrd=diffractometer("closed"))


def test_a_figure_that_a_device_does_not_tell_does_not_hold_either_way() -> None:
    states = {"arm": ArmState(OUTSIDE, None, (), busy=None)}

    for require in ("arm.busy == yes", "arm.busy == no", "not arm.busy == yes"):
        assert not Interlock(name="a", before=["arm.start_move"], require=require).is_met(states)


WRONG = [
    ({"before": "furnace.start_heating", "require": "furnace.temperature_c < 60"}, "never told to 'start_heating'"),
    ({"before": "oven.start_programme", "require": "furnace.temperature_c < 60"}, "'oven' is no device with a state"),
    ({"before": "furnace.start_programme", "require": "furnace.temp < 60"}, "furnace shows no 'temp'"),
    ({"before": "furnace.start_programme", "require": "furnace.programme == idel"}, "'idel' is none of the words"),
    ({"before": "furnace.start_programme", "require": "probe.current_a < 1"}, "'probe' is no device with a state"),
    ({"before": "furnace.start_programme", "require": "__import__('os')"}, "is not allowed"),
    ({"before": "furnace.stop_programme", "require": "furnace.temperature_c < 60"}, "never held back"),
    ({"before": "furnace", "require": "furnace.temperature_c < 60"}, "is no command"),
]


@pytest.mark.parametrize(("rule", "said"), WRONG)
def test_a_rule_that_names_what_is_not_there_is_refused_with_its_line(
    rule: dict[str, str], said: str, film_bench: Path, tmp_path: Path
) -> None:
    lab = (film_bench / "lab.yaml").read_text()
    path = tmp_path / "lab.yaml"
    words = "".join(f"    {name}: {value!r}\n" for name, value in rule.items())
    path.write_text(f"{lab}interlocks:\n  - name: a rule\n{words}")

    with pytest.raises(FileProblem) as caught:
        Operating.load(path, LabConfig.load(path))

    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.line in (lab.count("\n") + 3, lab.count("\n") + 4)
