"""Campaigns: what was found, what would come next, and consent to it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import Field

from console.service.api.asking import RunName, TheCaller, TheService
from console.service.campaigning import CampaignView, Model, Next, Proposed
from robot.strict import Strict

router = APIRouter(tags=["campaign"])
Name = Annotated[str, Path(pattern=r"^p\d{3,6}$", description="a suggestion, such as p004")]


class Values(Strict):
    """A sample's parameters; parts of a mixture below its name."""

    values: dict[str, Any] = Field(min_length=1, max_length=100)


@router.get("/runs/{run}/campaign")
def campaign(run: RunName, service: TheService, caller: TheCaller) -> CampaignView:
    """The best so far, all observations, what waits for consent."""
    return service.campaign(run)


@router.get("/runs/{run}/campaign/next")
def next_ones(run: RunName, service: TheService, caller: TheCaller) -> Next:
    """What the designer would propose now with its reasons, and whether it advises to stop."""
    return service.next(run)


@router.get("/runs/{run}/campaign/model")
def model(run: RunName, service: TheService, caller: TheCaller) -> Model:
    """What the model believes on the plane that matters most."""
    return service.model(run)


@router.get("/runs/{run}/suggestions")
def suggestions(run: RunName, service: TheService, caller: TheCaller) -> list[Proposed]:
    """The suggestions that wait for consent."""
    return service.proposals(run)


@router.post("/runs/{run}/suggestions", status_code=204)
def add(run: RunName, body: Values, service: TheService, caller: TheCaller) -> Response:
    """Add a sample of one's own; it begins without further consent."""
    service.add(run, body.values, caller)
    return Response(status_code=204)


@router.post("/runs/{run}/suggestions/{name}/approve", status_code=204)
def approve(run: RunName, name: Name, service: TheService, caller: TheCaller) -> Response:
    """Let a suggestion begin."""
    service.approve(run, name, caller)
    return Response(status_code=204)


@router.post("/runs/{run}/suggestions/{name}/hold", status_code=204)
def hold(run: RunName, name: Name, service: TheService, caller: TheCaller) -> Response:
    """Keep a suggestion aside: others are asked for; it may be approved later."""
    service.hold(run, name, caller)
    return Response(status_code=204)


@router.put("/runs/{run}/suggestions/{name}", status_code=204)
def edit(run: RunName, name: Name, body: Values, service: TheService, caller: TheCaller) -> Response:
    """Change a suggestion's parameters; it still waits for consent."""
    service.edit(run, name, body.values, caller)
    return Response(status_code=204)
