"""Places where a journal can lie: each test runs on SQLite, and on a PostgreSQL server where there is one."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from planning.database import file_engine, server_engine
from planning.journal import Place

from .server import Server, running_server

MakeEngine = Callable[[], Engine]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(tmp_path)
    return Place(tmp_path, request.getfixturevalue("server").url, f"run-{uuid.uuid4().hex[:8]}")


@pytest.fixture(params=["sqlite", "postgresql"])
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeEngine]:
    """Open the database of leases, as each engine does for itself."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("server").url
    engines: list[Engine] = []

    def make() -> Engine:
        engines.append(server_engine(url) if url else file_engine(tmp_path / "lease.db", "NORMAL"))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()
