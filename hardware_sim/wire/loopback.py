"""An emulator in the same process: no thread, no waiting, no time passes."""

from collections.abc import Callable
from typing import Protocol

from hardware_sim.wire.noise import LineDown
from robot.wire.base import PortUnavailable


class Loopback:
    """A `robot.wire.base.Port` whose far side answers within `write`; what it says later is heard when time has passed.

    Once its line was down it stays broken until it is closed, like a serial port.
    """

    stays_broken = True

    def __init__(self, receive: Callable[[bytes], bytes]) -> None:
        self._receive = receive
        self._pending = b""
        self._is_open = self._is_broken = False

    def write(self, data: bytes) -> None:
        """Hand the bytes over; what comes back waits to be read."""
        self._pending += self._carry(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what waits or has come up by now; b"" at once if nothing has: no time passes while one waits."""
        pending, self._pending = self._pending or self._carry(b""), b""
        return pending

    def discard_input(self) -> None:
        """Forget what waits and what has come up by now."""
        self._carry(b"")
        self._pending = b""

    def close(self) -> None:
        """Nothing is held; the port may be used again."""
        self._is_open = self._is_broken = False

    def _carry(self, data: bytes) -> bytes:
        if self._is_broken:
            raise ConnectionError("the line broke and was not opened anew")
        try:
            reply = self._receive(data)
        except LineDown as err:
            was_open, self._is_open = self._is_open, False
            self._is_broken = was_open and self.stays_broken
            if was_open:
                raise
            raise PortUnavailable(f"it cannot be opened: {err}", "Plug it in, or switch it on") from err
        self._is_open = True
        return reply


class Switchboard(Protocol):
    """Connects callers to devices on the network; `Laboratory` is one."""

    def dial(self, device: str, channel: str) -> str:
        """Connect to a channel of a device; return the name of the new line."""

    def receive(self, line: str, data: bytes) -> bytes:
        """Bytes arrive on a line now; return what goes back by now."""

    def hang_up(self, line: str) -> None:
        """The caller has gone."""


class DialledLoopback(Loopback):
    """A connection over the network: made at its first use, and anew after `close` or after it broke."""

    stays_broken = False

    def __init__(self, switchboard: Switchboard, device: str, channel: str) -> None:
        super().__init__(self._say)
        self._switchboard, self._device, self._channel = switchboard, device, channel
        self._line: str | None = None

    def close(self) -> None:
        """Hang up; may be called again."""
        super().close()
        if self._line is not None:
            self._switchboard.hang_up(self._line)
        self._line, self._pending = None, b""

    def _say(self, data: bytes) -> bytes:
        if self._line is None:
            self._line = self._switchboard.dial(self._device, self._channel)
        try:
            return self._switchboard.receive(self._line, data)
        except LineDown:
            self._line = None
            raise
