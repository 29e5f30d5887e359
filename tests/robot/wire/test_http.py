import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.wire.base import PortUnavailable, Wire
from robot.wire.http import HttpPort, frame, message, parts

ASK = message("GET /health HTTP/1.1", {"Opentrons-Version": "3"})


def wire(answer: httpx.Response | Exception, seen: list[httpx.Request] | None = None) -> Wire:
    def serve(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Wire(HttpPort("http://robot", httpx.MockTransport(serve)), quarantine_s=0.0)


@given(st.binary(max_size=60), st.binary(max_size=10))
def test_a_message_is_found_whole_whatever_follows(body: bytes, rest: bytes) -> None:
    whole = message("HTTP/1.1 200 OK", {"Content-Type": "application/json"}, body)

    assert frame(whole + rest) == whole
    assert frame(whole[:-1]) in (None, whole[:-1] if not body else None)
    assert parts(whole)[2] == body


def test_a_request_is_carried_out_with_its_headers() -> None:
    seen: list[httpx.Request] = []

    reply = wire(httpx.Response(200, json={"name": "OT2"}), seen).exchange(ASK, frame, timeout_s=1.0)

    assert (seen[0].method, seen[0].url.path, seen[0].headers["Opentrons-Version"]) == ("GET", "/health", "3")
    assert reply.startswith(b"HTTP/1.1 200 OK\r\n")
    assert reply.endswith(b'{"name":"OT2"}')


@pytest.mark.parametrize("error", [httpx.ReadTimeout(""), httpx.ReadError(""), httpx.RemoteProtocolError("")])
def test_a_broken_conversation_is_silence(error: Exception) -> None:
    with pytest.raises(TimeoutError):
        wire(error).exchange(ASK, frame, timeout_s=1.0)


def test_nobody_there_means_that_nothing_was_sent() -> None:
    with pytest.raises(PortUnavailable, match="cannot reach http://robot"):
        wire(httpx.ConnectError("refused")).exchange(ASK, frame, timeout_s=1.0)


def test_a_request_that_was_given_up_is_not_sent_later() -> None:
    seen: list[httpx.Request] = []
    port = HttpPort("http://robot", httpx.MockTransport(lambda request: seen.append(request) or httpx.Response(200)))
    port.write(ASK)

    port.discard_input()

    assert port.read(0.0) == b""
    assert seen == []
