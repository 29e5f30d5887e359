"""The check says everything that is wrong, and moves nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.checking import preflight
from planning.preflight import Preflight
from planning.protocol.document import Protocol
from robot.config import LabConfig

BLEND = {"blend": {"p3ht": 0.5, "dwnt": 0.5}}
Edit = Callable[[dict[str, Any], dict[str, Any]], object]


def checked(film_bench: Path, edit: Edit, samples: int = 1, values: dict[str, Any] = BLEND) -> Preflight:
    lab = yaml.safe_load((film_bench / "lab.yaml").read_text())
    recipe = yaml.safe_load((film_bench / "protocol.yaml").read_text())
    edit(lab, recipe)
    return preflight(LabConfig.model_validate(lab), Protocol.model_validate(recipe), [values] * samples)


def test_the_example_passes_for_a_whole_campaign(film_bench: Path) -> None:
    result = checked(film_bench, lambda lab, recipe: None, samples=40)

    assert result.passed
    assert 5 * 3600 < result.duration_s < 20 * 3600


@pytest.mark.parametrize(
    ("edit", "samples", "words"),
    [
        (lambda lab, recipe: lab["stocks"]["dwnt"].update(volume_ml=10), 12, ["dwnt", "runs out at sample 8", "9.5 ml"]),
        (lambda lab, recipe: lab["sites"]["substrates"].update(stack=3), 4, ["substrates", "glass-25mm", "all 3 are used"]),
        (lambda lab, recipe: recipe["steps"][4].update(within_min=0.1), 1, ["begins", "within_min allows 0.1"]),
        (lambda lab, recipe: recipe["steps"][1]["cast"].update(volume_ul=2500), 1, ["2500", "2000"]),
        (lambda lab, recipe: recipe["steps"][1]["cast"].update(volume_ul=450), 1, ["450", "400", "spill"]),
        (lambda lab, recipe: recipe["steps"][0]["dose"].update(volume_ul=6), 1, ["less than the pipette can draw", "5 µl"]),
        (lambda lab, recipe: recipe["steps"][4]["heat"].update(hold_min=1200), 1, ["hold_min=1200", "999.9"]),
        (lambda lab, recipe: (lab["devices"]["furnace"].update(model="eurotherm_3216p"), recipe["steps"][4]["heat"].update(hold_min=12.5)), 1, ["hold_min=12.5", "no multiple of 1"]),
        (lambda lab, recipe: recipe["steps"][6]["measure"].update(current_a=0.5), 1, ["current_a=0.5", "0.01"]),
        (lambda lab, recipe: recipe["steps"][5]["look"].update(at="casting"), 1, ["no camera sees casting"]),
        (lambda lab, recipe: recipe["steps"][3]["discard"].update(to="stage"), 1, ["stage is no bin"]),
        (lambda lab, recipe: recipe["steps"][2]["wash"].update(liquid="acetone"), 1, ["acetone", "chlorobenzene"]),
        (lambda lab, recipe: recipe["steps"][4]["heat"].update(at="stage"), 1, ["stage is not inside furnace"]),
        (lambda lab, recipe: lab["devices"]["pipette"].update(reaches={"nozzle": "casting"}), 1, ["no line of pipette ends at booth"]),
    ],
)  # fmt: skip
def test_what_cannot_work_is_found(film_bench: Path, edit: Edit, samples: int, words: list[str]) -> None:
    result = checked(film_bench, edit, samples)

    said = " ".join(f"{finding.what} {finding.remedy}" for finding in result.findings)
    assert not result.passed
    assert all(word in said for word in words), said


def test_all_findings_come_at_once(film_bench: Path) -> None:
    def edit(lab: dict[str, Any], recipe: dict[str, Any]) -> None:
        recipe["steps"][4]["heat"].update(to_c=500)
        recipe["steps"][6]["measure"].update(current_a=0.5)
        lab["stocks"]["dwnt"].update(volume_ml=1)

    assert {finding.step for finding in checked(film_bench, edit).findings} == {"heat", "measure", "dose"}


def test_a_part_too_small_to_draw_is_left_out_when_the_protocol_says_so(film_bench: Path) -> None:
    values = {"blend": {"p3ht": 0.5, "dwnt": 0.499, "mwnt": 0.001}}

    assert checked(film_bench, lambda lab, recipe: None, values=values).passed
    assert not checked(
        film_bench, lambda lab, recipe: recipe["steps"][0]["dose"].pop("leave_out_below"), values=values
    ).passed


@pytest.mark.parametrize("between", [[], ["look"]])
def test_films_may_be_heated_twice(film_bench: Path, between: list[str]) -> None:
    def edit(lab: dict[str, Any], recipe: dict[str, Any]) -> None:
        heat, look = recipe["steps"][4], recipe["steps"][5]
        again = {"heat": heat["heat"] | {"to_c": 180}}
        recipe["steps"][5:5] = [*([look] if between else []), again]

    result = checked(film_bench, edit, samples=6)

    assert result.passed, result.findings
    assert sum(slot.task.skill == "heat" for slot in result.timetable) == 4
