"""Puts the REST interface together; pages are mounted on the same application, behind the same guard."""

from typing import Any

from fastapi import FastAPI

from console.service.access.door import Door
from console.service.access.guard import Guard
from console.service.api import actions, campaigns, files, problems, seeing, session, stream
from console.service.api.metrics import install as install_metrics
from console.service.service import Service

VERSION = "v1"
PREFIX = f"/api/{VERSION}"


def create_app(service: Service, door: Door, **options: Any) -> FastAPI:
    """The application. `app.state.service` and `app.state.door` are for pages; `request.state.caller` says who asks.

    Args:
        options: for FastAPI, such as `lifespan`.
    """
    app = FastAPI(
        title="Athanor", version=VERSION, summary="A self-driving laboratory: what it does, and what it is told.",
        openapi_url=f"{PREFIX}/openapi.json", docs_url=None, redoc_url=None, responses=problems.ANSWERS, **options,
    )  # fmt: skip
    app.state.service, app.state.door = service, door
    for part in (session, seeing, stream, campaigns, actions, files):
        app.include_router(part.router, prefix=PREFIX)
    session.install_page(app)
    install_metrics(app, service)
    problems.install(app)
    app.add_middleware(Guard, door=door)
    return app
