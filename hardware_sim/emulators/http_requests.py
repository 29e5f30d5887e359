"""HTTP/1.1 on the answering side: requests with a Content-Length, answers in JSON. Source: RFC 9112."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

REASONS = {
    200: "OK",
    201: "Created",
    400: "Bad Request",
    404: "Not Found",
    409: "Conflict",
    422: "Unprocessable Entity",
}
LONGEST = 1_000_000


@dataclass(frozen=True)
class Request:
    """One request; `body` is what its JSON says, None if it says nothing readable."""

    method: str
    path: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class HttpRequests:
    """Cuts requests out of a stream; `answer` gives a status and what JSON to send."""

    def __init__(self, answer: Callable[[Request], tuple[int, object]]) -> None:
        self._answer = answer
        self._received = b""

    def receive(self, data: bytes) -> bytes:
        """Answer each whole request."""
        self._received = (self._received + data)[-LONGEST:]
        replies = []
        while (request := self._next()) is not None:
            status, content = self._answer(request)
            body = json.dumps(content).encode()
            head = (
                f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            replies.append(head.encode() + b"\r\n\r\n" + body)
        return b"".join(replies)

    def _next(self) -> Request | None:
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        stated = headers.get("content-length", "")
        length = int(stated) if stated.isdecimal() else 0
        if len(rest) < length:
            return None
        self._received = rest[length:]
        method, target, _ = (*first.split(" "), "", "")[:3]
        url = urlsplit(target)
        path = tuple(part for part in url.path.split("/") if part)
        return Request(method, path, dict(parse_qsl(url.query)), headers, _parsed(rest[:length]))


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
