"""The page on which a recipe is picked or brought, checked, explained, rehearsed, played back, and begun."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from nicegui import events, ui

from console.dashboard.bench3d import Bench3d
from console.dashboard.drawing import draw
from console.dashboard.layout import filters
from console.dashboard.playback import Moment, moments
from console.dashboard.region import Region
from console.dashboard.shelf import MOST_BYTES, Shelf, Verdict
from console.dashboard.timetable import legend, timetable
from console.dashboard.words import duration
from console.service.following import Following
from planning.errors import Refused

LOOK_EVERY_S = 0.7

Away = Callable[[Callable[[], Any]], Awaitable[Any]]


class ProtocolsPage:
    """One visit of the page.

    Args:
        shelf: what may be picked.
        begin: begins a dry run, or a run, of a file in a folder of its own, and returns that folder.
        away: runs what takes long outside the loop that serves browsers.
    """

    def __init__(self, shelf: Shelf, begin: Callable[[Path, bool], Path], away: Away, *, may_act: bool) -> None:
        self._shelf = shelf
        self._begin = begin
        self._away = away
        self._may_act = may_act
        self._frames: list[Moment] = []

    async def show(self, chosen: str, run: str) -> None:
        """Fill the page."""
        names = self._shelf.names()
        chosen = chosen or (names[0] if names else "")
        with ui.element("section").classes("card wide"):
            ui.html(
                "<header><h2>Recipes and campaigns</h2><span class='soft small'>those of this folder</span></header>",
                sanitize=False,
            )
            ui.html(filters("protocols", run, "file", {name: name for name in names}, chosen), sanitize=False)
            if self._may_act and names:
                self._upload(chosen, run)
        if not chosen:
            ui.html(
                '<div class="card empty"><b>No recipe here</b>Put a campaign.yaml, a protocol.yaml and a lab.yaml into this folder.</div>',
                sanitize=False,
            )
            return
        try:
            verdict = await self._away(lambda: self._shelf.examine(chosen))
        except Refused as err:
            ui.html(draw("refused", why=str(err)), sanitize=False)
            return
        with ui.element("div").classes("grid").style("margin-top:1rem"):
            self._verdict(verdict, chosen)
            self._rehearsal(chosen, verdict)

    def _upload(self, chosen: str, run: str) -> None:
        async def taken(brought: events.UploadEventArguments) -> None:
            try:
                name = self._shelf.bring(brought.file.name, await brought.file.read(), self._shelf.path(chosen))
            except Refused as err:
                ui.notify(str(err), type="negative")
                return
            ui.navigate.to(f"/protocols?file={name}" + (f"&run={run}" if run else ""))

        ui.upload(
            label="Bring another: a YAML file", on_upload=taken, auto_upload=True, max_file_size=MOST_BYTES
        ).props('accept=".yaml,.yml" flat').classes("bring")

    def _verdict(self, verdict: Verdict, chosen: str) -> None:
        with ui.element("section").classes("card wide"):
            ui.html("<header><h2>What the check says</h2></header>", sanitize=False)
            Region().show(draw("findings", **_found(verdict)))
        if verdict.steps:
            with ui.element("section").classes("card half"):
                ui.html(
                    "<header><h2>Step by step</h2><span class='soft small'>for the first sample</span></header>",
                    sanitize=False,
                )
                Region().show(draw("steps", steps=verdict.steps))

    def _rehearsal(self, chosen: str, verdict: Verdict) -> None:
        with ui.element("section").classes("card half"):
            ui.html(
                "<header><h2>Rehearse</h2><span class='soft small'>the same drivers, bytes and eyes on a simulated bench</span></header>",
                sanitize=False,
            )
            if not verdict.examined.preflight.passed:
                ui.html(
                    '<div class="empty"><b>Not yet</b>Mend what the check has found; then it can be rehearsed.</div>',
                    sanitize=False,
                )
                return
            if not self._may_act:
                ui.html('<div class="empty"><b>Log in as an operator</b>to rehearse or begin.</div>', sanitize=False)
                return
            told, scene_at = Region(), ui.element("div")
            with ui.element("div").classes("acts").style("margin:.6rem 0"):
                ui.button("Dry run", on_click=lambda: self._rehearse(chosen, told, scene_at)).props(
                    "unelevated no-caps"
                ).classes("act main")
                ui.button("Begin, simulated", on_click=lambda: self._start(chosen)).props("flat no-caps").classes("act")
            told.show(
                draw(
                    "rehearsal",
                    share=0.0,
                    text="A dry run takes a minute or two; afterwards you can look through it here.",
                )
            )

    async def _rehearse(self, chosen: str, told: Region, scene_at: ui.element) -> None:
        folder = self._begin(self._shelf.path(chosen), True)
        following = Following(folder)

        async def look() -> None:
            brief = following.brief()
            share = brief.ended / brief.of if brief.of else 0.0
            told.show(draw("rehearsal", share=share, text=f"{brief.ended} of {brief.of} samples"))
            if brief.state in ("ended", "stopped"):
                timer.cancel()
                self._frames = await self._away(lambda: moments(folder))
                self._play(told, scene_at)

        timer = ui.timer(LOOK_EVERY_S, look)

    def _play(self, told: Region, scene_at: ui.element) -> None:
        """Let the rehearsal be looked through."""
        last = len(self._frames) - 1
        took = duration(self._frames[last].at_s - self._frames[0].at_s)
        told.show(draw("rehearsal", share=1.0, text=f"Done: {took} of bench time. Pull the slider to look through it."))
        with scene_at:
            scene, text = Bench3d(), Region()

            def see(index: int) -> None:
                scene.show(self._frames[index].scene)
                text.show(draw("moment", text=self._frames[index].text))

            ui.slider(min=0, max=last, value=last, on_change=lambda event: see(int(event.value))).props(
                "aria-label=time"
            )
            see(last)

    def _start(self, chosen: str) -> None:
        folder = self._begin(self._shelf.path(chosen), False)
        ui.navigate.to(f"/bench?run={folder.name}")


def _found(verdict: Verdict) -> dict[str, Any]:
    result = verdict.examined.preflight
    low_s, high_s = result.duration_interval_s()
    summary = f"{result.samples} samples fit: {duration(result.duration_s)} ({duration(low_s)} to {duration(high_s)})"
    findings = [
        {"level": told.finding.level, "step": told.finding.step, "what": told.finding.what, "remedy": told.finding.remedy,
         "line": told.line, "file": told.path.name}
        for told in verdict.examined.told
    ]  # fmt: skip
    drawn = timetable(verdict.timeline, whole=True) if verdict.timeline.actual else None
    return {
        "examined": result,
        "findings": findings,
        "summary": summary,
        "drawn": drawn,
        "legend": legend(verdict.timeline),
    }
