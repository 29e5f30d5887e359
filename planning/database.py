"""Where rows are kept: a SQLite file, or a PostgreSQL server by URL."""

from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy import event as hooks
from sqlalchemy.exc import ArgumentError, DBAPIError

from planning.errors import Refused

EXAMPLE_URL = "postgresql://athanor@lab-server/journals"
Synchronous = Literal["FULL", "NORMAL"]
SERVER_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "options": "-c synchronous_commit=on -c statement_timeout=10s",
}
"""A server that is gone is noticed within ten seconds, and a commit has reached its disk whatever its configuration
says. Source: postgresql.org/docs/current, libpq-connect and runtime-config-wal."""


def file_engine(path: Path, synchronous: Synchronous) -> Engine:
    """Open a SQLite file, to be read while it is written."""
    engine = create_engine(URL.create("sqlite", database=str(path)))
    hooks.listen(engine, "connect", partial(_set_up, synchronous))
    return engine


def server_engine(url: str) -> Engine:
    """Prepare to talk to a PostgreSQL server; nothing is sent yet.

    Raises:
        Refused: that is no such URL, it holds a password, or the library is missing.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as err:
        raise Refused(f"{url!r} is no URL of a journal", f"Write one such as {EXAMPLE_URL}") from err
    if parsed.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise Refused(
            f"a journal on {parsed.drivername!r} is not supported",
            f"Write a URL such as {EXAMPLE_URL}, or leave it out for SQLite in the run's folder",
        )
    if parsed.password is not None:
        raise Refused(
            f"{parsed.render_as_string()} holds a password, which would stand in run.json and in the list of processes",
            "Put it into ~/.pgpass or PGPASSWORD",
        )
    try:
        return create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args=SERVER_PATIENCE)
    except ImportError as err:
        raise Refused("PostgreSQL needs the library psycopg", "pip install 'athanor[postgres]'") from err


def require_server(url: str) -> None:
    """Return if a server answers there.

    Raises:
        Refused: none does, or the URL cannot be used.
    """
    engine = server_engine(url)
    try:
        engine.connect().close()
    except DBAPIError as err:
        raise Refused(f"no PostgreSQL server answers at {url}: {reason(err)}", "Start it, or correct the URL") from err
    finally:
        engine.dispose()


def reason(err: DBAPIError) -> str:
    """What a database says is wrong, in one line."""
    return " ".join(str(err.orig).split())


def _set_up(synchronous: Synchronous, connection: Any, _record: object) -> None:
    """Set up each SQLite connection. Source: sqlite.org/pragma.html, `synchronous` and `journal_mode`."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={synchronous}")
