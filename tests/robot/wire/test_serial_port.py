import os
import select
import termios
from collections.abc import Iterator

import pytest
from serial.tools.list_ports_common import ListPortInfo

from robot.wire.base import PortUnavailable
from robot.wire.serial_port import SerialPort


class Terminal:
    """A pseudo-terminal: `far` is the device's end, `address` what a serial port opens."""

    def __init__(self) -> None:
        self.far, self._near = os.openpty()
        self.address = os.ttyname(self._near)

    def say(self, data: bytes) -> None:
        """Let the device say something, and see it arrive."""
        os.write(self.far, data)
        select.select([self._near], [], [], 1.0)

    def hear(self, count: int) -> bytes:
        """What the device hears."""
        heard = b""
        while len(heard) < count:
            heard += os.read(self.far, count)
        return heard

    def close(self) -> None:
        os.close(self.far)
        os.close(self._near)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.close()


@pytest.fixture
def port(terminal: Terminal) -> Iterator[SerialPort]:
    port = SerialPort(terminal.address)
    yield port
    port.close()


def test_every_byte_passes_both_ways(terminal: Terminal, port: SerialPort) -> None:
    every_byte = bytes(range(256))

    port.write(every_byte)
    terminal.say(every_byte)

    assert terminal.hear(256) == every_byte
    assert port.read(timeout_s=1.0) == every_byte


def test_silence_reads_as_nothing(port: SerialPort) -> None:
    assert port.read(timeout_s=0.0) == b""


def test_input_that_was_discarded_is_never_read(terminal: Terminal, port: SerialPort) -> None:
    port.write(b"open")
    terminal.say(b"stale")

    port.discard_input()

    assert port.read(timeout_s=0.0) == b""


def test_the_line_is_set_as_asked(terminal: Terminal) -> None:
    port = SerialPort(terminal.address, baudrate=19200, bytesize=8, parity="E", stopbits=2)

    port.write(b"open")

    _, _, control, _, _, speed, _ = termios.tcgetattr(terminal.far)
    port.close()
    assert speed == termios.B19200
    assert control & termios.CSTOPB


def test_a_port_that_is_absent_says_what_there_is() -> None:
    with pytest.raises(PortUnavailable, match="no such port") as caught:
        SerialPort("/dev/ttyNONE").write(b"?")

    assert "there are" in caught.value.remedy


def test_a_port_that_is_held_says_so(terminal: Terminal, port: SerialPort) -> None:
    port.write(b"mine")

    with pytest.raises(PortUnavailable, match="another program holds it"):
        SerialPort(terminal.address).write(b"mine too")


def test_an_unknown_kind_of_address_is_refused() -> None:
    with pytest.raises(PortUnavailable):
        SerialPort("nonsense://x").write(b"?")


def test_a_line_that_broke_is_a_connection_error() -> None:
    terminal = Terminal()
    port = SerialPort(terminal.address)
    port.write(b"?")
    terminal.close()

    with pytest.raises(ConnectionError):
        port.read(timeout_s=1.0)

    port.close()


def test_closing_twice_is_harmless(port: SerialPort) -> None:
    port.write(b"?")

    port.close()
    port.close()


def adapter(name: str, serial_number: str) -> ListPortInfo:
    info = ListPortInfo(name)
    info.serial_number = serial_number
    return info


def test_an_adapter_is_found_by_its_serial_number_under_whatever_name(terminal: Terminal) -> None:
    plugged_in = [adapter("/dev/ttyUSB7", "A1"), adapter(terminal.address, "B2")]
    port = SerialPort("usb:B2", list_ports=lambda: plugged_in)

    port.write(b"hello")

    assert terminal.hear(5) == b"hello"
    port.close()


def test_an_adapter_that_is_not_plugged_in_is_missed_by_its_number() -> None:
    port = SerialPort("usb:B2", list_ports=lambda: [adapter("/dev/ttyUSB7", "A1")])

    with pytest.raises(PortUnavailable, match="B2") as caught:
        port.write(b"hello")

    assert "usb:A1 at /dev/ttyUSB7" in caught.value.remedy
