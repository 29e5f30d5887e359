from collections import deque

import pytest

from robot.wire.base import PortUnavailable, Wire, until


class ScriptedPort:
    """Delivers chunks in order: b"" is a silence."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = deque(chunks)
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def read(self, timeout_s: float) -> bytes:
        return self.chunks.popleft() if self.chunks else b""

    def discard_input(self) -> None: ...

    def close(self) -> None: ...


def test_a_reply_in_fragments_is_put_together() -> None:
    wire = Wire(ScriptedPort(b"1.", b"5", b"\n"))

    assert wire.exchange(b"?\n", until(b"\n"), timeout_s=1.0) == b"1.5\n"


def test_silence_is_a_time_out() -> None:
    with pytest.raises(TimeoutError, match="silence"):
        Wire(ScriptedPort()).exchange(b"?\n", until(b"\n"), timeout_s=1.0)


def test_a_late_answer_is_never_credited_to_the_next_question() -> None:
    port = ScriptedPort(b"", b"late\n", b"", b"right\n")
    wire = Wire(port)
    with pytest.raises(TimeoutError):
        wire.exchange(b"first\n", until(b"\n"), timeout_s=1.0)

    assert wire.exchange(b"second\n", until(b"\n"), timeout_s=1.0) == b"right\n"


def test_a_line_that_babbles_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    port = ScriptedPort(b"")
    wire = Wire(port)
    with pytest.raises(TimeoutError):
        wire.exchange(b"?\n", until(b"\n"), timeout_s=1.0)
    port.chunks.extend([b"babble"] * 100_000)
    monkeypatch.setattr("robot.wire.base.RESYNC_LIMIT_S", 0.0)

    with pytest.raises(PortUnavailable):
        wire.exchange(b"?\n", until(b"\n"), timeout_s=1.0)

    assert port.written == [b"?\n"]
