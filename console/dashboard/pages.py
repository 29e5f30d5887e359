"""The pages. Each piece of them is drawn once for all who watch it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from nicegui import app as nicegui
from nicegui import ui
from nicegui.element import Element

from console.dashboard import campaign_pieces, pieces
from console.dashboard.bench3d import Bench3d
from console.dashboard.drawing import TEMPLATES, draw
from console.dashboard.layout import ASSETS, filters, frame
from console.dashboard.lines import KINDS
from console.dashboard.masks import serve_masks
from console.dashboard.protocols_page import ProtocolsPage, card
from console.dashboard.region import Region
from console.dashboard.shared import Shared
from console.dashboard.sight import Sight, Sights
from console.service.access.door import Door
from console.service.access.roles import Caller
from console.service.service import Service

EVERY_S, SELDOM_S = 1.0, 6.0
"""How often pieces are drawn anew; those that cost a model's time, less often."""
PATIENCE_S = 60.0
"""How long a page may take that is the first to ask for a long run."""
VERDICTS = {
    "": "All",
    "unknown": "Could not tell",
    "no": "Not as it should be",
    "yes": "As it should be",
    "overruled": "Judged by people",
}


class Pages:
    """The dashboard's pages over what a service tells of runs."""

    def __init__(self, service: Service, door: Door) -> None:
        self.service = service
        self.sights = Sights(service)
        self._door = door
        self.often, self.seldom = Shared(EVERY_S), Shared(SELDOM_S)

    def mount(self, app: FastAPI) -> None:
        """Add the pages to a server."""
        app.mount(ASSETS, StaticFiles(directory=TEMPLATES.parent / "static"))
        serve_masks(app, self.service.runs)
        pages = {
            "bench": self.bench,
            "runs": self.runs,
            "campaign": self.campaign,
            "eyes": self.eyes,
            "protocols": self.protocols,
        }
        for name, page in pages.items():
            ui.page(f"/{name}", response_timeout=PATIENCE_S)(page)
        ui.page("/")(lambda: RedirectResponse("/bench"))
        for shared in (self.often, self.seldom):
            nicegui.on_startup(shared.keep_drawing)
        ui.run_with(app, title="Athanor", favicon="▲", dark=None, tailwind=False, show_welcome_message=False)

    def _token(self, request: Request) -> str:
        """What lets a page's presses through."""
        session = self._door.sessions.find(request.cookies.get(self._door.cookie_name, ""))
        return session.csrf if session else ""

    async def _piece(self, name: str, sight: Sight, draw: Callable[..., Any], *details: Any, **more: Any) -> None:
        key = (name, sight.name, *details, *more.items())
        await self._watch(self.often, key, partial(draw, sight, *details, **more), Region())

    async def _watch(
        self, shared: Shared, key: Sequence[Any], draw: Callable[[], Any], element: Region | Bench3d
    ) -> None:
        await shared.watch(tuple(key), draw, element)

    async def bench(self, request: Request, run: str = "") -> None:
        """Every device, the bench in three dimensions, cameras, furnaces, stocks."""
        sight = self.sights.of(run)
        with frame("bench", run, self._token(request)):
            if isinstance(sight, str):
                return _empty("No run to show", sight)
            await self._piece("sentence", sight, pieces.sentence_of)
            with _grid():
                with card("most", "The bench", "as the journal believes it; drag to turn"):
                    await self._watch(self.often, ("scene", sight.name), partial(pieces.scene, sight), Bench3d())
                with card("third", "What the cameras saw last"):
                    await self._piece("cameras", sight, pieces.cameras)
                with card("wide", "Devices"):
                    await self._piece("devices", sight, pieces.devices)
                with card("half", "Furnaces"):
                    await self._piece("furnaces", sight, pieces.furnaces)
                with card("half", "In store"):
                    await self._piece("stocks", sight, pieces.stocks)
        return None

    async def runs(self, request: Request, run: str = "", span: str = "", kind: str = "all", sample: str = "") -> None:
        """Who is at work when, samples, questions, the journal."""
        sight = self.sights.of(run)
        with frame("runs", run, self._token(request)):
            if isinstance(sight, str):
                return _empty("No run to show", sight)
            acting = may_act(request)
            await self._piece("sentence", sight, pieces.sentence_of)
            await self._piece("questions", sight, pieces.questions, may_act=acting)
            with _grid():
                with card("wide", "Timetable"):
                    _html(filters("runs", run, "span", {"": "Around now", "all": "The whole run"}, span))
                    await self._piece("timetable", sight, pieces.timetable_of, whole=span == "all")
                with card("wide", "Samples"):
                    await self._piece("orders", sight, pieces.orders, may_act=acting)
                    await self._piece("samples", sight, pieces.samples, may_act=acting)
                with card("wide", "Journal"):
                    _html(filters("runs", run, "kind", {each: each.capitalize() for each in KINDS}, kind))
                    await self._piece("journal", sight, pieces.journal, kind, sample)
                with card("wide", "Other runs"):
                    _html(pieces.others(self.service.briefs(), sight.name))
        return None

    async def campaign(self, request: Request, run: str = "") -> None:
        """The best so far, what the model believes, what it suggests and why."""
        sight = self.sights.of(run)
        with frame("campaign", run, self._token(request)):
            if isinstance(sight, str):
                return _empty("No run to show", sight)
            await self._piece("sentence", sight, pieces.sentence_of)
            if sight.campaign is None:
                return _empty(
                    "This run has no campaign",
                    "Its samples were named one by one. A campaign asks a question and chooses the samples itself.",
                )
            acting = may_act(request)
            with _grid():
                with card("half", "Best"):
                    await self._watch(self.seldom, ("best", sight.name), partial(campaign_pieces.best, sight), Region())
                with card("half", "Suggestions and their reasons"):
                    await self._piece("suggestions", sight, campaign_pieces.suggestions, may_act=acting)
            region = Region().classes("grid").style("margin-top:1rem")
            await self._watch(self.seldom, ("figures", sight.name), partial(campaign_pieces.figures, sight), region)
        return None

    async def eyes(self, request: Request, run: str = "", answer: str = "") -> None:
        """What was seen, how sure the eyes were, what people say of it."""
        sight = self.sights.of(run)
        with frame("eyes", run, self._token(request)):
            if isinstance(sight, str):
                return _empty("No run to show", sight)
            await self._piece("sentence", sight, pieces.sentence_of)
            with card("wide", "The eyes in use"):
                _html(pieces.weights())
            _html(filters("eyes", run, "answer", VERDICTS, answer))
            await self._piece("looks", sight, pieces.looks, answer, may_act=may_act(request))
        return None

    async def protocols(self, request: Request, run: str = "", file: str = "") -> None:
        """Recipes: picked, checked, explained, rehearsed, begun."""
        with frame("protocols", run, self._token(request)):
            page = ProtocolsPage(self.service, request.state.caller, self.seldom.away)
            await page.show(file, run)


def may_act(request: Request) -> bool:
    """May whoever asks tell the bench anything but to stop?"""
    caller: Caller = request.state.caller
    return caller.may("pause")


def _grid() -> Element:
    return ui.element("div").classes("grid")


def _html(text: str) -> None:
    ui.html(text, sanitize=False)


def _empty(title: str, text: str) -> None:
    with card("wide", title):
        _html(draw("empty", title="", text=text))
