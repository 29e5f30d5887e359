"""The record of truth: an append-only list of events. What a wire will hear is durable here before the wire hears it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text, create_engine, event, insert, select
from sqlalchemy.engine import Connection

from robot.clock import Clock

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


class Journal:
    """One run's events in SQLite, with pictures as content-hashed files beside it.

    Events collect in a transaction; a durable one commits it, with all before, to the disk itself
    (`synchronous=FULL`). What a crash can take away is at most the outcome of the command that was under way: its
    intent stands, and the device is asked.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self.folder = path.parent
        self._clock = clock
        self._engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", _make_durable)
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
        self._pending.append(
            {
                "seq": self._seq,
                "time_s": round(self._clock.now_s(), 3),
                "kind": kind,
                "sample": sample,
                "task": task,
                "device": device,
                "data": json.dumps(data, sort_keys=True, ensure_ascii=False),
            }
        )
        if durable or len(self._pending) >= COMMIT_AFTER_EVENTS:
            self.commit()

    def note(self, device: str, quantity: str, value: float) -> None:
        """Append a reading; it reaches the disk with the next commit."""
        row = {"time_s": round(self._clock.now_s(), 3), "device": device, "quantity": quantity, "value": value}
        self._readings.append(row)

    def keep_picture(self, png: bytes) -> str:
        """Store a picture once, under its own hash; return the name."""
        name = f"{hashlib.sha256(png).hexdigest()[:20]}.png"
        target = self.folder / "pictures" / name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(png)
        return name

    def commit(self) -> None:
        """Bring all that was written to the disk."""
        if self._pending:
            self._connection.execute(insert(_events), self._pending)
        if self._readings:
            self._connection.execute(insert(_readings), self._readings)
        self._connection.commit()
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

    def close(self) -> None:
        """Bring everything to the disk and let go of the file."""
        self.commit()
        self._connection.close()
        self._engine.dispose()


def _make_durable(connection: Any, _record: object) -> None:
    """Set up each SQLite connection. Source: sqlite.org/pragma.html, `synchronous` and `journal_mode`."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
