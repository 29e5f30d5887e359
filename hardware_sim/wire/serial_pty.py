"""An emulator behind a pseudo-terminal: to a driver, a serial port like any other.

A pseudo-terminal has no speed of its own and drops nothing; it minds how it is set only in one way: glibc refuses
seven bits or parity unless something else changes with them, so that a second client would be turned away from a line
like that. Therefore its speed is set to one that nobody uses after all that was said. Both ends are held open here, so that a
client may close, die and come back, and what it sent before it died has still arrived.

Its name is a link, as udev keeps one for each adapter by its serial number: who was unplugged comes back under another
number, and the link then leads there.
"""

import os
import termios
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CHUNK_BYTES = 4096
ISPEED, OSPEED = 4, 5  # where `termios` keeps the speeds


class SerialPty:
    """One pseudo-terminal. While `is_plugged_in`, register `fileno()` with a selector, call `serve` when it is readable.

    Args:
        receive: the device; it raises LineDown while it is unplugged.
        link: the name that its clients know.
    """

    def __init__(self, receive: Callable[[bytes], bytes], link: Path) -> None:
        self._receive = receive
        self._link = link
        self.is_plugged_in = False
        self.plug_in()

    @property
    def path(self) -> str:
        """What a client opens."""
        return str(self._link)

    def plug_in(self) -> None:
        """Appear under a new number, and have the link lead there."""
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self._set_idle_speed()
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._theirs))
        self.is_plugged_in = True

    def fileno(self) -> int:
        """The end that we read."""
        return self._ours

    def serve(self) -> None:
        """Take in what has come and write the answer; raise LineDown if that unplugs it."""
        self._say(self._receive(os.read(self._ours, CHUNK_BYTES)))
        self._set_idle_speed()

    def push(self) -> None:
        """Write what the device has come to say by itself; raise LineDown if it is unplugged."""
        reply = self._receive(b"")
        if self.is_plugged_in:
            self._say(reply)

    def close(self) -> None:
        """Unplug it; may be called again."""
        if self.is_plugged_in:
            self.is_plugged_in = False
            with suppress(OSError):
                self._link.unlink()
            os.close(self._ours)
            os.close(self._theirs)

    def _set_idle_speed(self) -> None:
        settings = termios.tcgetattr(self._theirs)
        settings[ISPEED] = settings[OSPEED] = termios.B300
        termios.tcsetattr(self._theirs, termios.TCSANOW, settings)

    def _say(self, reply: bytes) -> None:
        while reply:
            reply = reply[os.write(self._ours, reply) :]
