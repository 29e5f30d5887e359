"""What every driver on a wire does: ask, ask again where that is harmless, and name the device in every error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from robot.errors import CommandRefused, NotReachable, ReplyLost
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
        with self._naming_the_device(request):
            for _ in range(READ_TRIES - 1):
                with suppress(TimeoutError, ValueError):
                    return decode(self._wire.exchange(request, frame, self._timeout_s))
            return decode(self._wire.exchange(request, frame, self._timeout_s))

    def once(self, request: bytes, frame: Framer, decode: Callable[[bytes], Answer]) -> Answer:
        """Ask once, and never again.

        Raises:
            NotReachable: the port cannot be opened; nothing was sent.
            ReplyLost: no usable answer; the device may have acted.
        """
        with self._naming_the_device(request):
            return decode(self._wire.exchange(request, frame, self._timeout_s))

    def send(self, request: bytes) -> None:
        """Send what has no reply.

        Raises:
            NotReachable: the port cannot be opened; nothing was sent.
            ReplyLost: the line broke.
        """
        with self._naming_the_device(request):
            self._wire.send(request)

    @contextmanager
    def _naming_the_device(self, request: bytes) -> Iterator[None]:
        try:
            yield
        except PortUnavailable as err:
            raise NotReachable(self._device, str(err), err.remedy) from err
        except (TimeoutError, ConnectionError, ValueError) as err:
            raise ReplyLost(self._device, f"no usable answer to {request!r}: {err}", "Check cable and power") from err


@contextmanager
def introducing(device: str) -> Iterator[None]:
    """While a device introduces itself only questions are asked: silence or refusal means that it is another."""
    try:
        yield
    except (ReplyLost, CommandRefused) as err:
        raise NotReachable(device, err.what, err.remedy) from err
