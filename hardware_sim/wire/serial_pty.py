"""An emulator behind a pseudo-terminal: to a driver, a serial port like any other.

A pseudo-terminal has no speed of its own and drops nothing; it minds how it is set only in one way: glibc refuses
seven bits or parity unless something else changes with them, so that a second client would be turned away from a line
like that. Therefore its speed is set to one that nobody uses after all that was said. Both ends are held open here, so that a
client may close, die and come back, and what it sent before it died has still arrived.
"""

import os
import termios
import tty
from collections.abc import Callable

CHUNK_BYTES = 4096
ISPEED, OSPEED = 4, 5  # where `termios` keeps the speeds


class SerialPty:
    """One pseudo-terminal. Register `fileno()` with a selector, call `serve` when it is readable."""

    def __init__(self, receive: Callable[[bytes], bytes]) -> None:
        self._receive = receive
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self._set_idle_speed()
        self.path = os.ttyname(self._theirs)

    def fileno(self) -> int:
        """The end that we read."""
        return self._ours

    def serve(self) -> None:
        """Take in what has come and write the answer."""
        self._say(self._receive(os.read(self._ours, CHUNK_BYTES)))
        self._set_idle_speed()

    def push(self) -> None:
        """Write what the device has come to say by itself."""
        self._say(self._receive(b""))

    def close(self) -> None:
        """Unplug it."""
        os.close(self._ours)
        os.close(self._theirs)

    def _set_idle_speed(self) -> None:
        settings = termios.tcgetattr(self._theirs)
        settings[ISPEED] = settings[OSPEED] = termios.B300
        termios.tcsetattr(self._theirs, termios.TCSANOW, settings)

    def _say(self, reply: bytes) -> None:
        while reply:
            reply = reply[os.write(self._ours, reply) :]
