"""A dose that falls short is given its rest, and never more than that."""

from dataclasses import replace

import pytest

from .conftest import MakeNight, Night

DOSE = {"dose_powder": {"into": "holder", "at": "chute", "with": "doser", "mass_mg": 300,
                        "blend": {"li2co3": 0.5, "mno": 0.5}, "tolerance_mg": 3}}  # fmt: skip
AWAY = {"discard": {"what": "holder", "to": "rubbish"}}


def struck(night: MakeNight, faults: str) -> Night:
    run = night([DOSE, AWAY])
    run.folder.write_setup(replace(run.folder.setup, faults=faults))
    return run


@pytest.mark.parametrize("dose", [1, 2])
def test_what_is_missing_of_a_dose_is_dosed(night: MakeNight, dose: int) -> None:
    run = struck(night, f"power-loss@doser:{dose}+3")

    sample = run.sample()

    orders = [
        event.data["arguments"]["target_mg"] for event in run.events() if event.data.get("verb") == "start_dosing"
    ]
    (again,) = [event.data["rule"] for event in run.events() if event.kind == "retried"]
    assert again == "dose short: dose the rest"
    assert len(orders) == 3
    assert sample.status == "finished"
    assert sample.results["masses_mg"] == {powder: pytest.approx(150, abs=3) for powder in ("li2co3", "mno")}


def test_a_hopper_that_stays_clogged_costs_its_sample_only(night: MakeNight) -> None:
    run = struck(night, "clogged-hopper@doser:1+5")

    conducted = run.conduct()

    retries = [event for event in run.events() if event.kind == "retried"]
    assert len(retries) == 2
    assert conducted.executor.stopped_because == ""
    assert conducted.executor.samples["s001"].status == "set aside"
