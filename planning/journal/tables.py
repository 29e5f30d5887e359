"""The tables of a journal: in SQLite those of one run, on a server those of all."""

from sqlalchemy import Column, Connection, Float, Integer, MetaData, Table, Text, bindparam, inspect, select, update

from planning.errors import Refused

VERSION = 2
"""1 had no chain."""

METADATA = MetaData()
RUNS = Table(
    "runs",
    METADATA,
    Column("run", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("events_seq", Integer, nullable=False),
    Column("events_hash", Text, nullable=False),
    Column("readings_seq", Integer, nullable=False),
    Column("readings_hash", Text, nullable=False),
)
"""Where each run's two chains end. A writer moves the ends on from where it left them, or finds that it is fenced."""
MOVE_ENDS = (
    update(RUNS)
    .where(
        RUNS.c.run == bindparam("this_run"),
        RUNS.c.events_hash == bindparam("events_before"),
        RUNS.c.readings_hash == bindparam("readings_before"),
    )
    .values({name: bindparam(f"new_{name}") for name in ("events_seq", "events_hash", "readings_seq", "readings_hash")})
)
EVENTS = Table(
    "events",
    METADATA,
    Column("run", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("time_s", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sample", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
READINGS = Table(
    "readings",
    METADATA,
    Column("run", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("time_s", Float, nullable=False),
    Column("device", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("hash", Text, nullable=False),
)


def check_version(connection: Connection, run: str, where: str) -> None:
    """Refuse a journal that another version wrote; one that is not there yet is welcome."""
    tables = inspect(connection).get_table_names()
    known = RUNS.name in tables
    version = connection.scalar(select(RUNS.c.version).where(RUNS.c.run == run)) if known else None
    if EVENTS.name in tables and not known:
        version = 1
    if version not in (None, VERSION):
        raise Refused(
            f"{where} is a journal of version {version}; this Athanor reads and writes version {VERSION}",
            "Use the Athanor that wrote it",
        )
