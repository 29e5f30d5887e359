"""Logging in and out, and who one is."""

from html import escape
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from console.service.access.door import Turned
from console.service.access.roles import NEEDS
from console.service.access.sessions import LASTS_S
from console.service.api.asking import TheDoor
from robot.strict import Strict

router = APIRouter(tags=["session"])
Short = Annotated[str, Field(max_length=200)]


class Login(Strict):
    """An account and its password."""

    account: Short
    password: Short


class Me(Strict):
    """Who asks, and what that one may do."""

    name: str
    role: str
    may: list[str]
    needs_login: bool
    csrf: str = Field(description="to be shown in the header X-CSRF-Token with every change; empty without a session")


@router.get("/health")
def health() -> dict[str, str]:
    """Is there somebody?"""
    return {"status": "ok"}


@router.get("/session")
def who(request: Request, door: TheDoor) -> Me:
    """Who asks, and what that one may do."""
    caller = request.state.caller
    session = door.sessions.find(request.cookies.get(door.cookie_name, ""))
    return Me(
        name=caller.name if caller else "", role=caller.role.word if caller else "", needs_login=door.needs_login,
        may=[action for action in NEEDS if caller and caller.may(action)], csrf=session.csrf if session else "",
    )  # fmt: skip


@router.post("/session")
def log_in(body: Login, request: Request, response: Response, door: TheDoor) -> Me:
    """Log in: sets a cookie, and says which token changes need."""
    cookie, session = door.log_in(body.account, body.password, _address(request))
    _set_cookie(response, door, cookie)
    role = door.accounts.people()[session.account]
    may = [action for action, needed in NEEDS.items() if role >= needed]
    return Me(name=session.account, role=role.word, needs_login=door.needs_login, may=may, csrf=session.csrf)


@router.delete("/session", status_code=204)
def log_out(request: Request, door: TheDoor) -> Response:
    """Log out."""
    door.sessions.end(request.cookies.get(door.cookie_name, ""))
    response = Response(status_code=204)
    response.delete_cookie(door.cookie_name, path="/", secure=door.is_private, httponly=True, samesite="lax")
    return response


def _set_cookie(response: Response, door: TheDoor, value: str) -> None:
    response.set_cookie(
        door.cookie_name, value, max_age=int(LASTS_S), path="/", secure=door.is_private, httponly=True, samesite="lax"
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Athanor: log in</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root{{color-scheme:light dark;font-family:system-ui,sans-serif}}body{{display:grid;place-items:center;min-height:90vh;margin:0}}
form{{display:grid;gap:.8rem;width:min(20rem,85vw)}}input,button{{font:inherit;padding:.6rem;border-radius:.4rem;border:1px solid #888}}
button{{background:#b3541e;color:#fff;border:0}}p{{color:#c0392b;margin:0;min-height:1.2em}}</style></head><body>
<form method="post" action="/login"><h1>Athanor</h1><p role="alert">{why}</p>
<input type="hidden" name="next" value="{next}">
<label>Account <input name="account" autocomplete="username" autofocus required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button></form></body></html>"""


def install_page(app: FastAPI) -> None:
    """A page to log in with, which needs no script."""

    @app.get("/login", include_in_schema=False)
    def page(next: str = "/") -> HTMLResponse:
        return HTMLResponse(PAGE.format(why="", next=escape(_ours(next))))

    @app.post("/login", include_in_schema=False)
    def enter(
        request: Request, door: TheDoor, account: Annotated[str, Form(max_length=200)],
        password: Annotated[str, Form(max_length=200)], next: Annotated[str, Form(max_length=500)] = "/",
    ) -> Response:  # fmt: skip
        try:
            cookie, _ = door.log_in(account, password, _address(request))
        except Turned as err:
            return HTMLResponse(PAGE.format(why=escape(err.detail), next=escape(_ours(next))), err.status)
        response = RedirectResponse(_ours(next), 303)
        _set_cookie(response, door, cookie)
        return response


def _ours(path: str) -> str:
    r"""A place on this server to go on to; the first page if another was meant.

    >>> _ours("/runs/a"), _ours("//elsewhere.example"), _ours("https://elsewhere.example"), _ours("/\\elsewhere.example")
    ('/runs/a', '/', '/', '/')
    """
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return path if is_ours and "\\" not in path else "/"
