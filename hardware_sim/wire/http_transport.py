"""An emulator on HTTP in the same process: to an httpx client, a server like any other."""

from collections.abc import Callable

import httpx

from hardware_sim.wire.noise import LineDown
from robot.wire.http import message, parts


class HttpTransport(httpx.BaseTransport):
    """Hands each request over as bytes; silence is a time-out at once, for no time passes while one waits."""

    def __init__(self, receive: Callable[[bytes], bytes]) -> None:
        self._receive = receive

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request out."""
        start_line = f"{request.method} {request.url.raw_path.decode('ascii')} HTTP/1.1"
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        try:
            reply = self._receive(message(start_line, headers, request.read()))
        except LineDown as err:
            raise httpx.ConnectError(str(err), request=request) from err
        if not reply:
            raise httpx.ReadTimeout("silence", request=request)
        status_line, reply_headers, body = parts(reply)
        return httpx.Response(int(status_line.split(" ")[1]), headers=reply_headers, content=body)
