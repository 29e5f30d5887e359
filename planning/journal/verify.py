"""Does a journal still say what was written? Its chains, and the files whose hashes stand in it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from planning.database import reason
from planning.journal.chain import Columns, End, first_break
from planning.journal.evidence import named_in, path_of
from planning.journal.place import Place
from planning.journal.record import Journal

BEGINNINGS = ("run_started", "run_resumed")
FAREWELLS = ("run_finished", "made_safe")

Lines = list[tuple[Columns, str]]


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: which line or file, and what is wrong."""

    where: str
    what: str


@dataclass(frozen=True)
class Verification:
    """What was read, and what was found: nothing, if all is as it was written."""

    events: int
    readings: int
    files: int
    """Pictures and patterns that events name."""
    end: End
    """The last event by the journal's own word: note it elsewhere, and nobody can rewrite the whole unseen."""
    has_farewell: bool
    """Did the engine end by itself? If not it was killed, or still goes on: no fault of the journal."""
    findings: tuple[Finding, ...]


def verify(place: Place, passed: End | None = None) -> Verification:
    """Check a whole journal.

    Args:
        passed: a number and hash noted earlier, through which the chain must have gone.

    Raises:
        Refused: there is no journal, or it cannot even be opened.
    """
    with Journal.reading(place) as journal:
        events_end, readings_end = journal.ends
        events, torn_events = _read(journal, "events")
        readings, torn_readings = _read(journal, "readings")
    findings = [*torn_events, *torn_readings]
    if not torn_events:
        findings += _chain("event", events, events_end)
    if not torn_readings:
        findings += _chain("reading", readings, readings_end)
    if passed is not None and (passed.seq, passed.hash) not in {(columns[0], hashed) for columns, hashed in events}:
        findings.append(Finding(f"event {passed.seq}", "another than the one whose hash was noted"))
    kept = _kept(events)
    findings += [*_files(place.folder, kept), *_copies(place.folder, events)]
    farewell = bool(events) and events[-1][0][2] in FAREWELLS
    return Verification(len(events), len(readings), len(kept), events_end, farewell, tuple(findings))


def _read(journal: Journal, table: str) -> tuple[Lines, list[Finding]]:
    """All lines of a table with their hashes; and where the file is torn, if it is."""
    lines: Lines = []
    try:
        for row in journal.rows(table):
            lines.append((tuple(row[1:-1]), row[-1]))
    except DBAPIError as err:
        return lines, [Finding(f"{table} after {len(lines)}", f"torn: the file itself is damaged ({reason(err)})")]
    return lines, []


def _chain(noun: str, lines: Lines, end: End) -> Iterator[Finding]:
    found = first_break(lines, end)
    if found is not None:
        yield Finding(f"{noun} {found.seq}", found.what)


def _kept(events: Lines) -> dict[str, str]:
    """The files that events name, with what their SHA-256 must begin with."""
    names = {name for columns, _ in events for name in named_in(columns[-1])}
    return {path_of(name): name.partition(".")[0] for name in sorted(names)}


def _copies(folder: Path, events: Lines) -> Iterator[Finding]:
    """The copies of what was asked, against what the engine read when it last began."""
    told = [columns[-1] for columns, _ in events if columns[2] in BEGINNINGS]
    yield from _files(folder, json.loads(told[-1]).get("files", {}) if told else {})


def _files(folder: Path, files: Mapping[str, str]) -> Iterator[Finding]:
    for name, begins in files.items():
        path = folder / name
        if not path.exists():
            yield Finding(str(path), "missing")
        elif not hashlib.sha256(path.read_bytes()).hexdigest().startswith(begins):
            yield Finding(str(path), "edited")
