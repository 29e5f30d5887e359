"""What can be done to a run."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from console.service.api.asking import RunName, TheCaller, TheService
from console.service.stopping import Stopped
from robot.strict import Strict

router = APIRouter(tags=["act"])
Word = Annotated[str, Field(min_length=1, max_length=200)]


class OfSample(Strict):
    """Which sample."""

    sample: Word


class Answered(Strict):
    """One of a question's words, or a number as text."""

    answer: Word


class Shown(Strict):
    """What a look truly shows."""

    answer: Literal["yes", "no"]


class Resumed(Strict):
    """With real devices: was the bench looked at, and is it clear?"""

    bench_is_clear: bool = False


@router.post("/stop")
def stop_all(service: TheService, caller: TheCaller) -> list[Stopped]:
    """Make every bench safe at once; says what was made safe, and how long it took. A software stop is no safety function."""
    return service.stop_all(caller)


@router.post("/runs/{run}/stop")
def stop(run: RunName, service: TheService, caller: TheCaller) -> Stopped:
    """Make a run's bench safe at once; says what was made safe, and how long it took."""
    return service.stop(run, caller)


@router.post("/runs/{run}/pause", status_code=204)
def pause(run: RunName, service: TheService, caller: TheCaller) -> Response:
    """Let no further task begin; what is at work comes to its end."""
    service.pause(run, caller)
    return Response(status_code=204)


@router.post("/runs/{run}/resume", status_code=202)
def resume(run: RunName, service: TheService, caller: TheCaller, body: Resumed | None = None) -> dict[str, str]:
    """Let a paused run go on; take up one that was stopped or died, in a process of its own."""
    return {"state": service.resume(run, caller, bench_is_clear=(body or Resumed()).bench_is_clear)}


@router.post("/runs/{run}/skip", status_code=204)
def skip(run: RunName, body: OfSample, service: TheService, caller: TheCaller) -> Response:
    """Set a sample aside as soon as nothing is at work on it."""
    service.skip(run, body.sample, caller)
    return Response(status_code=204)


@router.post("/runs/{run}/retry", status_code=204)
def retry(run: RunName, body: OfSample, service: TheService, caller: TheCaller) -> Response:
    """Let what stopped a run be done again when it is resumed."""
    service.retry(run, body.sample, caller)
    return Response(status_code=204)


@router.post("/runs/{run}/abort", status_code=204)
def abort(run: RunName, service: TheService, caller: TheCaller, body: OfSample | None = None) -> Response:
    """Break off what is done for one sample alone; without one, the whole run, which is made safe."""
    service.abort(run, caller, body.sample if body else "")
    return Response(status_code=204)


@router.post("/runs/{run}/questions/{question}", status_code=204)
def answer(run: RunName, question: str, body: Answered, service: TheService, caller: TheCaller) -> Response:
    """Answer a question; the engine takes it up within seconds."""
    service.answer(run, question, body.answer, caller)
    return Response(status_code=204)


@router.post("/runs/{run}/looks/{event}", status_code=204)
def overrule(run: RunName, event: int, body: Shown, service: TheService, caller: TheCaller) -> Response:
    """Agree with, or overrule, what the eyes concluded; it is kept, and goes into the pictures to learn from."""
    service.overrule(run, event, body.answer, caller)
    return Response(status_code=204)
