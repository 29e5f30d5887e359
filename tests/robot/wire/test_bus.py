from collections import deque

import pytest

from robot.wire.base import until
from robot.wire.bus import Bus

LINE = until(b"\n")


class Line:
    """A half-duplex line: what is read from it in turn, what was written, and how long silence was listened for."""

    def __init__(self, *answers: bytes, echoes: bool = False) -> None:
        self._answers = deque(answers)
        self._echoes = echoes
        self._waiting = b""
        self.written: list[bytes] = []
        self.listened_s: list[float] = []

    def say(self, data: bytes) -> None:
        self._waiting += data

    def write(self, data: bytes) -> None:
        self.written.append(data)
        self._waiting += data * self._echoes + (self._answers.popleft() if self._answers else b"")

    def read(self, timeout_s: float) -> bytes:
        self.listened_s.append(timeout_s)
        data, self._waiting = self._waiting, b""
        return data

    def discard_input(self) -> None: ...

    def close(self) -> None:
        self.written.append(b"closed")


def test_it_listens_before_it_speaks() -> None:
    line = Line(b"yes\n")

    Bus(line, silence_s=0.004).exchange(b"?\n", LINE, timeout_s=1.0)

    assert line.listened_s[0] == 0.004


def test_what_others_say_before_it_speaks_is_not_an_answer() -> None:
    line = Line(b"right\n")
    line.say(b"late\n")

    assert Bus(line, silence_s=0.004).exchange(b"?\n", LINE, timeout_s=1.0) == b"right\n"


@pytest.mark.parametrize("echoes", [False, True])
def test_a_local_echo_is_found_out_and_stripped(echoes: bool) -> None:
    bus = Bus(Line(b"first\n", b"second\n", echoes=echoes))

    answers = [bus.exchange(question, LINE, timeout_s=1.0) for question in (b"one?\n", b"two?\n")]

    assert answers == [b"first\n", b"second\n"]


def test_an_echo_is_no_answer_once_it_is_known() -> None:
    bus = Bus(Line(b"first\n", echoes=True))
    bus.exchange(b"one?\n", LINE, timeout_s=1.0)

    with pytest.raises(TimeoutError):
        bus.exchange(b"set\n", LINE, timeout_s=1.0)


def test_an_answer_that_equals_its_request_is_one_where_there_is_no_echo() -> None:
    bus = Bus(Line(b"first\n", b"set\n"))
    bus.exchange(b"one?\n", LINE, timeout_s=1.0)

    assert bus.exchange(b"set\n", LINE, timeout_s=1.0) == b"set\n"


def test_an_echo_that_is_not_what_was_sent_is_a_collision() -> None:
    line = Line(b"first\n", echoes=True)
    bus = Bus(line, quarantine_s=0.0)
    bus.exchange(b"one?\n", LINE, timeout_s=1.0)
    line._echoes, line._answers = False, deque([b"tXo?\nsecond\n"])

    with pytest.raises(ValueError, match="collision"):
        bus.exchange(b"two?\n", LINE, timeout_s=1.0)


def test_an_adaptor_that_was_changed_is_learned_anew() -> None:
    line = Line(b"first\n", echoes=True)
    bus = Bus(line, quarantine_s=0.0)
    bus.exchange(b"one?\n", LINE, timeout_s=1.0)
    line._echoes, line._answers = False, deque([b"second\n", b"third\n"])
    with pytest.raises(ValueError, match="collision"):
        bus.exchange(b"two?\n", LINE, timeout_s=1.0)

    assert bus.exchange(b"three?\n", LINE, timeout_s=1.0) == b"third\n"


def test_a_deaf_device_does_not_close_the_port() -> None:
    line = Line(b"", b"here\n")
    bus = Bus(line)
    with pytest.raises(TimeoutError):
        bus.exchange(b"deaf?\n", LINE, timeout_s=1.0)

    assert bus.exchange(b"other?\n", LINE, timeout_s=1.0) == b"here\n"
    assert b"closed" not in line.written
