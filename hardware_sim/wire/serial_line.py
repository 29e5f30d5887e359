"""A serial line in real time: bytes take the time that their speed says, both ways, and noise comes of a wrong speed."""

import asyncio
from collections.abc import Callable

from hardware_sim.wire.uart import LineSettings, received

LISTEN_S = 0.02  # how soon what a device says by itself is heard


class SerialLine:
    """A device at the end of a line that both ends have set, not always alike.

    Args:
        hear: takes in bytes, returns what the device says by now.
        device: how the device has set its end.
        send: puts bytes into the caller's hands.
        theirs: how the caller has set his end now.
    """

    def __init__(
        self,
        hear: Callable[[bytes], bytes],
        device: LineSettings,
        send: Callable[[bytes], None],
        theirs: Callable[[], LineSettings],
    ) -> None:
        self._hear = hear
        self._device = device
        self._send = send
        self._theirs = theirs
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()

    def arrive(self, data: bytes) -> None:
        """The caller has written something; it is on its way."""
        self._arrived.put_nowait(data)

    async def serve(self) -> None:
        """Converse until cancelled."""
        while True:
            said = b""
            try:
                said = await asyncio.wait_for(self._arrived.get(), LISTEN_S)
            except TimeoutError:
                reply = self._hear(b"")
            else:
                theirs = self._theirs()
                await asyncio.sleep(len(said) * theirs.byte_s)
                reply = self._hear(received(said, theirs, self._device))
            await self._say(reply)

    async def _say(self, reply: bytes) -> None:
        """Send byte by byte, as fast as the line carries them; each wake-up sends what is due by then."""
        clock = asyncio.get_running_loop()
        begun_s, sent = clock.time(), 0
        while sent < len(reply):
            await asyncio.sleep(self._device.byte_s)
            due = min(int((clock.time() - begun_s) / self._device.byte_s), len(reply))
            self._send(received(reply[sent:due], self._device, self._theirs()))
            sent = due
