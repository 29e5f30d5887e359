"""What went wrong, as problem+json (RFC 9457): what was found and what to do, never a traceback."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from console.service.access.door import Turned
from console.service.access.roles import NotAllowed
from console.service.runs import NotThere
from planning.database import reason
from planning.errors import Fenced, NotRecorded, Refused
from robot.files import FileProblem, in_plain_words

log = logging.getLogger(__name__)


class Problem(BaseModel):
    """Why something was not done."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    remedy: str = ""
    problems: list[dict[str, Any]] = []


ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"description": what, "content": {"application/problem+json": {"schema": Problem.model_json_schema()}}}
    for status, what in {
        400: "not understood", 401: "not logged in", 403: "not allowed", 404: "not there", 405: "not this method",
        409: "refused: nothing was done", 413: "too large", 421: "unknown host", 422: "a field or a file is wrong",
        429: "too many tries", 503: "the journal cannot be written",
    }.items()
}  # fmt: skip
"""For the description of every path."""


def say(
    status: int,
    title: str,
    detail: str,
    remedy: str = "",
    problems: Sequence[dict[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Answer with a problem."""
    body = Problem(title=title, status=status, detail=detail, remedy=remedy, problems=list(problems))
    return JSONResponse(body.model_dump(), status, headers=dict(headers or {}), media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Let every error that may be met be said in plain words."""

    @app.exception_handler(Refused)
    def refused(request: Request, err: Refused) -> JSONResponse:
        status, title = 409, "refused"
        if isinstance(err, NotThere):
            status, title = 404, "not there"
        elif isinstance(err, NotAllowed):
            status, title = 403, "not allowed"
        return say(status, title, err.what, err.remedy)

    @app.exception_handler(Turned)
    def turned(request: Request, err: Turned) -> JSONResponse:
        headers = {"retry-after": str(int(err.retry_after_s) + 1)} if err.retry_after_s else {}
        return say(err.status, err.title, err.detail, headers=headers)

    @app.exception_handler(FileProblem)
    def file_problem(request: Request, err: FileProblem) -> JSONResponse:
        told = [{"file": err.path.name, **vars(problem)} for problem in err.problems]
        return say(422, "a file cannot be used", f"{err.path.name} cannot be used", "Correct what is named", told)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, err: RequestValidationError) -> JSONResponse:
        told = [
            {"field": ".".join(map(str, each["loc"])), "what": in_plain_words(each), "remedy": "Correct it"}
            for each in err.errors()
        ]
        return say(422, "a field is wrong", "; ".join(f"{each['field']} {each['what']}" for each in told), "", told)

    @app.exception_handler(HTTPException)
    def plain(request: Request, err: HTTPException) -> JSONResponse:
        return say(err.status_code, "not answered", str(err.detail), headers=err.headers)

    @app.exception_handler(DBAPIError)
    def unreadable(request: Request, err: DBAPIError) -> JSONResponse:
        return say(
            503, "not readable", f"the journal cannot be read: {reason(err)}", "Try again; then look at the disk"
        )

    @app.exception_handler(NotRecorded)
    @app.exception_handler(Fenced)
    def not_recorded(request: Request, err: Exception) -> JSONResponse:
        return say(503, "not recorded", str(err))

    @app.exception_handler(Exception)
    def defect(request: Request, err: Exception) -> JSONResponse:
        log.error("defect at %s", request.url.path, exc_info=err)
        return say(500, "a defect of ours", "It was written to the server's log", "Report it")
