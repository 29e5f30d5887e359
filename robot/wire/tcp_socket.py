"""A device on the network: plain TCP."""

import errno
import socket
from collections.abc import Mapping
from select import select

from robot.address import NETWORK_ADDRESS
from robot.wire.base import PortUnavailable

CONNECT_TIMEOUT_S = 3.0
WRITE_TIMEOUT_S = 2.0
CHUNK_BYTES = 65536
GONE_AFTER_S = 9  # so long may a dead peer go unnoticed: three unanswered probes, three seconds apart
_PROBES = {"TCP_KEEPIDLE": 3, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 2, "TCP_USER_TIMEOUT": GONE_AFTER_S * 1000}

_REMEDIES = {
    errno.ECONNREFUSED: ("nobody listens there", "Is the device's server switched on, and is the port right?"),
    errno.EHOSTUNREACH: ("there is no way to that address", "Check cable, power and network settings"),
    errno.ENETUNREACH: ("there is no way to that address", "Check cable, power and network settings"),
}


def parse_address(text: str, channels: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Find host and port of each channel; those of the maker hold where the address names none.

    >>> parse_address("arm.lab", {"dashboard": 29999, "rtde": 30004})
    {'dashboard': ('arm.lab', 29999), 'rtde': ('arm.lab', 30004)}
    >>> parse_address("127.0.0.1:4001,4002", {"dashboard": 29999, "rtde": 30004})
    {'dashboard': ('127.0.0.1', 4001), 'rtde': ('127.0.0.1', 4002)}

    Raises:
        PortUnavailable: it is no address, or names fewer or more ports than there are channels.
    """
    match = NETWORK_ADDRESS.fullmatch(text)
    remedy = f"Write host, or host:{','.join(map(str, channels.values()))}"
    if match is None:
        raise PortUnavailable(f"{text!r} is no address on the network", remedy)
    ports = [int(port) for port in match["ports"].split(",")] if match["ports"] else list(channels.values())
    if len(ports) != len(channels):
        raise PortUnavailable(f"{text!r} should name {len(channels)} ports: {', '.join(channels)}", remedy)
    return {channel: (match["host"], port) for channel, port in zip(channels, ports, strict=True)}


class TcpSocket:
    """A `Port` over TCP: connected at its first use, and anew at the next use after the connection was lost.

    A peer that vanished without a word (power cut, pulled cable) is found out within `GONE_AFTER_S`; until then its
    silence is a time-out like any other.
    """

    def __init__(self, host: str, port: int) -> None:
        self.address = f"{host}:{port}"
        self._peer = (host, port)
        self._socket: socket.socket | None = None

    def write(self, data: bytes) -> None:
        """Send all of `data`.

        Raises:
            PortUnavailable: there is no connection to be had; nothing was sent.
            ConnectionError: the connection broke; some of it may have arrived.
        """
        connection = self._connection()
        try:
            connection.sendall(data)
        except OSError as err:
            raise self._lost("while writing", err) from err

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived, waiting for the first byte; b"" after `timeout_s` of silence."""
        connection = self._connection()
        try:
            if not select([connection], [], [], max(timeout_s, 0.0))[0]:
                return b""
            data = connection.recv(CHUNK_BYTES)
        except OSError as err:
            raise self._lost("while reading", err) from err
        if not data:
            raise self._lost("while reading", "the device closed it")
        return data

    def discard_input(self) -> None:
        """Forget what has arrived and was not read; a connection that the device has closed is made anew."""
        connection = self._connection()
        try:
            while select([connection], [], [], 0)[0]:
                if not connection.recv(CHUNK_BYTES):
                    self.close()
                    return
        except OSError:
            self.close()

    def close(self) -> None:
        """Hang up; may be called again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __del__(self) -> None:
        self.close()

    def _connection(self) -> socket.socket:
        if self._socket is None:
            self._socket = self._connect()
        return self._socket

    def _connect(self) -> socket.socket:
        try:
            connection = socket.create_connection(self._peer, CONNECT_TIMEOUT_S)
        except socket.gaierror as err:
            raise PortUnavailable(f"no host is called {self._peer[0]!r}", "Check the address in lab.yaml") from err
        except TimeoutError as err:
            what = f"cannot connect to {self.address}: no answer within {CONNECT_TIMEOUT_S:g} s"
            raise PortUnavailable(what, "Check cable, power and address") from err
        except OSError as err:
            what, remedy = _REMEDIES.get(err.errno or 0, (str(err), "Check the address in lab.yaml"))
            raise PortUnavailable(f"cannot connect to {self.address}: {what}", remedy) from err
        connection.settimeout(WRITE_TIMEOUT_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _PROBES.items():
            if hasattr(socket, name):  # not every system has them all
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        return connection

    def _lost(self, when: str, why: object) -> ConnectionError:
        self.close()
        return ConnectionError(f"the connection to {self.address} broke {when}: {why}")
