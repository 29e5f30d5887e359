"""Stands before every request, pages' and sockets' included: lets in, turns away, and adds what browsers should heed."""

import json
from collections.abc import Iterable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.service.access.door import API, Door, Knock, Turned

MOST_BYTES = 2_000_000
"""Of one request's body."""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
FOR_API = "default-src 'none'; frame-ancestors 'none'"
FOR_PAGES = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Pages are Vue templates compiled in the browser, which needs inline scripts and eval; they load nothing from elsewhere."""


class TooLarge(Exception):
    """A body exceeds what anybody may send."""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        knock = knock_of(scope)
        guarded = self._with_headers(knock, send)
        try:
            caller = self._door.admit(knock)
            if int(knock.headers.get("content-length", "0") or "0") > MOST_BYTES:
                raise TooLarge
        except Turned as err:
            await self._turn_away(scope, knock, err, receive, guarded)
        except (TooLarge, ValueError):
            await problem(guarded, 413, "too large", f"A request holds at most {MOST_BYTES} bytes")
        else:
            scope.setdefault("state", {})
            scope["state"]["caller"] = caller
            await self._app(scope, _limited(receive), guarded)

    async def _turn_away(self, scope: Scope, knock: Knock, err: Turned, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": err.title})
        elif err.status == 401 and not knock.path.startswith((API, "/metrics")) and knock.method == "GET":
            headers = [(b"location", f"/login?next={quote(knock.path)}".encode()), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 303, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await problem(send, err.status, err.title, err.detail, retry_after_s=err.retry_after_s)

    def _with_headers(self, knock: Knock, send: Send) -> Send:
        is_api = knock.path.startswith((API, "/metrics"))
        extra = {**ALWAYS, "content-security-policy": FOR_API if is_api else FOR_PAGES}
        if is_api or knock.path == "/login":
            extra["cache-control"] = "no-store"
        if self._door.is_private:
            extra["strict-transport-security"] = "max-age=31536000"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_missing(message, extra)]
            await send(message)

        return with_headers


def _missing(message: MutableMapping[str, Any], extra: dict[str, str]) -> Iterable[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in message.get("headers", [])}
    return ((name.encode(), value.encode()) for name, value in extra.items() if name.encode() not in there)


def _limited(receive: Receive) -> Receive:
    """Count a body's bytes while they come; a body that does not say how long it is ends where it is too long."""
    count = 0

    async def limited() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if message["type"] == "http.request" and count > MOST_BYTES:
            return {"type": "http.disconnect"}
        return message

    return limited


def knock_of(scope: Scope) -> Knock:
    """What of a request is looked at."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    client = scope.get("client")
    return Knock(
        scope.get("method", "GET"), scope["path"], headers, client[0] if client else "", scope["type"] == "websocket"
    )


async def problem(send: Send, status: int, title: str, detail: str, *, retry_after_s: float = 0.0) -> None:
    """Answer as RFC 9457 says."""
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    if retry_after_s:
        headers.append((b"retry-after", str(int(retry_after_s) + 1).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
