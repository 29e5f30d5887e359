"""One stream of what happens: server-sent events, each with the number at which a reader can go on."""

import json
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from console.service.api.asking import After, RunName, TheCaller, TheService
from console.service.service import Service

router = APIRouter(tags=["stream"])
LOOK_EVERY_S = 0.5
STILL_THERE_EVERY_S = 15.0
AT_ONCE = 500


@router.get("/runs/{run}/stream", response_class=StreamingResponse)
def stream(
    run: RunName, request: Request, service: TheService, caller: TheCaller, after: After = 0, follow: bool = True
) -> StreamingResponse:
    """The journal's events as they are written, each as `event: KIND`, its number as `id`, itself as JSON in `data`.

    Goes on after `after`, or after the browser's `Last-Event-ID`. Ends, with `event: end`, when nobody conducts the
    run any more, or without `follow` when all was told.
    """
    last = request.headers.get("last-event-id", "")
    began = max(after, int(last)) if last.isdecimal() and len(last) < 16 else after
    service.runs.path(run)
    return StreamingResponse(_told(service, run, began, follow), media_type="text/event-stream")


async def _told(service: Service, run: str, after: int, follow: bool) -> AsyncIterator[str]:
    silent_s = 0.0
    while True:
        is_live = follow and await anyio.to_thread.run_sync(service.is_live, run)
        page = await anyio.to_thread.run_sync(service.journal, run, after, AT_ONCE)
        for event in page.events:
            yield f"id: {event.seq}\nevent: {event.kind}\ndata: {event.model_dump_json()}\n\n"
            after = event.seq
        if page.events:
            silent_s = 0.0
            continue
        if not is_live:
            yield f"event: end\ndata: {json.dumps({'last_event': after})}\n\n"
            return
        await anyio.sleep(LOOK_EVERY_S)
        silent_s += LOOK_EVERY_S
        if silent_s >= STILL_THERE_EVERY_S:
            silent_s = 0.0
            yield ": still there\n\n"
