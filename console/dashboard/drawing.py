"""Fills the templates. Whatever a file or a journal says is escaped on its way."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from console.dashboard.sentence import capital, mood_of
from console.dashboard.words import figure, hours
from console.service.api.app import PREFIX
from robot.clock import WallClock

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Where templates come from."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["words"] = lambda name: name.replace("_", " ")
    made.globals |= {
        "capital": capital, "mood_of": mood_of, "figure": figure, "file": file, "mask_layer": mask_layer, "path": path,
    }  # fmt: skip
    return made


def draw(template: str, **shown: Any) -> str:
    """A piece as HTML."""
    return environment().get_template(f"{template}.html.j2").render(shown)


def path(run: str, *what: object) -> str:
    """Where the server takes up what is asked of a run.

    >>> path("film-01", "questions", "s001.ask")
    '/api/v1/runs/film-01/questions/s001.ask'
    """
    return "/".join([f"{PREFIX}/runs", *(quote(str(part), safe="") for part in (run, *what))])


def file(run: str, name: str) -> str:
    """The address of a picture or pattern that a run keeps."""
    return path(run, "evidence", name)


def mask_layer(run: str, name: str) -> str:
    """The address of a mask as a layer in colours, clear where there is background."""
    return f"/dashboard/masks/{quote(run, safe='')}/{quote(name, safe='')}"


def clock(begin_s: float, now_s: float, speed: float, *, is_live: bool) -> Callable[[float], Markup]:
    """Says when something was, so that a browser can count its age on; of a run that is over, when in the run."""
    wall_s = WallClock().date().timestamp()

    def when(at_s: float) -> Markup:
        if not is_live:
            return Markup("<span>{} h</span>").format(hours(at_s - begin_s))
        return Markup('<time data-at="{:.0f}"></time>').format(wall_s - (now_s - at_s) / speed)

    return when


def parts_of(values: Mapping[str, Any]) -> Mapping[str, float]:
    """The shares of a sample's mixture; of several mixtures, those of the first."""
    return next((dict(value) for value in values.values() if isinstance(value, Mapping)), {})
