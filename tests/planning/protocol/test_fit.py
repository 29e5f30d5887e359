"""What a bench cannot do is found before anything moves, each with its step and place."""

from collections.abc import Callable
from typing import Any

import pytest

from planning.preflight import Finding, Preflight
from planning.preflight.names import misfits
from planning.protocol.document import Protocol
from robot.config import LabConfig
from vision.state.trust import Trust

Check = Callable[..., Preflight]
DOSE = {"dose": {"into": "vial", "at": "booth", "with": "pump", "volume_ul": 600, "liquid": "water"}}
WEIGH = {"weigh": {"what": "vial", "at": "pan", "with": "balance", "as": "mass_mg"}}
POWDER = {"into": "holder", "at": "chute", "with": "doser", "mass_mg": 300, "powder": "mno"}
SCAN = {"what": "holder", "at": "stage", "with": "xrd", "as": "phases"}
AWAY = {"discard": {"what": "vial", "to": "rubbish"}}


def said(findings: list[Finding]) -> str:
    return " ".join(f"{each.step}: {each.what}. {each.remedy}." for each in findings)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([{"cap": {"what": "vial", "at": "booth", "with": "capper"}}], ["cap: 'capper' is no capper of this bench; there is none", "Add a capper"]),
        ([{"uncap": {"what": "vial", "at": "booth", "with": "pump"}}], ["uncap: 'pump' is no capper"]),
        ([{"heat": {"what": "vial", "in": "oven", "at": "plate", "to_c": 50, "hold_min": 1}}], ["'oven' is no furnace or hotplate", "hotplate"]),
        ([{"heat": {"what": "vial", "in": "hotplate", "at": "pan", "to_c": 50, "hold_min": 1}}], ["pan is not inside hotplate"]),
        ([{"heat": {"what": "vial", "in": "hotplate", "at": "plate", "to_c": 400, "hold_min": 1}}], ["to_c=400", "outside what hotplate can do"]),
        ([{"heat": {"what": "vial", "in": "hotplate", "at": "plate", "to_c": 50, "hold_min": 1, "atmosphere": "argon"}}], ["stands in the open"]),
        ([{"stir": {"what": "vial", "at": "plate", "with": "hotplate", "speed_rpm": 9000, "for_min": 1}}], ["9000 rpm", "1500"]),
        ([{"weigh": {"what": "vial", "at": "plate", "with": "balance", "as": "m"}}], ["plate is not inside balance"]),
        ([DOSE | {"expect": {"vial": {"layers": 2}}}], ["layers: the eyes in use cannot tell", "ask a person"]),
        ([DOSE | {"expect": {"vial": {"mass_mg": 16000, "mass_tolerance_mg": 5}}}], ["booth is on no balance"]),
        ([{"dose": DOSE["dose"] | {"liquid": "mead"}}], ["'mead' is no stock", "water"]),
        ([DOSE, {"mix": {"what": "vial", "at": "booth", "with": "pump", "volume_ul": 900}}], ["volume_ul=900 is more than the 600"]),
        ([DOSE, {"transfer": {"from": "vial", "into": "cup", "at": "pan", "with": "pump", "volume_ul": 9}}], ["no line of pump ends at pan"]),
        ([{"dose_powder": POWDER | {"powder": "sand"}}], ["'sand' is no powder", "li2co3"]),
        ([{"dose_powder": POWDER | {"mass_mg": 2}}], ["mno: 2 mg is outside what doser can dose, 5 to 10000 mg"]),
        ([{"dose_powder": POWDER | {"tolerance_mg": 0.1}}], ["tolerance_mg=0.1 is finer than doser can dose"]),
        ([{"dose_powder": POWDER | {"at": "pan"}}], ["pan is not inside doser"]),
        ([{"dose_powder": POWDER}, {"diffract": SCAN | {"start_deg": 2, "end_deg": 40}}], ["start_deg=2 is outside what xrd can do"]),
    ],
)  # fmt: skip
def test_what_the_bench_cannot_do_is_found(check: Check, steps: list[Any], words: list[str]) -> None:
    result = check(steps)

    assert not result.passed
    assert all(word in said(result.findings) for word in words), said(result.findings)
    assert all(finding.location for finding in result.findings)


def test_a_camera_that_is_missing_is_told_with_its_step(check: Check) -> None:
    (finding,) = check([DOSE, {"look": {"what": "vial", "at": "pan"}, "expect": {"vial": {"present": True}}}]).findings

    assert "step look: no camera sees pan" in finding.what
    assert finding.location == ("steps", 1)


def test_a_powder_that_runs_out_is_told_with_the_sample(check: Check) -> None:
    steps = [{"dose_powder": POWDER | {"mass_mg": 9000}}, {"discard": {"what": "holder", "to": "rubbish"}}]

    assert "mno runs out at sample 6" in said(check(steps, samples=6).findings)


def test_a_place_that_is_never_freed_is_told_with_step_place_and_remedy(check: Check) -> None:
    result = check([WEIGH], samples=2)

    assert said(result.findings) == (
        "weigh: step weigh of s002 waits for pan for ever, in a circle: s001 holds it since its step weigh. "
        "Free pan after step weigh: add a discard, a move or a wash."
    )
    assert result.findings[0].location == ("steps", 0, "weigh")


def test_the_way_that_is_not_planned_is_checked_too(check: Check) -> None:
    spill = {"dose": DOSE["dose"] | {"volume_ul": 30000}}
    choice = {"if": {"condition": "mass_mg > 1", "then": [DOSE], "else": [spill]}}

    result = check([WEIGH, choice, AWAY])

    assert "30000 µl in a vial-20ml that holds 20000" in said(result.findings)
    assert result.findings[0].location == ("steps", 1, "if", "else", 0, "dose", "volume_ul")


def test_a_step_of_a_protocol_in_use_is_found_in_it(check: Check) -> None:
    inner = {"protocol": "inner", "vessels": {"vial": {"labware": "vial-20ml"}},
             "steps": [{"weigh": WEIGH["weigh"] | {"at": "mars"}}]}  # fmt: skip

    (finding,) = check([{"use": {"protocol": "inner"}}], protocols={"inner": inner}).findings

    assert finding.location == ("protocols", "inner", "steps", 0, "weigh", "at")
    assert "no site is called 'mars'" in finding.what


def test_a_furnace_under_another_gas_is_refused(film_bench: Any) -> None:
    import yaml

    from console.checking import preflight
    from planning.protocol import Protocol
    from robot.config import LabConfig

    recipe = yaml.safe_load((film_bench / "protocol.yaml").read_text())
    recipe["steps"][4]["heat"]["atmosphere"] = "argon"
    lab = LabConfig.load(film_bench / "lab.yaml")

    result = preflight(lab, Protocol.model_validate(recipe), [{"blend": {"p3ht": 1.0}}])

    assert "furnace is under air, not argon" in said(result.findings)


def test_what_the_eyes_in_use_can_tell_may_be_expected(document: Callable[..., Protocol], workbench: LabConfig) -> None:
    protocol = document([DOSE | {"expect": {"vial": {"layers": 1, "spill": False}}}])
    some = Trust(tells=("present", "layers"))

    (finding,) = misfits(protocol, workbench, some)

    assert "spill: the eyes in use cannot tell" in finding.what
