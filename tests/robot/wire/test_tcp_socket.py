import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from robot.wire.base import PortUnavailable, Wire, until
from robot.wire.tcp_socket import TcpSocket, parse_address

LINE = until(b"\n")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        yield listener


@pytest.fixture
def port(listener: socket.socket) -> Iterator[TcpSocket]:
    port = TcpSocket(*listener.getsockname())
    yield port
    port.close()


def answer_calls(listener: socket.socket, *replies: bytes) -> Thread:
    """Take one call for each reply: hear one request, answer, hang up."""

    def serve() -> None:
        for reply in replies:
            with listener.accept()[0] as caller:
                caller.recv(100)
                caller.sendall(reply)

    thread = Thread(target=serve)
    thread.start()
    return thread


def test_what_is_asked_is_answered(listener: socket.socket, port: TcpSocket) -> None:
    thread = answer_calls(listener, b"RUNNING\n")

    assert Wire(port).exchange(b"robotmode\n", LINE, timeout_s=5) == b"RUNNING\n"
    thread.join()


def test_after_a_connection_was_lost_the_next_exchange_makes_a_new_one(
    listener: socket.socket, port: TcpSocket
) -> None:
    thread = answer_calls(listener, b"half an ans", b"whole\n")
    wire = Wire(port, quarantine_s=0.01)

    with pytest.raises(ConnectionError, match="closed it"):
        wire.exchange(b"?\n", LINE, timeout_s=5)

    assert wire.exchange(b"?\n", LINE, timeout_s=5) == b"whole\n"
    thread.join()


def test_silence_is_waited_for_no_longer_than_asked(port: TcpSocket) -> None:
    with pytest.raises(TimeoutError):
        Wire(port).exchange(b"?\n", LINE, timeout_s=0.05)


def test_a_port_where_nobody_listens_says_so(listener: socket.socket) -> None:
    port = TcpSocket(*listener.getsockname())
    listener.close()

    with pytest.raises(PortUnavailable, match="nobody listens there") as caught:
        port.write(b"?\n")

    assert "switched on" in caught.value.remedy


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(PortUnavailable, match=r"no host is called 'no\.such\.host\.invalid'"):
        TcpSocket("no.such.host.invalid", 1).write(b"?\n")


@pytest.mark.parametrize("address", ["10.0.0.7:1,2,3", "10.0.0.7:x", "", "/dev/ttyUSB0"])
def test_an_address_that_fits_no_channel_is_refused_with_a_remedy(address: str) -> None:
    with pytest.raises(PortUnavailable) as caught:
        parse_address(address, {"robot": 10100, "status": 10000})

    assert caught.value.remedy == "Write host, or host:10100,10000"
