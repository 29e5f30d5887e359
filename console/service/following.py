"""A run that is followed: its journal is read on from where it was left, once for all who watch."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from console.engine import conductor
from console.runfolder import RunFolder
from console.service.record import Record
from console.service.views import RunBrief
from console.status import status_by
from console.tally import KINDS, Tally
from planning.errors import Refused
from planning.journal import Journal, Reading
from robot.clock import WallClock
from robot.files import FileProblem, load_yaml

Stamp = tuple[int, ...]


class Following:
    """One run's folder. Whoever asks gets what the journal says at that moment; nothing is read twice."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = RunFolder(path)
        self._lock = threading.RLock()
        self._journal: Journal | None = None
        self._record: Record | None = None
        self._last_reading = 0
        self._stamp: Stamp = ()
        self._brief: tuple[Stamp, Tally, int, float] | None = None

    @contextmanager
    def record(self) -> Iterator[Record]:
        """The run as its journal tells it just now; nobody else changes it while inside.

        Raises:
            FileProblem, Refused: the folder cannot be read.
        """
        with self._lock:
            if self._record is None:
                self._record = Record(self.path)
            self._read_on(self._record)
            yield self._record

    def close(self) -> None:
        """Forget what was read; whoever asks again has it read anew."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
            self._journal = self._record = None
            self._last_reading, self._stamp = 0, ()

    def now_s(self, record: Record) -> float:
        """Bench time: of a run that goes on outside a rehearsal's virtual time, what its clock shows."""
        setup = self._folder.setup if record.setup.epoch_s is None else record.setup
        if setup.epoch_s is None or setup.wires == "loopback" or conductor(self.path) is None:
            return record.last_s
        speed = setup.speed if setup.wires == "pty" else 1.0
        return max(WallClock(speed, setup.epoch_s).now_s(), record.last_s)

    def _read_on(self, record: Record) -> None:
        """Let the record hear what was written since."""
        stamp = self._stamp_now()
        if stamp and stamp == self._stamp:
            return
        if self._journal is None:
            if record.folder.place.is_absent:
                return
            self._journal = Journal.reading(record.folder.place)
        for row in self._journal.rows("readings", self._last_reading):
            record.read(Reading(row.time_s, row.device, row.quantity, row.value))
            self._last_reading = row.seq
        for event in self._journal.events(record.last_event):
            record.hear(event)
        self._journal.commit()  # give the database back the moment that was read
        self._stamp = stamp

    def _stamp_now(self) -> Stamp:
        """When the journal's files were written last; empty if that tells nothing."""
        files = (self._folder.journal, self._folder.journal.with_name("journal.db-wal"))
        return tuple(
            value for path in files if path.exists() for value in (path.stat().st_mtime_ns, path.stat().st_size)
        )

    def brief(self) -> RunBrief:
        """How the run stands, in a line; without reading the whole journal."""
        try:
            return self._briefly()
        except (FileProblem, Refused, DBAPIError) as err:
            return RunBrief(
                name=self.path.name, bench="", protocol="", campaign="", is_simulated=True, state="unreadable", why=str(err),
                samples=0, ended=0, of=0, questions=0, proposals=0, alarms=0, last_event=0, now_s=0.0, date=None,
            )  # fmt: skip

    def _briefly(self) -> RunBrief:
        tally, last, now_s = self._told()
        status, setup = status_by(self.path, tally), self._folder.setup
        names = {name: _named(path, name) for name, path in self._files().items()}
        campaign = load_yaml(self._folder.campaign)[0] if self._folder.campaign.exists() else {}
        of = campaign.get("budget", {}).get("samples", 0) if campaign else len(setup.samples or [])
        at = None if setup.epoch_s is None else datetime.fromtimestamp(setup.epoch_s, UTC) + timedelta(seconds=now_s)
        return RunBrief(
            name=self.path.name, bench=names["bench"], protocol=names["protocol"], campaign=names["campaign"],
            is_simulated=setup.wires != "real", state=status.state, why=status.why, samples=status.samples,
            ended=status.ended, of=of, questions=len(status.questions), proposals=len(tally.gate.proposals),
            alarms=len(status.late) + (status.state in ("hangs", "died")), last_event=last, now_s=now_s,
            date=at.isoformat(timespec="seconds") if at else None,
        )  # fmt: skip

    def _told(self) -> tuple[Tally, int, float]:
        """What the journal says of how the run stands, with the number and time of the last event that bears on it."""
        with self._lock:
            if self._record is not None:
                self._read_on(self._record)
                return self._record.tally, self._record.last_event, self._record.last_s
            stamp = self._stamp_now()
            if self._brief is None or self._brief[0] != stamp:
                self._brief = (stamp, *self._glance())
            return self._brief[1:]

    def _glance(self) -> tuple[Tally, int, float]:
        _ = self._folder.setup
        if self._folder.place.is_absent:
            return Tally(), 0, 0.0
        with Journal.reading(self._folder.place) as journal:
            events = list(journal.events(kinds=KINDS))
            last = journal.ends[0].seq
        return Tally.of(events), last, events[-1].time_s if events else 0.0

    def _files(self) -> dict[str, Path]:
        return {"bench": self._folder.lab, "protocol": self._folder.protocol, "campaign": self._folder.campaign}


def _named(path: Path, field: str) -> str:
    """What a file calls what it describes; empty if there is none."""
    return str(load_yaml(path)[0].get(field, "")) if path.exists() else ""
