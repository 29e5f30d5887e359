"""Samples cost, and batches take, the bench hours that the timetable foretells, if a campaign asks for that."""

from pathlib import Path

import pytest

from console.checking import preflight
from console.designing import designer_for
from planning.campaign import Campaign, nested
from planning.design.belief import cost_of
from planning.protocol.document import Protocol
from robot.config import LabConfig

BENCH = Path(__file__).parents[2] / "examples/film_bench"


def test_the_timetable_is_the_cost() -> None:
    campaign = Campaign.load(BENCH / "campaign.yaml").model_copy(update={"cost": "schedule", "fix": {}})
    protocol, lab = Protocol.load(campaign.protocol), LabConfig.load(campaign.lab)

    designer = designer_for(campaign, protocol, BENCH / "campaign.yaml", None).designer

    point = designer.ask()[0].point
    hours = preflight(lab, protocol, [nested(point)], batch=1, in_flight=1).duration_s / 3600
    assert "anneal_min" in designer.cost
    assert "blend" not in designer.cost
    assert cost_of(designer.cost, point) == pytest.approx(hours, rel=0.03)


def test_the_timetable_says_how_long_a_batch_takes() -> None:
    changes = {"sample_hours": "schedule", "fix": {"anneal_c": 140.0}}
    campaign = Campaign.load(BENCH / "campaign.yaml").model_copy(update=changes)
    protocol, lab = Protocol.load(campaign.protocol), LabConfig.load(campaign.lab)

    source = designer_for(campaign, protocol, BENCH / "campaign.yaml", None)

    values = {**nested(source.designer.ask()[0].point), "anneal_min": 30.0}
    hours = preflight(lab, protocol, [values] * 4, batch=4, in_flight=4).duration_s / 3600
    assert cost_of(source.campaign.sample_hours, {"anneal_min": 30.0}) == pytest.approx(hours, rel=0.03)
    assert source.next_requests(0, 3600 * (campaign.budget.hours - hours / 2)) == []


def test_another_cost_stays_as_it_is() -> None:
    campaign = Campaign.load(BENCH / "campaign.yaml").model_copy(update={"cost": "1 + anneal_min"})

    designer = designer_for(campaign, Protocol.load(campaign.protocol), BENCH / "campaign.yaml", None).designer

    assert designer.cost == "1 + anneal_min"
