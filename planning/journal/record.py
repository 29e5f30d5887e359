"""The record of truth: an append-only list of events. What a wire will hear is durable here before the wire hears it."""

import json
import math
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import DBAPIError

from planning.database import reason
from planning.errors import Fenced, NotRecorded, Refused
from planning.journal.chain import End
from planning.journal.events import Event, Listener, Reading
from planning.journal.evidence import name_of, path_of
from planning.journal.place import Place
from planning.journal.strand import Strand
from planning.journal.tables import EVENTS, METADATA, MOVE_ENDS, READINGS, RUNS, VERSION, check_version
from robot.clock import Clock, WallClock

COMMIT_AFTER_EVENTS = 200


class Journal:
    """One run's events, chained by hashes, with pictures and patterns as content-hashed files beside them.

    Events collect in a transaction; a durable one commits it, with all before. What a crash can take away is at most
    the outcome of the command that was under way: its intent stands, and the device is asked. Of two writers, the one
    that does not know of the other's last line can write nothing more.

    Args:
        where: the file `journal.db` in the run's folder, or a place on a server.
        listener: who is told of each event and reading once it is written; of a durable one once it is on the disk.
        world_outlives_power: a commit reaches the disk itself (`synchronous=FULL`); where a power cut ends the whole
            bench with us, as in a rehearsal within this process, the system's cache is enough (`NORMAL`).
        fence: raises Fenced if the bench is no longer ours; asked before each commit, so before each command.
        writing: a journal that is not there is begun; else it is refused.

    Raises:
        Refused: no journal can be had there, or it is another version's.
    """

    def __init__(
        self, where: Path | Place, clock: Clock, listener: Listener | None = None, *, world_outlives_power: bool = True,
        fence: Callable[[], object] = lambda: None, writing: bool = True,
    ) -> None:  # fmt: skip
        self.place = where if isinstance(where, Place) else Place(where.parent)
        self.folder = self.place.folder
        self._clock = clock
        self._listener = listener
        self._fence = fence
        self._durable_files = world_outlives_power
        self._engine = self.place.engine(world_outlives_power=world_outlives_power)
        with self._opening():
            self._connection: Connection = self._engine.connect()
            check_version(self._connection, self.place.run, str(self.place))
            if writing:
                METADATA.create_all(self._connection)
            ends = self._ends() or self._begun(writing)
            self._connection.commit()
        self._events = Strand(EVENTS, self.place.run, ends[0])
        self._readings = Strand(READINGS, self.place.run, ends[1])

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Let go of the database again if it cannot be used."""
        try:
            yield
        except DBAPIError as err:
            self._engine.dispose()
            raise Refused(
                f"{self.place} cannot be used: {reason(err)}",
                "Start the server, or correct its URL" if self.place.url else "Restore the file from a copy",
            ) from err
        except Refused:
            self._connection.close()
            self._engine.dispose()
            raise

    def write(
        self, kind: str, *, sample: str = "", task: str = "", device: str = "", durable: bool = False, **data: Any
    ) -> None:
        """Append an event; when `durable`, return only once it, and all before it, are on the disk."""
        event = Event(self._events.end.seq + 1, self._now_s(), kind, sample, task, device, data)
        self._events.add(event.time_s, kind, sample, task, device, json.dumps(data, sort_keys=True, ensure_ascii=False))
        if durable or len(self._events.pending) >= COMMIT_AFTER_EVENTS:
            self.commit()
        if self._listener is not None:
            self._listener.event(event)

    def note(self, device: str, quantity: str, value: float) -> None:
        """Append a reading; it reaches the disk with the next commit. What is no number is no reading."""
        if not math.isfinite(value):
            return
        reading = Reading(self._now_s(), device, quantity, value + 0.0)
        self._readings.add(reading.time_s, device, quantity, reading.value)
        if self._listener is not None:
            self._listener.reading(reading)

    def _now_s(self) -> float:
        return round(float(self._clock.now_s()), 3) + 0.0  # as columns give numbers back: never an integer, never -0.0

    def keep(self, content: bytes, suffix: str) -> str:
        """Store evidence of a kind of `evidence.FOLDERS` once, whole or not at all; return the name for an event."""
        name = name_of(content, suffix)
        target = self.folder / path_of(name)
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            part = target.with_suffix(".part")
            with part.open("wb") as file:
                file.write(content)
                if self._durable_files:
                    file.flush()
                    os.fsync(file.fileno())
            part.replace(target)
        return name

    def commit(self) -> None:
        """Bring all that was written to the disk.

        Raises:
            Fenced: the run or its bench is another engine's by now; nothing was written.
            NotRecorded: the disk is full or fails, the server is gone; what was written is kept for the next attempt.
        """
        if not (self._events.pending or self._readings.pending):
            self._connection.rollback()  # so that what others wrote since can be seen
            return
        self._fence()
        with self._recording():
            try:
                self._store()
            except DBAPIError as err:
                self._connection.rollback()
                if not err.connection_invalidated:
                    raise
                self._store()  # the server may have come back since

    def check(self) -> None:
        """Return if this journal and its bench are still ours.

        Raises:
            Fenced: they are another engine's.
            NotRecorded: that cannot be told.
        """
        self._fence()
        with self._recording():
            self._connection.rollback()
            self._require_ours(self._ends())

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Say what a database's trouble means."""
        try:
            yield
        except DBAPIError as err:
            self._connection.rollback()
            raise NotRecorded(str(self.place), reason(err)) from err

    def _store(self) -> None:
        """Move the ends of the chains on from where we know them, with all that is pending, or not at all."""
        if not self._move_ends():
            self._connection.rollback()
            events_end, readings_end = self._require_ours(self._ends())
            self._events.arrived(events_end)  # a commit of ours, whose answer was lost
            self._readings.arrived(readings_end)
            self._move_ends()
        self._events.insert(self._connection)
        self._readings.insert(self._connection)
        self._connection.commit()
        self._events.arrived(self._events.end)
        self._readings.arrived(self._readings.end)

    def _require_ours(self, ends: tuple[End, End] | None) -> tuple[End, End]:
        if ends is None or not (self._events.holds(ends[0]) and self._readings.holds(ends[1])):
            raise Fenced(str(self.place), "another engine has written here since")
        return ends

    def _move_ends(self) -> bool:
        """Write the new ends if the old ones are still as we left them."""
        events, readings = self._events, self._readings
        ends = {
            "this_run": self.place.run, "events_before": events.kept.hash, "readings_before": readings.kept.hash,
            "new_events_seq": events.end.seq, "new_events_hash": events.end.hash,
            "new_readings_seq": readings.end.seq, "new_readings_hash": readings.end.hash,
        }  # fmt: skip
        return self._connection.execute(MOVE_ENDS, ends).rowcount == 1

    def _ends(self) -> tuple[End, End] | None:
        """Where the chains end by what the database says."""
        row = self._connection.execute(select(RUNS).where(RUNS.c.run == self.place.run)).one_or_none()
        return row and (End(row.events_seq, row.events_hash), End(row.readings_seq, row.readings_hash))

    def _begun(self, writing: bool) -> tuple[End, End]:
        """Open the book for a new run."""
        if not writing:
            raise Refused(f"{self.place} holds no journal of this run", "Name the folder of a run")
        end = End()
        row = {"events_seq": end.seq, "events_hash": end.hash, "readings_seq": end.seq, "readings_hash": end.hash}
        self._connection.execute(insert(RUNS).values(run=self.place.run, version=VERSION, **row))
        return end, end

    @property
    def ends(self) -> tuple[End, End]:
        """The last event and the last reading that are in the database."""
        self.commit()
        ends = self._ends()
        assert ends is not None
        return ends

    def events(self, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Event]:
        """The events after a number, oldest first; all, or those of some kinds."""
        for row in self.rows(EVENTS.name, after, kinds):
            yield Event(row.seq, row.time_s, row.kind, row.sample, row.task, row.device, json.loads(row.data))

    def readings(self) -> Iterator[Reading]:
        """All readings, oldest first."""
        for row in self.rows(READINGS.name):
            yield Reading(row.time_s, row.device, row.quantity, row.value)

    def rows(self, table: str, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Row[Any]]:
        """The lines of `events` or `readings` as they are stored: run, number, columns, hash."""
        self.commit()
        strand = self._events if table == EVENTS.name else self._readings
        yield from strand.lines(self._connection, after, kinds)

    @classmethod
    def reading(cls, where: Path | Place) -> Self:
        """Open a journal that another engine wrote.

        Raises:
            Refused: there is none, it is damaged, or another version's.
        """
        place = where if isinstance(where, Place) else Place(where.parent)
        if place.is_absent:
            raise Refused(f"{place} does not exist", "Name the folder of a run")
        return cls(place, WallClock(), writing=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Bring everything to the disk and let go of the file."""
        try:
            self.commit()
        finally:
            self._connection.close()
            self._engine.dispose()
