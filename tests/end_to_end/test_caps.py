"""Vials are closed and opened: what is believed of their caps is true, whatever fails, and no cap is put on twice."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.audit import audit
from console.runfolder import RunFolder, Setup
from hardware_sim.emulators.capping_head import CappingHead
from hardware_sim.laboratory import Laboratory

from .conftest import Rehearsal, after

LAB = Path(__file__).parents[1] / "planning" / "preflight" / "files" / "lab.yaml"
CLOSE = {"cap": {"what": "vial", "at": "clamp", "with": "capper"}}
OPEN = {"uncap": {"what": "vial", "at": "clamp", "with": "capper"}}
DOSE = {"dose": {"into": "vial", "at": "booth", "with": "pump", "volume_ul": 2000, "liquid": "water"}}
WARM = {"heat": {"what": "vial", "in": "hotplate", "at": "plate", "to_c": 60, "hold_min": 5}}
REST = [{"wash": {"with": "pump", "liquid": "water", "to": "waste", "volume_ul": 500}}]
AWAY = {"discard": {"what": "vial", "to": "rubbish"}}
Rehearse = Callable[..., Rehearsal]


@pytest.fixture
def caps(tmp_path: Path) -> Rehearse:
    """Prepare a run on the kiln bench."""

    def make(*steps: dict[str, Any], run: str = "run", faults: str = "", samples: int = 1) -> Rehearsal:
        numbered = [{**deepcopy(step), "name": f"step_{n}"} for n, step in enumerate(steps)]
        vessels = {"vial": {"labware": "vial-20ml", "from": "vials"}}
        path = tmp_path / "caps.yaml"
        path.write_text(yaml.safe_dump({"protocol": "caps", "vessels": vessels, "steps": numbered}), encoding="utf-8")
        folder = RunFolder.create(tmp_path / run, LAB, path, None)
        folder.write_setup(Setup("loopback", 7, 300.0, faults=faults, vision=False, samples=[{}] * samples))
        return Rehearsal(folder)

    return make


def pieces(truth: Laboratory) -> dict[str, Any]:
    return {vessel.name: vessel for vessel in truth.world.bench.pieces}


def orders(truth: Laboratory) -> dict[str, int]:
    return truth.counts()["capper"]


def test_a_vial_is_filled_closed_warmed_opened_and_closed_again(caps: Rehearse) -> None:
    run = caps(DOSE, *REST, CLOSE, WARM, OPEN, CLOSE, AWAY, samples=2)

    over = run.conduct()

    truth = run.truth_on_file()
    assert [*run.statuses().values()] == ["finished", "finished"]
    assert orders(truth) == {"cap": 4, "uncap": 2}
    assert [pieces(truth)[f"vials-{n}"].cap for n in (0, 1)] == ["tight", "tight"]
    assert truth.world.spilled.volume_ul == 0
    assert audit(over).miscapped == ()


def test_an_audit_finds_a_vial_that_is_not_closed_as_believed(caps: Rehearse, monkeypatch: pytest.MonkeyPatch) -> None:
    run = caps(CLOSE, AWAY)
    over = run.conduct()
    # In truth no cap ever came to sit, as with a light barrier that is blind.
    monkeypatch.setattr(CappingHead, "_seat", lambda head, how: None)

    assert audit(over).miscapped == ("s001.vial",)


def test_what_nobody_checked_is_spilled_over_a_closed_vial(caps: Rehearse) -> None:
    run = caps(CLOSE, DOSE, AWAY)

    run.conduct()

    assert run.truth_on_file().world.spilled.volume_ul == pytest.approx(2000.0, rel=0.02)


@pytest.mark.parametrize("fault", ["slipping-cap@capper:1+1", "stuck-cap@capper:2+1"])
def test_what_did_not_turn_is_tried_again(caps: Rehearse, fault: str) -> None:
    run = caps(CLOSE, OPEN, CLOSE, AWAY, faults=fault)

    over, truth = run.conduct_struck()

    (rule,) = [event.data["rule"] for event in run.events() if event.kind == "retried"]
    assert rule == "cap failed: try again"
    assert [*run.statuses().values()] == ["finished"]
    assert pieces(truth)["vials-0"].cap == "tight"
    assert audit(over).miscapped == ()


def test_a_magazine_that_stays_jammed_costs_its_sample_only(caps: Rehearse) -> None:
    run = caps(CLOSE, AWAY, faults="jammed-magazine@capper:1+1")

    over, truth = run.conduct_struck()

    assert over.executor.stopped_because == ""
    assert [*run.statuses().values()] == ["set aside"]
    assert orders(truth) == {"cap": 3}
    assert pieces(truth)["vials-0"].cap == "none"


@pytest.mark.parametrize("after_s", ["1", "5"])
def test_nobody_takes_a_vial_for_closed_whose_capper_lost_its_power(caps: Rehearse, after_s: str) -> None:
    run = caps(CLOSE, AWAY, faults=f"power-loss@capper:1+{after_s}")

    over, truth = run.conduct_struck()

    assert [*run.statuses().values()] == ["set aside"]
    assert orders(truth) == {"cap": 1}
    assert [event.data["is_on"] for event in run.events() if event.kind == "cap"] == [None]
    assert audit(over).miscapped == ()


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_lost_reply_costs_nothing(caps: Rehearse, nth: int) -> None:
    run = caps(CLOSE, OPEN, CLOSE, AWAY, faults=f"lost-reply@capper:{nth}")

    over, truth = run.conduct_struck()

    assert [*run.statuses().values()] == ["finished"]
    assert orders(truth) == {"cap": 2, "uncap": 1}
    assert audit(over).miscapped == ()


def test_an_engine_that_dies_at_any_event_of_the_capper_closes_and_opens_once(caps: Rehearse) -> None:
    undisturbed = caps(CLOSE, OPEN, AWAY, run="undisturbed")
    undisturbed.conduct()
    seqs = [event.seq for event in undisturbed.events() if event.device == "capper"]

    for seq in seqs:
        run = caps(CLOSE, OPEN, AWAY, run=f"run-{seq}")
        run.conduct_and_die(after(seq))

        over = run.conduct(resume=True)

        truth = run.truth_on_file()
        assert [*run.statuses().values()] == ["finished"], seq
        assert orders(truth) == {"cap": 1, "uncap": 1}, seq
        assert audit(over).miscapped == (), seq
