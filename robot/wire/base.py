"""A port moves bytes; a wire makes exchanges of them: whole replies, one at a time, within a time-out."""

import re
from collections.abc import Callable
from typing import Protocol

from robot.clock import wall_s
from robot.wire.turnstile import Turnstile

RESYNC_LIMIT_S = 3.0  # a line that babbles on for longer is broken, not late


class PortUnavailable(ConnectionError):
    """The port cannot be had: why, and what the reader can do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


Framer = Callable[[bytes], bytes | None]
"""Given all bytes received so far, return the first complete reply in them, or None if more must come.

A framer skips leading noise (0xFF at a line's turn-round, a stale tail); it raises ValueError if what came can
never become a reply.
"""


class Port(Protocol):
    """Bytes out, bytes in; knows nothing of frames. `SerialPort` is one, a simulated laboratory offers others."""

    def write(self, data: bytes) -> None:
        """Send all of `data`; raise ConnectionError if the line is gone."""

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived, waiting for the first byte; b"" after `timeout_s` of silence."""

    def discard_input(self) -> None:
        """Forget what has arrived and was not read."""

    def close(self) -> None:
        """Give the line back; may be called again."""


class Recorder(Protocol):
    """Somebody who writes down every byte."""

    def sent(self, data: bytes) -> None:
        """These bytes went out."""

    def received(self, data: bytes) -> None:
        """These bytes came in."""


class Wire:
    """One port, one lock: an exchange has the line to itself from its first byte to the last of its reply.

    After a lost reply the line is under quarantine: the next exchange first waits until the line has been silent
    for `quarantine_s`, so that a late answer is never credited to the next question. A connection over the network is
    made anew before: the old one may be half open, and what was asked on it is not answered on another.
    """

    def __init__(
        self,
        port: Port,
        *,
        quarantine_s: float = 0.3,
        renews: bool = False,
        recorder: Recorder | None = None,
    ) -> None:
        self._port = port
        self._quarantine_s = quarantine_s
        self._renews = renews
        self._recorder = recorder
        self._in_doubt = False
        self.lock = Turnstile()

    def exchange(self, request: bytes, frame: Framer, timeout_s: float) -> bytes:
        """Send `request`, return the one reply that `frame` finds.

        Raises:
            TimeoutError: no complete reply within `timeout_s`.
            ConnectionError: the line is gone or never falls silent; as PortUnavailable, nothing was sent.
            ValueError: what came is no reply.
        """
        with self.lock:
            self._begin()
            self._write(request)
            try:
                return self._collect(frame, timeout_s)
            except (TimeoutError, ValueError, ConnectionError):
                self._in_doubt = True
                raise

    def send(self, request: bytes, listen_s: float = 0.0) -> None:
        """Send what has no reply that matters.

        Args:
            request: all of it.
            listen_s: how long the line must then have been silent: some devices echo, some need the pause.

        Raises:
            ConnectionError: the line is gone or never falls silent; as PortUnavailable, nothing was sent.
        """
        with self.lock:
            self._begin()
            self._write(request)
            if listen_s:
                self._await_silence(listen_s)

    def close(self) -> None:
        """Give the port back."""
        with self.lock:
            self._port.close()

    def _begin(self) -> None:
        if self._in_doubt:
            if self._renews:
                self._port.close()
            self._await_silence(self._quarantine_s)
            self._in_doubt = False
        self._port.discard_input()

    def _await_silence(self, for_s: float) -> None:
        deadline_s = wall_s() + RESYNC_LIMIT_S
        while late := self._port.read(for_s):
            self._note_received(late)
            if wall_s() > deadline_s:
                raise PortUnavailable("the line babbles without end", "Unplug what else talks on it")

    def _write(self, request: bytes) -> None:
        if self._recorder is not None:
            self._recorder.sent(request)
        self._port.write(request)

    def _collect(self, frame: Framer, timeout_s: float) -> bytes:
        received = b""
        deadline_s = wall_s() + timeout_s
        while (left_s := deadline_s - wall_s()) > 0:
            chunk = self._port.read(left_s)
            if not chunk:
                break
            self._note_received(chunk)
            received += chunk
            reply = frame(received)
            if reply is not None:
                return reply
        raise TimeoutError(f"{received!r} within {timeout_s:g} s" if received else f"silence for {timeout_s:g} s")

    def _note_received(self, data: bytes) -> None:
        if self._recorder is not None:
            self._recorder.received(data)


def until(terminator: bytes) -> Framer:
    r"""Frame replies that end with a terminator.

    >>> until(b"\n")(b"1.5\nrest")
    b'1.5\n'
    """

    def frame(received: bytes) -> bytes | None:
        head, found, _ = received.partition(terminator)
        return head + terminator if found else None

    return frame


def through(pattern: re.Pattern[bytes]) -> Framer:
    r"""Frame replies that end where a pattern is first found, with all that was said before it.

    >>> through(re.compile(rb"ok\r\n"))(b"[MSG:Hello]\r\nok\r\n<Idle")
    b'[MSG:Hello]\r\nok\r\n'
    """

    def frame(received: bytes) -> bytes | None:
        match = pattern.search(received)
        return received[: match.end()] if match else None

    return frame
