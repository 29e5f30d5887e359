"""What every driver on a wire does: ask, ask again where that is harmless, and name the device in every error."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from robot.errors import CommandRefused, DeviceError, LineBroken, NotReachable, ReplyLost
from robot.wire.base import Framer, PortUnavailable, Wire

READ_TRIES = 3

Answer = TypeVar("Answer")


class Dialogue:
    """One device's side of a wire."""

    def __init__(self, device: str, wire: Wire, timeout_s: float) -> None:
        self._device = device
        self._wire = wire
        self._timeout_s = timeout_s

    def read(self, request: bytes, frame: Framer, decode: Callable[[bytes], Answer]) -> Answer:
        """Ask what may be asked again: up to three times.

        Raises:
            NotReachable: the port cannot be opened; nothing was sent.
            ReplyLost: no usable answer.
        """
        return self.repeat([request] * READ_TRIES, frame, decode)

    def once(self, request: bytes, frame: Framer, decode: Callable[[bytes], Answer]) -> Answer:
        """Ask once, and never again.

        Raises:
            NotReachable: the port cannot be opened; nothing was sent.
            ReplyLost: no usable answer; the device may have acted.
        """
        return self.repeat([request], frame, decode)

    def repeat(self, requests: Sequence[bytes], frame: Framer, decode: Callable[[bytes], Answer]) -> Answer:
        """Ask with each request in turn until one has a usable answer.

        Args:
            requests: the first, and those which the device knows to be its repetitions or may do again.
            frame: finds the reply to any of them.
            decode: reads it.

        Raises:
            NotReachable: the port cannot be opened; nothing was sent.
            ReplyLost: no usable answer; the device may have acted.
        """
        *early, last = requests
        try:
            for request in early:
                with suppress(TimeoutError, ValueError):
                    return decode(self._wire.exchange(request, frame, self._timeout_s))
            return decode(self._wire.exchange(last, frame, self._timeout_s))
        except (ConnectionError, TimeoutError, ValueError) as err:
            raise self._named(err, last) from err

    def send(self, request: bytes, listen_s: float = 0.0) -> None:
        """Send what has no reply that matters; then wait until the line was silent for `listen_s`.

        Raises:
            NotReachable: the port cannot be opened; nothing was sent.
            LineBroken: it may or may not have arrived.
        """
        try:
            self._wire.send(request, listen_s)
        except (ConnectionError, TimeoutError, ValueError) as err:
            raise self._named(err, request) from err

    def _named(self, err: OSError | ValueError, request: bytes) -> DeviceError:
        """What went wrong on the wire, as what went wrong with the device."""
        if isinstance(err, PortUnavailable):
            return NotReachable(self._device, str(err), err.remedy)
        if isinstance(err, ConnectionError):
            return LineBroken(self._device, f"the line broke at {request!r}: {err}", "Check cable and power")
        return ReplyLost(self._device, f"no usable answer to {request!r}: {err}", "Check cable and power")


@contextmanager
def introducing(device: str) -> Iterator[None]:
    """While a device introduces itself only questions are asked: silence or refusal means that it is another."""
    try:
        yield
    except (ReplyLost, CommandRefused) as err:
        raise NotReachable(device, err.what, err.remedy) from err
