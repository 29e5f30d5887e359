"""A campaign that waits for consent: nothing begins before a person has said so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.orders import give
from console.runfolder import RunFolder, Setup
from console.service.service import Service
from planning.errors import Refused
from planning.journal import Event
from planning.orders import Order, OrderFolder, Verb

from .conftest import Rehearsal

MakeCampaign = Callable[..., Rehearsal]
BLEND = {"p3ht": 0.5, "l_swnt": 0.5, "s_swnt": 0.0, "mwnt": 0.0, "dwnt": 0.0}
MINE = {"blend": BLEND, "anneal_c": 140.0, "anneal_min": 20.0}


@pytest.fixture
def campaign(film_bench: Path, tmp_path: Path) -> MakeCampaign:
    """Prepare a campaign of a few films chosen at random."""

    def make(*, samples: int = 2, approve: bool = True) -> Rehearsal:
        folder = RunFolder.create(
            tmp_path / "run", film_bench / "lab.yaml", film_bench / "protocol.yaml", film_bench / "campaign.yaml"
        )
        asked = yaml.safe_load(folder.campaign.read_text())
        asked |= {"budget": {"samples": samples, "hours": 60}, "batch": 2, "strategy": "random", "approve": approve}
        folder.campaign.write_text(yaml.safe_dump(asked))
        folder.write_setup(Setup("loopback", 7, vision=False))
        return Rehearsal(folder)

    return make


def order(run: Rehearsal, verb: Verb, **more: Any) -> None:
    OrderFolder(run.folder.path).put(Order(verb=verb, by="ada", at="2026-11-22T20:15:00+00:00", **more))


def names(event: Event) -> list[str]:
    return [each["suggestion"] for each in event.data["suggestions"]]


def approving(run: Rehearsal, *, but: str = "") -> Callable[[Event], object]:
    """Approve every suggestion, but one, which is held."""

    def hook(event: Event) -> None:
        for name in names(event) if event.kind == "proposed" else ():
            order(run, "hold" if name == but else "approve", suggestion=name)

    return hook


def admitted(run: Rehearsal) -> list[dict[str, Any]]:
    return [sample for event in run.events() if event.kind == "admitted" for sample in event.data["samples"]]


def test_nothing_begins_before_it_is_approved(campaign: MakeCampaign) -> None:
    run = campaign()

    run.conduct(approving(run))

    events = run.events()
    proposed = next(event for event in events if event.kind == "proposed")
    consents = [event.seq for event in events if event.kind == "ordered" and event.data["verb"] == "approve"]
    begun = next(event.seq for event in events if event.kind == "admitted")
    assert names(proposed) == ["p001", "p002"]
    assert proposed.seq < consents[0] < begun
    assert [sample["suggestion"] for sample in admitted(run)] == ["p001", "p002"]
    assert run.statuses() == {"s001": "finished", "s002": "finished"}


def test_what_is_held_holds_up_nobody_and_is_not_proposed_again(campaign: MakeCampaign) -> None:
    run = campaign()

    run.conduct(approving(run, but="p001"))

    proposed = [each for event in run.events() if event.kind == "proposed" for each in event.data["suggestions"]]
    held = next(each for each in proposed if each["suggestion"] == "p001")
    assert "p001" not in [sample["suggestion"] for sample in admitted(run)]
    assert [each["values"] for each in proposed].count(held["values"]) == 1
    assert len(run.statuses()) == 2


def test_an_edited_suggestion_is_made_as_it_was_edited(campaign: MakeCampaign) -> None:
    run = campaign()

    def hook(event: Event) -> None:
        if event.kind == "proposed" and "p001" in names(event):
            order(run, "edit", suggestion="p001", values=MINE)
        approving(run)(event)

    run.conduct(hook)

    first = admitted(run)[0]
    assert first["values"]["blend"] == BLEND
    assert first["reason"].startswith("edited by ada; was: ")


def test_a_sample_that_somebody_adds_begins_without_further_consent(campaign: MakeCampaign) -> None:
    run = campaign()

    def hook(event: Event) -> None:
        if event.kind == "proposed" and "p001" in names(event):
            order(run, "add", values=MINE)
        approving(run)(event)

    run.conduct(hook)

    assert "added by ada" in [sample["reason"] for sample in admitted(run)]


def test_what_the_campaign_may_not_try_is_refused_by_the_engine(campaign: MakeCampaign) -> None:
    run = campaign()

    def hook(event: Event) -> None:
        if event.kind == "proposed" and "p001" in names(event):
            order(run, "add", values={**MINE, "blend": {**BLEND, "p3ht": 0.1, "l_swnt": 0.9}})
            order(run, "approve", suggestion="p009")
        approving(run)(event)

    run.conduct(hook)

    refused = [event.data["why"] for event in run.events() if event.kind == "order_refused"]
    assert "outside of what the campaign may try" in refused[0]
    assert refused[1].startswith("no suggestion is called 'p009'")
    assert len(admitted(run)) == 2


def test_an_engine_that_dies_while_suggestions_wait_finds_them_again(campaign: MakeCampaign) -> None:
    run = campaign()

    def die(event: Event) -> None:
        if event.kind == "ordered":
            raise ZeroDivisionError

    def consent_and_die(event: Event) -> None:
        if event.kind == "proposed":
            order(run, "approve", suggestion="p001")
        die(event)

    with pytest.raises(ExceptionGroup):
        run.conduct(consent_and_die)
    order(run, "approve", suggestion="p002")
    run.conduct(approving(run), resume=True)

    assert [sample["suggestion"] for sample in admitted(run)] == ["p001", "p002"]
    assert len([event for event in run.events() if event.kind == "proposed"]) == 1


def test_without_the_gate_nothing_is_asked(campaign: MakeCampaign) -> None:
    run = campaign(approve=False)

    run.conduct()

    assert not [event for event in run.events() if event.kind == "proposed"]
    assert run.statuses() == {"s001": "finished", "s002": "finished"}


def test_a_campaign_is_shown_with_what_waits_and_what_was_found(campaign: MakeCampaign) -> None:
    run = campaign()
    service = Service(run.folder.path.parent, run.folder.path)
    waiting: list[list[str]] = []

    def hook(event: Event) -> None:
        if event.kind == "proposed":
            waiting.append([each.name for each in service.proposals("run")])
        approving(run)(event)

    run.conduct(hook)

    view = service.campaign("run")
    assert waiting == [["p001", "p002"]]
    assert view.needs_consent
    assert view.proposals == []
    assert view.best is not None
    assert view.best.value == max(each.measured["conductivity_s_per_cm"] for each in view.observations)
    assert len(view.best_so_far) == 2


def test_consent_given_to_what_does_not_run_is_refused(campaign: MakeCampaign) -> None:
    run = campaign()
    run.conduct(approving(run))

    with pytest.raises(Refused, match="nobody conducts"):
        give(run.folder.path, "approve", suggestion="p001")
