"""The frame of every page: where one is, how it stands, light or dark, and the stop button."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from urllib.parse import urlencode

from nicegui import ui

from console.service.api.app import PREFIX

PAGES = {"bench": "Bench", "runs": "Runs", "campaign": "Campaign", "eyes": "Eyes", "protocols": "Protocols"}
ASSETS = "/dashboard/assets"
HEAD = f"""
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="{ASSETS}/style.css">
<script src="{ASSETS}/athanor.js"></script>
"""
STOPPED = """
<dialog id="stopped"><h2></h2><ul></ul>
<p class="soft small">A software stop is no safety function: the emergency stop at the bench is.</p>
<button class="act" data-close>Close</button></dialog>
<dialog id="edited"><h2></h2><p class="soft small">Parts of a mixture add up to 1. The server checks the campaign's limits.</p>
<textarea rows="9" spellcheck="false" aria-label="values"></textarea>
<div class="acts"><button class="act main" data-send>Send</button><button class="act" data-close>Leave it</button></div></dialog>
<div id="said" role="status" aria-live="polite"></div>
"""


@contextmanager
def frame(page: str, run: str, token: str) -> Iterator[None]:
    """Everything around a page's own content; `token` lets its presses through."""
    ui.add_head_html(f'{HEAD}<meta name="athanor-token" content="{escape(token)}">')
    ui.page_title(f"{PAGES[page]} · Athanor")
    ui.html(_top(page, run), sanitize=False, tag="header").classes("top")
    ui.html(STOPPED, sanitize=False)
    with ui.element("div").classes("page"):
        yield


def address(page: str, run: str, **more: str) -> str:
    """Where a page of a run lies."""
    query = {name: value for name, value in {"run": run, **more}.items() if value}
    return f"/{page}{'?' + urlencode(query) if query else ''}"


def _top(page: str, run: str) -> str:
    links = "".join(
        f'<a href="{escape(address(name, run))}"{" aria-current=page" if name == page else ""}>{title}</a>'
        for name, title in PAGES.items()
    )
    return f"""<div><a class="name" href="{escape(address("bench", run))}"><i>▲</i> Athanor</a><nav aria-label="Pages">{links}</nav>
<span class="connection" role="status"></span>
<button class="quiet" data-theme-switch title="light or dark" aria-label="light or dark">◐</button>
<button class="stop" data-stop="{PREFIX}/stop" title="Make the bench safe at once">STOP</button></div>"""


def filters(page: str, run: str, name: str, choices: dict[str, str], chosen: str) -> str:
    """Links that choose what is shown; `choices` are values with their labels."""
    links = "".join(
        f'<a href="{escape(address(page, run, **{name: value}))}"{" aria-current=true" if value == chosen else ""}>{escape(label)}</a>'
        for value, label in choices.items()
    )
    return f'<div class="filters">{links}</div>'
