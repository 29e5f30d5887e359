"""What can be seen of runs."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse

from console.service.api.asking import After, RunName, TheCaller, TheService
from console.service.views import Bench, Curve, JournalPage, Look, Run, RunBrief, Timeline, Waiting

router = APIRouter(tags=["see"])
Text = Annotated[str, Query(max_length=200)]


@router.get("/runs")
def runs(service: TheService, caller: TheCaller) -> list[RunBrief]:
    """All runs, the newest first."""
    return service.briefs()


@router.get("/runs/{run}")
def run(run: RunName, service: TheService, caller: TheCaller) -> Run:
    """A run with its samples: step, expected end, results, evidence."""
    return service.run(run)


@router.get("/runs/{run}/bench")
def bench(run: RunName, service: TheService, caller: TheCaller, until: After = 0) -> Bench:
    """Every device with its state, figures and alarms; vessels where the journal believes them; `until`: as it was."""
    return service.bench(run, until)


@router.get("/runs/{run}/timeline")
def timeline(run: RunName, service: TheService, caller: TheCaller) -> Timeline:
    """What was, is and should be at work, device by device."""
    return service.timeline(run)


@router.get("/runs/{run}/questions")
def questions(run: RunName, service: TheService, caller: TheCaller) -> list[Waiting]:
    """The questions that wait for a person, with the picture that raised them."""
    return service.questions(run)


@router.get("/runs/{run}/journal")
def journal(
    run: RunName, service: TheService, caller: TheCaller, after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200, kind: Annotated[list[str] | None, Query(max_length=50)] = None,
    sample: Text = "", device: Text = "", text: Text = "", newest: bool = False,
) -> JournalPage:  # fmt: skip
    """Lines of the journal; go on with `after=next_after`."""
    return service.journal(run, after, limit, kind or (), sample, device, text, newest)


@router.get("/runs/{run}/curves")
def curves(
    run: RunName, service: TheService, caller: TheCaller, device: Text = "", quantity: Text = "",
    after_s: Annotated[float, Query(allow_inf_nan=False)] = 0.0,
) -> list[Curve]:  # fmt: skip
    """What devices showed over time, such as a furnace's temperature and set-point."""
    return service.curves(run, device, quantity, after_s)


@router.get("/runs/{run}/looks")
def looks(
    run: RunName, service: TheService, caller: TheCaller, answer: Literal["", "yes", "no", "unknown"] = "",
    least_doubt: Annotated[float, Query(ge=0, le=1)] = 0.0, sample: Text = "",
) -> list[Look]:  # fmt: skip
    """What the cameras saw, the most doubtful first."""
    return service.looks(run, answer, least_doubt, sample)


@router.get("/runs/{run}/evidence/{file}", response_class=FileResponse)
def evidence(run: RunName, file: str, service: TheService, caller: TheCaller) -> FileResponse:
    """A picture, a mask or a pattern, by the name that an event gives."""
    path = service.runs.evidence(run, file)
    kind = "image/png" if path.suffix == ".png" else "text/plain"
    return FileResponse(path, media_type=kind, headers={"cache-control": "private, max-age=31536000, immutable"})


@router.get("/runs/{run}/report", response_class=HTMLResponse)
def report(run: RunName, service: TheService, caller: TheCaller) -> HTMLResponse:
    """The run's report as it would be written now; shown without scripts."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; sandbox"
    return HTMLResponse(service.report(run), headers={"content-security-policy": policy})
