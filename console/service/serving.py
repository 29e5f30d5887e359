"""Serves the dashboard: the REST interface, and the pages if they are there."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from fastapi import FastAPI

from console.service.access.accounts import Accounts, default_path
from console.service.access.audit import FILE, Audit
from console.service.access.door import Door
from console.service.access.roles import Role
from console.service.api.app import create_app
from console.service.service import STATE, Service
from console.service.settings import Settings

PAGES = "console.dashboard"
Mount = Callable[[FastAPI], object]
"""Puts pages onto the application."""


def application(settings: Settings, mount: Sequence[Mount] = ()) -> FastAPI:
    """The application as these settings want it.

    Raises:
        Refused: it must not be served so.
    """
    accounts = Accounts(settings.accounts or default_path())
    settings.require_safe(has_owner=Role.OWNER in accounts.people().values())
    audit = Audit(settings.runs / STATE / FILE)
    door = Door(accounts, audit, settings.hosts, settings.needs_login, settings.is_private)
    app = create_app(Service(settings.runs, settings.files, audit), door)
    for each in mount:
        each(app)
    return app


def pages() -> list[Mount]:
    """What puts the pages onto the application; nothing if they are not there."""
    if find_spec(PAGES) is None:
        return []
    from importlib import import_module

    return [import_module(PAGES).mount]


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C.

    Raises:
        Refused: it must not be served so.
    """
    import uvicorn

    app = application(settings, pages())
    scheme = "https" if settings.tls_cert else "http"
    print(f"{scheme}://{settings.host}:{settings.port}", flush=True)
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_level="warning", server_header=False,
        ssl_certfile=settings.tls_cert, ssl_keyfile=settings.tls_key, proxy_headers=settings.behind_proxy,
        timeout_graceful_shutdown=2,
    )  # fmt: skip
