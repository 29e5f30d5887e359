"""The record of truth: an append-only list of events. What a wire will hear is durable here before the wire hears it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text, create_engine, insert, select
from sqlalchemy import event as hooks
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from planning.errors import NotRecorded, Refused
from robot.clock import Clock, WallClock

COMMIT_AFTER_EVENTS = 200

_tables = MetaData()
_events = Table(
    "events",
    _tables,
    Column("seq", Integer, primary_key=True),
    Column("time_s", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sample", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("data", Text, nullable=False),
)
_readings = Table(
    "readings",
    _tables,
    Column("seq", Integer, primary_key=True),
    Column("time_s", Float, nullable=False),
    Column("device", Text, nullable=False),
    Column("quantity", Text, nullable=False),
    Column("value", Float, nullable=False),
)


@dataclass(frozen=True)
class Event:
    """One line of the journal. Empty words where a field does not apply."""

    seq: int
    time_s: float
    kind: str
    sample: str
    task: str
    device: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One figure that a device showed: telemetry, beside the events."""

    time_s: float
    device: str
    quantity: str
    value: float


class Listener(Protocol):
    """Somebody who follows a journal while it is written."""

    def event(self, event: Event) -> None:
        """This was just written."""

    def reading(self, reading: Reading) -> None:
        """This was just noted."""


class Journal:
    """One run's events in SQLite, with pictures as content-hashed files beside it.

    Events collect in a transaction; a durable one commits it, with all before. What a crash can take away is at most
    the outcome of the command that was under way: its intent stands, and the device is asked.

    Args:
        listener: who is told of each event and reading as it is written.
        world_outlives_power: a commit reaches the disk itself (`synchronous=FULL`); where a power cut ends the whole
            bench with us, as in a rehearsal within this process, the system's cache is enough (`NORMAL`).
    """

    def __init__(
        self, path: Path, clock: Clock, listener: Listener | None = None, *, world_outlives_power: bool = True
    ) -> None:
        self.folder = path.parent
        self._listener = listener
        self._clock = clock
        self._engine = create_engine(f"sqlite:///{path}")
        hooks.listen(self._engine, "connect", partial(_set_up, "FULL" if world_outlives_power else "NORMAL"))
        _tables.create_all(self._engine)
        self._connection: Connection = self._engine.connect()
        last = self._connection.execute(select(_events.c.seq).order_by(_events.c.seq.desc()).limit(1)).scalar()
        self._seq = last or 0
        self._pending: list[dict[str, Any]] = []
        self._readings: list[dict[str, Any]] = []

    def write(
        self, kind: str, *, sample: str = "", task: str = "", device: str = "", durable: bool = False, **data: Any
    ) -> None:
        """Append an event; when `durable`, return only once it, and all before it, are on the disk."""
        self._seq += 1
        event = Event(self._seq, round(self._clock.now_s(), 3), kind, sample, task, device, data)
        self._pending.append(asdict(event) | {"data": json.dumps(data, sort_keys=True, ensure_ascii=False)})
        if self._listener is not None:
            self._listener.event(event)
        if durable or len(self._pending) >= COMMIT_AFTER_EVENTS:
            self.commit()

    def note(self, device: str, quantity: str, value: float) -> None:
        """Append a reading; it reaches the disk with the next commit."""
        reading = Reading(round(self._clock.now_s(), 3), device, quantity, value)
        self._readings.append(asdict(reading))
        if self._listener is not None:
            self._listener.reading(reading)

    def keep_picture(self, png: bytes) -> str:
        """Store a picture once, under its own hash; return the name."""
        name = f"{hashlib.sha256(png).hexdigest()[:20]}.png"
        target = self.folder / "pictures" / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(png)
        return name

    def commit(self) -> None:
        """Bring all that was written to the disk.

        Raises:
            NotRecorded: the disk is full or fails; what was written is kept for the next attempt.
        """
        try:
            if self._pending:
                self._connection.execute(insert(_events), self._pending)
            if self._readings:
                self._connection.execute(insert(_readings), self._readings)
            self._connection.commit()
        except DBAPIError as err:
            self._connection.rollback()
            raise NotRecorded(str(self.folder / "journal.db"), str(err.orig)) from err
        self._pending, self._readings = [], []

    def events(self) -> Iterator[Event]:
        """All events, oldest first."""
        self.commit()
        for row in self._connection.execute(select(_events).order_by(_events.c.seq)):
            yield Event(row.seq, row.time_s, row.kind, row.sample, row.task, row.device, json.loads(row.data))

    def readings(self) -> Iterator[Reading]:
        """All readings, oldest first."""
        self.commit()
        for row in self._connection.execute(select(_readings).order_by(_readings.c.seq)):
            yield Reading(row.time_s, row.device, row.quantity, row.value)

    @classmethod
    def reading(cls, path: Path) -> Self:
        """Open a journal that another engine wrote.

        Raises:
            Refused: there is none.
        """
        if not path.exists():
            raise Refused(f"{path} does not exist", "Name the folder of a run")
        return cls(path, WallClock())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Bring everything to the disk and let go of the file."""
        self.commit()
        self._connection.close()
        self._engine.dispose()


def _set_up(synchronous: str, connection: Any, _record: object) -> None:
    """Set up each SQLite connection. Source: sqlite.org/pragma.html, `synchronous` and `journal_mode`."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={synchronous}")
