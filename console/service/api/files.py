"""Files from which runs are begun: pick or upload, check, explain, rehearse, start."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import Field

from console.service.api.asking import TheCaller, TheService
from console.service.launching import Start, Started, Word
from console.service.library import Checked, FileBrief
from robot.strict import Strict

router = APIRouter(tags=["protocols"])
Name = Annotated[str, Field(max_length=300)]


class Check(Strict):
    """What is to be checked."""

    file: Name
    lab: Name = ""
    samples: int | None = Field(default=None, ge=1, le=200)
    values: dict[Word, float | dict[Word, float]] = Field(default={}, max_length=100)


@router.get("/files")
def files(service: TheService, caller: TheCaller) -> list[FileBrief]:
    """Every bench, protocol and campaign that a run can be begun with."""
    return service.library.listing()


@router.get("/file", response_class=PlainTextResponse)
def text(name: Annotated[str, Query(max_length=300)], service: TheService, caller: TheCaller) -> PlainTextResponse:
    """What a file holds."""
    return PlainTextResponse(service.library.text(name))


@router.put(
    "/uploads/{name}", status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {"application/yaml": {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def upload(
    name: Annotated[str, Path(max_length=200)], request: Request, service: TheService, caller: TheCaller
) -> FileBrief:
    """Keep a protocol, sent as the body; the name is made tidy. Nothing runs."""
    content = b""
    async for part in request.stream():
        content += part
    return service.upload(name, content, caller)


@router.post("/check")
def check(body: Check, service: TheService, caller: TheCaller) -> Checked:
    """Check a protocol against a bench, or a campaign: findings, timetable, each step in a sentence. Nothing moves."""
    return service.check(body.file, body.lab, body.samples, body.values, caller)


@router.post("/runs", status_code=202)
def start(body: Annotated[Start, Body()], service: TheService, caller: TheCaller) -> Started:
    """Begin a rehearsal, a simulated run or a real one, in a process of its own."""
    return service.start(body, caller)


@router.get("/starts/{run}")
def started(run: Annotated[str, Path(max_length=200)], service: TheService, caller: TheCaller) -> Started:
    """How a start went, and what its process said last."""
    return service.launcher.started(run)
