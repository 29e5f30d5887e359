"""What every path needs: the service, and who asks."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from console.service.access.door import Door
from console.service.access.roles import Caller, NotAllowed
from console.service.service import Service


def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


def _door(request: Request) -> Door:
    found: Door = request.app.state.door
    return found


def _caller(request: Request) -> Caller:
    found: Caller | None = request.state.caller
    if found is None:
        raise NotAllowed("nobody is logged in", "Log in")
    return found


TheService = Annotated[Service, Depends(_service)]
TheDoor = Annotated[Door, Depends(_door)]
TheCaller = Annotated[Caller, Depends(_caller)]
RunName = Annotated[str, Path(max_length=200, description="a run's folder")]
After = Annotated[int, Query(ge=0, le=2**53, description="only what comes after the event of this number")]
