"""A browser, or a program, that asks an application in this process: no sockets, one request at a time."""

from typing import Any

import anyio
import httpx
from fastapi import FastAPI


class Browser:
    """Keeps its cookies from one request to the next, and sends some headers each time."""

    def __init__(self, app: FastAPI, base_url: str = "http://127.0.0.1:8420", **headers: str) -> None:
        self._app, self._base_url, self._headers = app, base_url, headers
        self.cookies = httpx.Cookies()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return anyio.run(lambda: self._ask(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", path, **options)

    async def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=self._base_url, headers=self._headers, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **options)
            self.cookies = client.cookies
        return answer
