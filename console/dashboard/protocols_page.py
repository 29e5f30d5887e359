"""The page on which a recipe is picked or brought, checked, explained, rehearsed, played back, and begun."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, Literal

from nicegui import events, ui

from console.dashboard.bench3d import Bench3d
from console.dashboard.drawing import draw
from console.dashboard.layout import address, filters
from console.dashboard.playback import Moment, moments
from console.dashboard.region import Region
from console.dashboard.timetable import legend, timetable
from console.dashboard.words import duration
from console.service.access.roles import Caller
from console.service.launching import Start
from console.service.library import MOST_BYTES, Checked, FileBrief
from console.service.service import Service
from console.service.views import Timeline
from planning.errors import Refused
from robot.files import FileProblem

LOOK_EVERY_S = 0.7
NOT_YET_S = -60.0
"""A moment before the first: nothing has begun."""
REHEARSED = 4
"""Samples of a rehearsal."""

Away = Callable[[Callable[[], Any]], Awaitable[Any]]


class ProtocolsPage:
    """One visit of the page.

    Args:
        away: runs what takes long outside the loop that serves browsers.
    """

    def __init__(self, service: Service, caller: Caller, away: Away) -> None:
        self._service = service
        self._caller = caller
        self._away = away
        self._moments: list[Moment] = []

    async def show(self, chosen: str, run: str) -> None:
        """Fill the page."""
        files: list[FileBrief] = await self._away(self._service.library.listing)
        names = [file.name for file in files if file.kind != "lab"]
        chosen = chosen or next(iter(names), "")
        with card("wide", "Recipes and campaigns", "those of this folder"):
            _html(filters("protocols", run, "file", {name: name for name in names}, chosen))
            if self._caller.may("upload"):
                self._upload(run)
        if not chosen:
            _html(
                draw(
                    "empty",
                    title="No recipe here",
                    text="Put a campaign.yaml, a protocol.yaml and a lab.yaml into this folder, or bring one.",
                )
            )
            return
        lab = lab_beside(chosen, files)
        try:
            checked: Checked = await self._away(lambda: self._service.check(chosen, lab, None, {}, self._caller))
        except (Refused, FileProblem) as err:
            _html(draw("refused", why=str(err)))
            return
        with ui.element("div").classes("grid").style("margin-top:1rem"):
            with card("wide", "What the check says"):
                _html(draw("findings", **_found(checked)))
            if checked.sentences:
                with card("half", "Step by step", "for the first sample"):
                    _html(draw("steps", steps=[_parts(sentence) for sentence in checked.sentences]))
            with card("half", "Rehearse", "the same drivers, bytes and eyes on a simulated bench"):
                self._rehearsal(chosen, lab, checked)

    def _upload(self, run: str) -> None:
        async def taken(brought: events.UploadEventArguments) -> None:
            try:
                kept = self._service.upload(brought.file.name, await brought.file.read(), self._caller)
            except (Refused, FileProblem) as err:
                ui.notify(str(err), type="negative", multi_line=True)
                return
            ui.navigate.to(address("protocols", run, file=kept.name))

        ui.upload(
            label="Bring a protocol: a YAML file", on_upload=taken, auto_upload=True, max_file_size=MOST_BYTES
        ).props('accept=".yaml,.yml" flat bordered').classes("bring")

    def _rehearsal(self, chosen: str, lab: str, checked: Checked) -> None:
        if not checked.passed:
            _html(draw("empty", title="Not yet", text="Mend what the check has found; then it can be rehearsed."))
            return
        if not self._caller.may("dry run"):
            _html(
                draw(
                    "empty",
                    title="Log in as an operator",
                    text="Then you can rehearse it here, look through the rehearsal, and begin.",
                )
            )
            return
        told, stage = Region(), ui.element("div")
        told.show(
            draw(
                "rehearsal",
                share=0.0,
                text=f"A dry run of {REHEARSED} samples takes a minute; then you can look through it here.",
            )
        )
        with ui.element("div").classes("acts").style("margin-top:.8rem"):
            _button("Dry run", lambda: self._rehearse(chosen, lab, told, stage), "main")
            _button("Begin, simulated", lambda: self._begin(chosen, lab))

    def _start(self, chosen: str, lab: str, mode: Literal["rehearsal", "simulated"], samples: int | None) -> str:
        """Begin; return the run's name, or tell why not and return nothing."""
        try:
            return self._service.start(Start(file=chosen, lab=lab, mode=mode, samples=samples), self._caller).run
        except (Refused, FileProblem) as err:
            ui.notify(str(err), type="negative", multi_line=True)
            return ""

    def _begin(self, chosen: str, lab: str) -> None:
        if name := self._start(chosen, lab, "simulated", None):
            ui.notify(f"{name} begins; its bench appears in a moment")

            def go_there() -> None:
                if name in self._service.runs.names():
                    ui.navigate.to(address("bench", name))

            ui.timer(LOOK_EVERY_S, go_there)

    def _rehearse(self, chosen: str, lab: str, told: Region, stage: ui.element) -> None:
        name = self._start(chosen, lab, "rehearsal", REHEARSED)
        if not name:
            return
        told.show(draw("rehearsal", share=0.02, text="The simulated bench is set up …"))

        async def look() -> None:
            started = self._service.launcher.started(name)
            if name in self._service.runs.names():
                brief = await self._away(self._service.runs.following(name).brief)
                share = brief.ended / brief.of if brief.of else 0.0
                told.show(draw("rehearsal", share=max(share, 0.04), text=f"{brief.ended} of {brief.of} samples"))
            if started.state in ("over", "failed"):
                timer.cancel()
                await self._play(name, started.said, told, stage)

        timer = ui.timer(LOOK_EVERY_S, look)

    async def _play(self, name: str, said: Sequence[str], told: Region, stage: ui.element) -> None:
        """Let the rehearsal be looked through."""
        if name not in self._service.runs.names():
            told.show(draw("refused", why=" ".join(said)))
            return
        self._moments = await self._away(lambda: moments(self._service.runs.path(name)))
        last = len(self._moments) - 1
        took = duration(self._moments[last].at_s - self._moments[0].at_s)
        told.show(draw("rehearsal", share=1.0, text=f"Done: {took} of bench time. Pull the slider to look through it."))
        with stage:
            scene, text = Bench3d(), Region()

            def see(index: int) -> None:
                scene.show(self._moments[index].scene)
                text.show(draw("moment", text=self._moments[index].text))

            ui.slider(min=0, max=last, value=last, on_change=lambda event: see(int(event.value))).props(
                "aria-label=time"
            )
            see(last)


def lab_beside(file: str, files: Sequence[FileBrief]) -> str:
    """The bench in a file's own folder, or else any; empty if there is none."""
    labs = [each.name for each in files if each.kind == "lab"]
    beside = [name for name in labs if PurePosixPath(name).parent == PurePosixPath(file).parent]
    return next(iter([*beside, *labs]), "")


def card(width: str, title: str, note: str = "") -> ui.element:
    """A card with its title."""
    section = ui.element("section").classes(f"card {width}")
    with section:
        _html(draw("head", title=title, note=note))
    return section


def _button(label: str, press: Callable[[], object], look: str = "") -> None:
    ui.element("button").classes(f"act {look}").on("click", press).add_slot("default", label)


def _html(text: str) -> None:
    ui.html(text, sanitize=False)


def _parts(sentence: str) -> dict[str, str]:
    """What `explain` puts into columns: number, step, times, sentence."""
    _, name, span, text = [part for part in sentence.split("  ") if part.strip()][:4]
    return {"name": name.strip(), "span": span.strip(), "sentence": text.strip()}


def _found(checked: Checked) -> dict[str, Any]:
    low_s, high_s = checked.duration_interval_s
    summary = f"{checked.samples} samples fit: {duration(checked.duration_s)} ({duration(low_s)} to {duration(high_s)})"
    devices = list(dict.fromkeys(device for bar in checked.timetable for device in bar.devices))
    bars = [bar.model_copy(update={"ending": "done"}) for bar in checked.timetable]
    timeline = Timeline(
        run="",
        start_s=0.0,
        now_s=NOT_YET_S,
        end_s=checked.duration_s,
        devices=devices,
        actual=bars,
        planned=[],
        why_no_plan="",
    )
    drawn = timetable(timeline, whole=True) if bars else None
    return {
        "passed": checked.passed,
        "findings": checked.findings,
        "summary": summary,
        "drawn": drawn,
        "legend": legend(timeline),
    }
