"""An emulator in the same process: no thread, no waiting, no time passes."""

from collections.abc import Callable


class Loopback:
    """A `robot.wire.base.Port` whose far side answers within `write`."""

    def __init__(self, receive: Callable[[bytes], bytes]) -> None:
        self._receive = receive
        self._pending = b""

    def write(self, data: bytes) -> None:
        """Hand the bytes over; what comes back waits to be read."""
        self._pending += self._receive(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what waits; nothing waiting means that nothing will ever come by itself: b"" at once."""
        pending, self._pending = self._pending, b""
        return pending

    def discard_input(self) -> None:
        """Forget what waits."""
        self._pending = b""

    def close(self) -> None:
        """Nothing is held; the port may be used again."""
