"""HTTP/1.1 as a wire: a port whose messages are whole requests and whole responses.

So a device on HTTP is a device like any other: its codec is bytes, its wire has one lock, a time-out and a recorder.
"""

import re

import httpx

from robot.wire.base import PortUnavailable

CONNECT_TIMEOUT_S = 3.0

_HEAD = re.compile(rb"([^\r\n]+)\r\n((?:[^\r\n]+\r\n)*)\r\n")
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)\r\n")


def message(start_line: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    r"""Write a request or a response.

    >>> message("GET /health HTTP/1.1", {"Accept": "*/*"})
    b'GET /health HTTP/1.1\r\nAccept: */*\r\nContent-Length: 0\r\n\r\n'
    """
    lines = [start_line, *(f"{name}: {value}" for name, value in headers.items()), f"Content-Length: {len(body)}"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + b"\r\n" + body


def frame(received: bytes) -> bytes | None:
    r"""Find one whole message, by its Content-Length.

    >>> frame(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}rest")
    b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
    """
    head = _HEAD.search(received)
    if head is None:
        return None
    length = _LENGTH.search(head[2])
    end = head.end() + (int(length[1]) if length else 0)
    return received[head.start() : end] if end <= len(received) else None


def parts(whole: bytes) -> tuple[str, dict[str, str], bytes]:
    r"""Take a message apart: start line, headers by lower-case name, body; raise ValueError if it is none.

    >>> parts(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    ('HTTP/1.1 200 OK', {'content-length': '2'}, b'{}')
    """
    head = _HEAD.match(whole)
    if head is None:
        raise ValueError(f"no HTTP message: {whole!r}")
    pairs = (line.decode("latin-1").partition(":") for line in head[2].splitlines())
    return head[1].decode("latin-1"), {name.lower(): value.strip() for name, _, value in pairs}, whole[head.end() :]


class HttpPort:
    """A `Port` over httpx. A request goes out when its answer is waited for, so that one time-out covers both.

    A connection that the server has closed in between is silence: whether the request arrived nobody knows.
    """

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        self.address = url
        self._transport = transport
        self._client: httpx.Client | None = None
        self._request: bytes | None = None

    def write(self, data: bytes) -> None:
        """Take one whole request."""
        self._request = data

    def read(self, timeout_s: float) -> bytes:
        """Carry the request out; return the response, or b"" if none came within `timeout_s`.

        Raises:
            PortUnavailable: nobody listens; nothing was sent.
        """
        if self._request is None:
            return b""
        request, self._request = self._request, None
        start_line, headers, body = parts(request)
        method, path, _ = start_line.split(" ")
        limits = httpx.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S)
        try:
            reply = self._open().request(method, path, headers=headers, content=body, timeout=limits)
        except (httpx.ConnectError, httpx.ConnectTimeout) as err:
            remedy = "Is it switched on, and is the address right?"
            raise PortUnavailable(f"cannot reach {self.address}: {err or 'no answer'}", remedy) from err
        except httpx.TransportError:
            self.close()
            return b""
        kind = {"Content-Type": reply.headers.get("Content-Type", "application/json")}
        return message(f"HTTP/1.1 {reply.status_code} {reply.reason_phrase}", kind, reply.content)

    def discard_input(self) -> None:
        """Nothing waits: an answer is fetched when it is read."""
        self._request = None

    def close(self) -> None:
        """Give the connection back; may be called again."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _open(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(base_url=self.address, transport=self._transport, trust_env=False)
        return self._client
