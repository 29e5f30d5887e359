"""A serial port of this machine, of a USB adapter or of a terminal server, by way of pyserial."""

import errno
import sys
from collections.abc import Callable, Iterable
from typing import Any

import serial
from serial.tools.list_ports import comports
from serial.tools.list_ports_common import ListPortInfo

from robot.address import USB
from robot.clock import wall_s
from robot.wire.base import PortUnavailable
from robot.wire.holders import holders

POLL_S = 0.005  # how long pyserial blocks at a time; changing its time-out would reconfigure the port at every read
WRITE_TIMEOUT_S = 2.0

if sys.platform == "win32":
    _GONE: tuple[type[Exception], ...] = (OSError,)
else:
    import termios

    _GONE = (OSError, termios.error)  # the latter is none of the former

_REMEDIES = {
    errno.ENOENT: ("there is no such port", "Plug it in; there are: {ports}"),
    errno.ENODEV: ("there is no such port", "Plug it in; there are: {ports}"),
    errno.EACCES: ("this user may not open it", "Join the group that owns it (often `dialout`) and log in again"),
    errno.EPERM: ("this user may not open it", "Join the group that owns it (often `dialout`) and log in again"),
    errno.EBUSY: ("another program holds it", "Close {holders}"),
    errno.EAGAIN: ("another program holds it", "Close {holders}"),
}


class SerialPort:
    """A `Port` over pyserial, held exclusively from its first use to `close`. Pseudo-terminals and pyserial URLs serve too.

    A line that broke stays broken until it is closed: whoever opens it anew must first ask who answers.

    Args:
        address: a port's name, a pyserial URL, or `usb:` and the serial number of the adapter.
        baudrate, bytesize, parity, stopbits: how the line is set.
        list_ports: what is plugged in just now.
    """

    def __init__(
        self,
        address: str,
        baudrate: int = 9600,
        bytesize: int = 8,
        parity: str = "N",
        stopbits: float = 1,
        list_ports: Callable[[], Iterable[ListPortInfo]] = comports,
    ) -> None:
        self.address = address
        self._list_ports = list_ports
        self._settings: dict[str, Any] = {
            "baudrate": baudrate,
            "bytesize": bytesize,
            "parity": parity,
            "stopbits": stopbits,
        }
        self._serial: serial.Serial | None = None

    def write(self, data: bytes) -> None:
        """Send all of `data`.

        Raises:
            PortUnavailable: the port could not be opened; nothing was sent.
            ConnectionError: the line is gone.
        """
        line = self._line()
        try:
            line.write(data)
            line.flush()
        except _GONE as err:
            raise ConnectionError(f"{self.address} broke while writing: {err}") from err

    def read(self, timeout_s: float) -> bytes:
        """Return what has arrived, waiting for the first byte; b"" after `timeout_s` of silence."""
        line = self._line()
        deadline_s = wall_s() + timeout_s
        try:
            while True:
                data: bytes = line.read(max(1, line.in_waiting))
                if data or wall_s() >= deadline_s:
                    return data
        except _GONE as err:
            raise ConnectionError(f"{self.address} broke while reading: {err}") from err

    def discard_input(self) -> None:
        """Forget what has arrived and was not read."""
        line = self._line()
        try:
            while waiting := line.in_waiting:
                line.read(waiting)
        except _GONE as err:
            raise ConnectionError(f"{self.address} broke while reading: {err}") from err

    def close(self) -> None:
        """Give the port back; may be called again."""
        if self._serial is not None:
            self._serial.close()
            self._serial = None

    def _line(self) -> serial.Serial:
        if self._serial is None:
            self._serial = self._open()
        return self._serial

    def _open(self) -> serial.Serial:
        waiting: dict[str, Any] = (
            {} if self.address.startswith("rfc2217:") else {"write_timeout": WRITE_TIMEOUT_S}
        )  # it knows none
        name = self._name()
        try:
            return serial.serial_for_url(name, exclusive=True, timeout=POLL_S, **self._settings, **waiting)
        except (OSError, ValueError) as err:
            what, remedy = _REMEDIES.get(getattr(err, "errno", None) or 0, (str(err), "Check the address in lab.yaml"))
            ports = ", ".join(port.device for port in self._list_ports()) or "none"
            holding = ", ".join(holders(name)) or f"it; `fuser {name}` names it to its owner"
            remedy = remedy.format(ports=ports, holders=holding)
            raise PortUnavailable(f"cannot open {self.address}: {what}", remedy) from err

    def _name(self) -> str:
        """What the port is called today."""
        number = self.address.removeprefix(USB)
        if number == self.address:
            return self.address
        adapters = {port.serial_number: port.device for port in self._list_ports() if port.serial_number}
        if number not in adapters:
            there = ", ".join(f"{USB}{known} at {name}" for known, name in adapters.items()) or "none"
            raise PortUnavailable(f"no USB adapter has the serial number {number}", f"Plug it in; there are: {there}")
        return adapters[number]
