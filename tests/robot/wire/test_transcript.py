from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.clock import WallClock
from robot.wire.base import Wire, until
from robot.wire.transcript import (
    Diverged,
    Exchange,
    ReplayPort,
    TranscriptRecorder,
    parse_exchanges,
    read_transcript,
)

some_bytes = st.binary(min_size=1, max_size=40)


@given(st.lists(st.tuples(some_bytes, some_bytes)))
def test_what_is_recorded_can_be_read_back(passed: list[tuple[bytes, bytes]]) -> None:
    out = StringIO()
    recorder = TranscriptRecorder(out, WallClock())
    for sent, received in passed:
        recorder.sent(sent)
        recorder.received(received)

    assert list(parse_exchanges(out.getvalue().splitlines())) == [Exchange(*pair) for pair in passed]


def test_a_wire_shows_its_recorder_every_byte() -> None:
    out = StringIO()
    wire = Wire(ReplayPort([Exchange(b"?\n", b"1\nrest")]), recorder=TranscriptRecorder(out, WallClock()))

    wire.exchange(b"?\n", until(b"\n"), timeout_s=1.0)

    assert list(parse_exchanges(out.getvalue().splitlines())) == [Exchange(b"?\n", b"1\nrest")]


def test_a_transcript_is_read_by_scenes(tmp_path: Path) -> None:
    path = tmp_path / "device.txt"
    path.write_text("# origin\n= one\n> 01\n< 02\n\n= two\n> 03\n~ 04\n")

    assert read_transcript(path) == {
        "one": (Exchange(b"\x01", b"\x02"),),
        "two": (Exchange(b"\x03", b"\x04", is_example=True),),
    }


def test_a_line_that_is_none_of_a_transcript_is_shown() -> None:
    with pytest.raises(ValueError, match="> 0G"):
        list(parse_exchanges(["> 0G"]))


def test_a_replay_answers_as_the_transcript_says() -> None:
    port = ReplayPort([Exchange(b"?\n", b"1\n")])
    wire = Wire(port)

    assert wire.exchange(b"?\n", until(b"\n"), timeout_s=1.0) == b"1\n"
    assert port.is_finished


def test_a_replay_fails_when_other_bytes_are_sent() -> None:
    with pytest.raises(Diverged):
        ReplayPort([Exchange(b"?\n", b"1\n")]).write(b"!\n")


def test_a_replay_fails_after_its_end() -> None:
    with pytest.raises(Diverged):
        ReplayPort([]).write(b"?\n")
