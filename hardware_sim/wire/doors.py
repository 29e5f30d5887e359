"""Ways into a device that runs in real time: a pseudo-terminal, a terminal server by TCP or RFC 2217, the network."""

import asyncio
import errno
import os
import select
import termios
import tty
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, cast

from serial.rfc2217 import PortManager

from hardware_sim.wire.loopback import Switchboard
from hardware_sim.wire.noise import LineDown
from hardware_sim.wire.serial_line import LISTEN_S, SerialLine
from hardware_sim.wire.uart import LineSettings

CHUNK_BYTES = 4096
POLL_S = 0.005
RESET_SPEED = termios.B300  # glibc refuses to open a terminal anew with 7E1 unless another setting changes
SPEEDS = {
    getattr(termios, f"B{rate}"): rate
    for rate in (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400)
}

Hear = Callable[[bytes], bytes]
Converse = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def open_pty(hear: Hear, device: LineSettings) -> AsyncIterator[str]:
    """Serve a device behind a pseudo-terminal while inside; yields its path. Clients may come and go."""
    ours, theirs = os.openpty()
    path = os.ttyname(theirs)
    _reset(theirs)
    os.close(theirs)
    line = SerialLine(hear, device, lambda data: _write(ours, data), lambda: _settings(ours, device))
    tasks = [asyncio.create_task(line.serve()), asyncio.create_task(_read_pty(ours, path, line))]
    try:
        yield path
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        os.close(ours)


@asynccontextmanager
async def open_tcp(hear: Hear, device: LineSettings, host: str, port: int) -> AsyncIterator[str]:
    """Serve a device behind a terminal server that is set as the device is; yields host:port."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = SerialLine(hear, device, writer.write, lambda: device)
        with _served(line):
            while data := await reader.read(CHUNK_BYTES):
                line.arrive(data)

    async with _listening(converse, host, port) as bound:
        yield f"{host}:{bound}"


@asynccontextmanager
async def open_rfc2217(hear: Hear, device: LineSettings, host: str, port: int) -> AsyncIterator[str]:
    """Serve a device behind a terminal server that lets callers set the line; yields a URL that pyserial opens."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_port = _FarPort()
        manager = PortManager(cast(Any, far_port), cast(Any, writer))

        def send(data: bytes) -> None:
            writer.write(b"".join(manager.escape(data)))

        line = SerialLine(hear, device, send, far_port.settings)
        with _served(line):
            while data := await reader.read(CHUNK_BYTES):
                line.arrive(b"".join(manager.filter(data)))

    async with _listening(converse, host, port) as bound:
        yield f"rfc2217://{host}:{bound}"


@asynccontextmanager
async def open_network(
    board: Switchboard, device: str, host: str, ports: Mapping[str, int]
) -> AsyncIterator[list[int]]:
    """Serve a device on the network: one listener for each channel, any number of callers; yields their ports."""

    async def converse(channel: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = board.dial(device, channel)

        async def push() -> None:
            with suppress(LineDown):  # the caller hears of it when he speaks
                while True:
                    writer.write(board.receive(line, b""))
                    await asyncio.sleep(LISTEN_S)

        task = asyncio.create_task(push())
        try:
            while data := await reader.read(CHUNK_BYTES):
                writer.write(board.receive(line, data))
        finally:
            task.cancel()
            board.hang_up(line)

    async with AsyncExitStack() as stack:
        listeners = [_listening(partial(converse, channel), host, port) for channel, port in ports.items()]
        yield [await stack.enter_async_context(listener) for listener in listeners]


class _FarPort:
    """The terminal server's own serial port, as pyserial's port manager sets it."""

    cts, dsr, ri, cd = True, True, False, True
    xonxoff, rtscts, dtr, rts, break_condition = False, False, True, True, False

    def __init__(self) -> None:
        self.baudrate, self.bytesize, self.parity, self.stopbits = 9600, 8, "N", 1

    def settings(self) -> LineSettings:
        return LineSettings(self.baudrate, self.bytesize, self.parity)

    def reset_input_buffer(self) -> None:
        """Nothing waits here."""

    def reset_output_buffer(self) -> None:
        """Nothing waits here."""


@asynccontextmanager
async def _listening(converse: Converse, host: str, port: int) -> AsyncIterator[int]:
    callers: set[asyncio.StreamWriter] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.add(writer)
        with suppress(ConnectionError):  # the caller hung up
            await converse(reader, writer)
        callers.discard(writer)
        writer.close()

    server = await asyncio.start_server(meet, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in list(callers):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@contextmanager
def _served(line: SerialLine) -> Iterator[None]:
    task = asyncio.create_task(line.serve())
    try:
        yield
    finally:
        task.cancel()


async def _read_pty(ours: int, path: str, line: SerialLine) -> None:
    """Pass on what comes. While nobody has the terminal open its settings are those of one just plugged in."""
    was_open = False
    while True:
        events = dict(_poll(ours)).get(ours, 0)
        if events & select.POLLIN:
            was_open = True
            try:
                line.arrive(os.read(ours, CHUNK_BYTES))
                continue
            except OSError as err:
                if err.errno != errno.EIO:
                    raise
        is_open = not events & select.POLLHUP
        if was_open and not is_open:
            theirs = os.open(path, os.O_RDWR | os.O_NOCTTY)
            _reset(theirs)
            os.close(theirs)
        was_open = is_open
        await asyncio.sleep(POLL_S)


def _poll(ours: int) -> list[tuple[int, int]]:
    poll = select.poll()
    poll.register(ours, select.POLLIN | select.POLLHUP)
    return poll.poll(0)


def _reset(theirs: int) -> None:
    tty.setraw(theirs)
    attributes = termios.tcgetattr(theirs)
    attributes[4] = attributes[5] = RESET_SPEED
    termios.tcsetattr(theirs, termios.TCSANOW, attributes)


def _settings(ours: int, device: LineSettings) -> LineSettings:
    """How the caller has set the terminal: Linux keeps the speed he asked for, and makes 8N1 of whatever else."""
    speed = termios.tcgetattr(ours)[5]
    return replace(device, baudrate=SPEEDS.get(speed, device.baudrate))


def _write(ours: int, data: bytes) -> None:
    while data:
        data = data[os.write(ours, data) :]
