"""Emulators on TCP: to a driver, a device on the network like any other."""

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress

from hardware_sim.wire.loopback import Switchboard
from hardware_sim.wire.noise import LineDown

CHUNK_BYTES = 4096


class TcpServer:
    """One channel of one device, for any number of callers. Nothing blocks: who does not listen is hung up on."""

    def __init__(self, switchboard: Switchboard, device: str, channel: str, host: str, port: int = 0) -> None:
        self._switchboard, self._device, self._channel = switchboard, device, channel
        self._listener = socket.create_server((host, port))
        self._listener.setblocking(False)
        self._selector: selectors.BaseSelector | None = None
        self._callers: dict[str, socket.socket] = {}
        self.port: int = self._listener.getsockname()[1]

    def open(self, selector: selectors.BaseSelector) -> None:
        """Let callers in; each registered file's `data` is what to call when it is readable."""
        self._selector = selector
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def push(self) -> None:
        """Send what the device has come to say by itself."""
        for line in list(self._callers):
            self._exchange(line, b"")

    def close(self) -> None:
        """Hang up on all callers and let no more in."""
        for line in list(self._callers):
            self._drop(line)
        if self._selector is not None:
            self._selector.unregister(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the caller may have thought better of it
            caller, _ = self._listener.accept()
            caller.setblocking(False)
            caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                line = self._switchboard.dial(self._device, self._channel)
            except LineDown:
                caller.close()
                return
            self._callers[line] = caller
            assert self._selector is not None
            self._selector.register(caller, selectors.EVENT_READ, self._server_of(line))
            self._exchange(line, b"")

    def _server_of(self, line: str) -> Callable[[], None]:
        def serve() -> None:
            caller = self._callers.get(line)
            if caller is None:
                return  # hung up on in this very round
            try:
                data = caller.recv(CHUNK_BYTES)
            except OSError:
                data = b""
            if data:
                self._exchange(line, data)
            else:
                self._drop(line)

        return serve

    def _exchange(self, line: str, data: bytes) -> None:
        try:
            reply = self._switchboard.receive(line, data)
            if reply and self._callers[line].send(reply) < len(reply):
                self._drop(line)
        except OSError:
            self._drop(line)

    def _drop(self, line: str) -> None:
        caller = self._callers.pop(line)
        assert self._selector is not None
        self._selector.unregister(caller)
        caller.close()
        self._switchboard.hang_up(line)
