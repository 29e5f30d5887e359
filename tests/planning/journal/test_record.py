"""The record of truth keeps what it was told, in order, and can be read by others, wherever it lies."""

import os
import resource
from pathlib import Path

import pytest
from sqlalchemy import text

from hardware_sim.clock import VirtualClock
from planning.errors import Fenced, NotRecorded, Refused
from planning.journal import Journal, Place
from planning.journal.verify import verify

from .server import Server


def kinds(place: Place) -> list[str]:
    with Journal.reading(place) as journal:
        return [event.kind for event in journal.events()]


def test_events_come_back_in_order_with_their_times(place: Place) -> None:
    clock = VirtualClock()
    with Journal(place, clock) as journal:
        journal.write("intent", task="s001.dose", device="arm", durable=True, to=[1.0, 2.0])
        clock.jump_to(5.0)
        journal.write("done", task="s001.dose")

    with Journal.reading(place) as journal:
        events = list(journal.events())

    assert [(event.seq, event.time_s, event.kind) for event in events] == [(1, 0.0, "intent"), (2, 5.0, "done")]
    assert events[0].data == {"to": [1.0, 2.0]}


def test_readings_come_back_and_what_is_no_number_is_none(place: Place) -> None:
    with Journal(place, VirtualClock()) as journal:
        for value in (25, float("nan"), -0.0):
            journal.note("furnace", "temperature_c", value)

    with Journal.reading(place) as journal:
        assert [reading.value for reading in journal.readings()] == [25.0, 0.0]
    assert verify(place).findings == ()


def test_a_durable_event_is_seen_by_another_reader_at_once(place: Place) -> None:
    with Journal(place, VirtualClock()) as journal:
        journal.write("task_started")
        journal.write("intent", durable=True)
        journal.write("accepted")

        assert kinds(place) == ["task_started", "intent"]


def test_what_was_durable_stands_after_the_process_died_and_the_chain_holds(place: Place) -> None:
    child = os.fork()
    if child == 0:
        journal = Journal(place, VirtualClock())
        journal.write("task_started")
        journal.write("intent", durable=True)
        journal.write("accepted")
        os._exit(9)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert kinds(place) == ["task_started", "intent"]
    assert verify(place).findings == ()


def test_a_reader_follows_a_journal_while_it_is_written(place: Place) -> None:
    with Journal(place, VirtualClock()) as journal:
        journal.write("run_started", durable=True)
        with Journal.reading(place) as follower:
            assert [event.seq for event in follower.events()] == [1]
            journal.write("intent", durable=True)

            assert [event.seq for event in follower.events(after=1)] == [2]


def test_a_journal_goes_on_where_it_ended(place: Place) -> None:
    for _ in range(2):
        with Journal(place, VirtualClock()) as journal:
            journal.write("run_started")

    with Journal.reading(place) as journal:
        assert [event.seq for event in journal.events()] == [1, 2]
    assert verify(place).findings == ()


def test_the_same_story_has_the_same_hash_wherever_it_is_written(place: Place, tmp_path: Path) -> None:
    ends = []
    for where in (place, tmp_path / "other" / "journal.db"):
        (tmp_path / "other").mkdir(exist_ok=True)
        with Journal(where, VirtualClock()) as journal:
            journal.write("intent", device="arm", to=[1.0, 2.5], why="größer")
            journal.note("furnace", "temperature_c", 139.6)
            ends.append(journal.ends)

    assert ends[0] == ends[1]


def test_a_writer_that_does_not_know_of_anothers_line_can_write_nothing_more(place: Place) -> None:
    with Journal(place, VirtualClock()) as stale:
        stale.write("run_started", durable=True)
        with Journal(place, VirtualClock()) as newer:
            newer.write("run_resumed", durable=True)

        with pytest.raises(Fenced, match="another engine has written here"):
            stale.check()

    assert kinds(place) == ["run_started", "run_resumed"]


def test_an_intent_of_a_stale_writer_is_not_kept(place: Place) -> None:
    stale = Journal(place, VirtualClock())
    stale.write("run_started", durable=True)
    with Journal(place, VirtualClock()) as newer:
        newer.write("run_resumed", durable=True)

    with pytest.raises(Fenced):
        stale.write("intent", durable=True)

    with pytest.raises(Fenced):
        stale.close()
    assert kinds(place) == ["run_started", "run_resumed"]


def test_a_picture_is_stored_once_under_its_hash(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        names = {journal.keep(b"png", ".png"), journal.keep(b"png", ".png")}

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


def test_a_server_that_was_restarted_is_written_to_as_if_nothing_had_been(server: Server, tmp_path: Path) -> None:
    place = Place(tmp_path, server.url, "restarted")
    with Journal(place, VirtualClock()) as journal:
        journal.write("run_started", durable=True)
        server.stop()
        server.start()

        journal.write("intent", durable=True)

    assert kinds(place) == ["run_started", "intent"]


def test_a_server_that_is_gone_is_told_and_nothing_is_lost_once_it_is_back(server: Server, tmp_path: Path) -> None:
    place = Place(tmp_path, server.url, "gone")
    with Journal(place, VirtualClock()) as journal:
        journal.write("run_started", durable=True)
        server.stop()
        try:
            with pytest.raises(NotRecorded, match="gone"):
                journal.write("intent", durable=True)
        finally:
            server.start()
        journal.write("made_safe", durable=True)

    assert kinds(place) == ["run_started", "intent", "made_safe"]


def test_a_commit_that_arrived_though_its_answer_was_lost_is_not_written_twice(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, server.url, "answer-lost")
    with Journal(place, VirtualClock()) as journal:
        commit = journal._connection.commit

        def commit_and_lose_the_server() -> None:
            commit()
            monkeypatch.undo()
            journal._connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))

        monkeypatch.setattr(journal._connection, "commit", commit_and_lose_the_server)

        journal.write("intent", durable=True)

    assert kinds(place) == ["intent"]
    assert verify(place).findings == ()


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="does not exist"):
        Journal.reading(tmp_path / "journal.db")


def test_a_run_that_the_server_does_not_know_is_refused(server: Server, tmp_path: Path) -> None:
    with Journal(Place(tmp_path, server.url, "known"), VirtualClock()):
        pass

    with pytest.raises(Refused, match="holds no journal of this run"):
        Journal.reading(Place(tmp_path, server.url, "unknown"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"no database at all, but long enough to be read as a header" * 20)

    with pytest.raises(Refused, match=r"journal\.db cannot be used: file is not a database"):
        Journal.reading(tmp_path / "journal.db")


def test_a_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        journal._connection.execute(text("update runs set version = 99"))
        journal._connection.commit()

    with pytest.raises(Refused, match="version 99; this Athanor reads and writes version 2"):
        Journal.reading(tmp_path / "journal.db")


def test_a_journal_without_a_chain_is_of_version_1(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        journal._connection.execute(text("drop table runs"))
        journal._connection.commit()

    with pytest.raises(Refused, match="version 1;"):
        Journal.reading(tmp_path / "journal.db")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("lab-server", "no URL of a journal"),
        ("mysql://keeper@lab-server/journals", "'mysql' is not supported"),
        ("postgresql://keeper:secret@lab-server/journals", "holds a password"),
        ("postgresql://keeper@/journals?host=/nowhere", "cannot be used"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=words) as caught:
        Journal(Place(tmp_path, url, "run"), VirtualClock())

    assert "secret" not in str(caught.value)
