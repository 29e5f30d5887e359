"""Proposals know the bench: what is left in store, which furnace programme a batch shares, and how much time is left."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planning.campaign import Campaign, Chosen, flat, nested
from planning.design.observation import Observation
from planning.design.space import Point, Space
from planning.design.within import Within
from planning.protocol.document import Protocol
from planning.room import Room
from planning.samples import Request, Sample
from robot.config import LabConfig
from robot.files import FileProblem

FILMS = Path(__file__).parents[2] / "examples/film_bench"


def chosen(**changes: Any) -> Chosen:
    campaign = Campaign.load(FILMS / "campaign.yaml").model_copy(update=changes)
    protocol, lab = Protocol.load(campaign.protocol), LabConfig.load(campaign.lab)
    path = FILMS / "campaign.yaml"
    return Chosen(campaign, campaign.designer(campaign.space_for(protocol, path), path), Room(protocol, lab))


def begin(source: Chosen, requests: list[Request]) -> None:
    protocol = Protocol.load(FILMS / "protocol.yaml")
    begun = len(source.begun)
    source.admitted(
        [
            Sample(f"s{begun + index}", request, protocol.bind(request.values), {})
            for index, request in enumerate(requests)
        ]
    )


def points(requests: list[Request]) -> list[Point]:
    return [flat(request.values) for request in requests]


def test_the_samples_of_a_batch_share_the_programme_of_the_furnace() -> None:
    source = chosen(share="furnace", fix={}, batch=4)

    batch = points(list(source.next_requests(0, 0.0)))

    assert len({(point["anneal_c"], point["anneal_min"]) for point in batch}) == 1
    assert len({point["blend.p3ht"] for point in batch}) == 4


def test_another_batch_may_be_fired_otherwise() -> None:
    source = chosen(share=["anneal_c"], fix={}, batch=2)

    first = list(source.next_requests(0, 0.0))
    begin(source, first)
    second = points(list(source.next_requests(2, 0.0)))

    assert points(first)[0]["anneal_c"] != second[0]["anneal_c"]


def test_a_stock_that_runs_low_is_used_less() -> None:
    source = chosen(batch=2)
    lab = LabConfig.load(FILMS / "lab.yaml")
    store = lab.stocks["p3ht"]
    protocol = Protocol.load(FILMS / "protocol.yaml")
    left_ul = 1000 * (store.volume_ml - store.dead_volume_ml)
    pure = nested({f"blend.{ink}": float(ink == "p3ht") for ink in ("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt")}
                  | {"anneal_c": 140.0, "anneal_min": 20.0})  # fmt: skip
    begin(source, [Request(pure)] * int(left_ul / 2000 - 1))  # a film's worth is left, and a little

    batch = list(source.next_requests(0, 0.0))

    room = Room(protocol, lab)
    begin(source, batch)
    assert len(batch) == 2
    assert room._left(source.begun)["p3ht"] >= 0.0


def test_no_sample_is_begun_that_ends_too_late() -> None:
    source = chosen(fix={"anneal_c": 140.0}, sample_hours="0.5 + anneal_min / 60")

    early = points(list(source.next_requests(0, 0.0)))
    late = points(list(source.next_requests(0, 3600 * (60 - 0.75))))

    assert max(point["anneal_min"] for point in early) > 15.0
    assert max(point["anneal_min"] for point in late) <= 15.0


def test_a_campaign_ends_when_no_sample_can_be_made_in_time() -> None:
    source = chosen(fix={"anneal_c": 140.0}, sample_hours="0.5 + anneal_min / 60")

    assert source.next_requests(0, 3600 * 59.9) == []
    assert source.ended_because == "what is left of stocks and time allows no sample"


def test_a_campaign_ends_when_the_best_cannot_be_told_from_all_there_is() -> None:
    two_inks = {"anneal_c": 140.0, "anneal_min": 20.0, "blend": dict.fromkeys(("s_swnt", "mwnt", "dwnt"), 0.0)}
    source = chosen(fix=two_inks, stop="when regret < noise", noise=0.3, initial=4)
    space = source.designer.space
    told = space.sample(60, np.random.default_rng(0))
    before = source.next_requests(0, 0.0)
    source.designer.tell([Observation(point, {"conductivity_s_per_cm": 100.0}) for point in told])

    assert before
    assert source.next_requests(0, 0.0) == []
    assert "less than replicates scatter" in source.ended_because


def test_limits_that_cannot_bind_change_nothing() -> None:
    assert chosen(sample_hours="0.5").next_requests(0, 0.0) == chosen().next_requests(0, 0.0)


def test_parts_of_a_mixture_may_be_shared_as_a_whole() -> None:
    space = Space.from_pool([{"x": x, "y": y} for x in (1.0, 2.0) for y in (1.0, 2.0, 3.0)])

    rows = Within(["x"]).rows(space, [{"x": 2.0, "y": 1.0}], np.random.default_rng(0))

    assert rows is not None
    assert {point["x"] for point in space.decode(rows)} == {2.0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"share": ["anneal_k"]}, "share.anneal_k: the protocol has no"),
        ({"sample_hours": "anneal_k / 60"}, "sample_hours.anneal_k: the protocol"),
    ],
)
def test_what_the_recipe_does_not_know_is_told(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(FileProblem, match=told):
        chosen(**changes)
