"""The record of truth keeps what it was told, in order, and can be read by others."""

import resource
import sqlite3
from pathlib import Path

import pytest

from hardware_sim.clock import VirtualClock
from planning.errors import NotRecorded, Refused
from planning.journal import Journal


def test_events_come_back_in_order_with_their_times(tmp_path: Path) -> None:
    clock = VirtualClock()
    with Journal(tmp_path / "journal.db", clock) as journal:
        journal.write("intent", task="s001.dose", device="arm", durable=True, to=[1.0, 2.0])
        clock.jump_to(5.0)
        journal.write("done", task="s001.dose")

    with Journal.reading(tmp_path / "journal.db") as journal:
        events = list(journal.events())

    assert [(event.seq, event.time_s, event.kind) for event in events] == [(1, 0.0, "intent"), (2, 5.0, "done")]
    assert events[0].data == {"to": [1.0, 2.0]}


def test_a_durable_event_is_seen_by_another_process_at_once(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        journal.write("task_started")
        journal.write("intent", durable=True)

        other = sqlite3.connect(tmp_path / "journal.db")
        assert other.execute("select kind from events order by seq").fetchall() == [("task_started",), ("intent",)]
        other.close()


def test_a_journal_goes_on_where_it_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
            journal.write("run_started")

    with Journal.reading(tmp_path / "journal.db") as journal:
        assert [event.seq for event in journal.events()] == [1, 2]


def test_a_picture_is_stored_once_under_its_hash(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        names = {journal.keep_picture(b"png"), journal.keep_picture(b"png")}

    assert [path.name for path in (tmp_path / "pictures").iterdir()] == list(names)


def test_a_full_disk_is_told_and_nothing_is_lost_once_there_is_room(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            with pytest.raises(NotRecorded, match=r"journal\.db cannot be written"):
                journal.write("intent", durable=True, text="x" * 200_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert [event.kind for event in journal.events()] == ["intent"]


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="does not exist"):
        Journal.reading(tmp_path / "journal.db")
