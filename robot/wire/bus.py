"""One port, several devices: RS-485 multi-drop, where all hear all and only one may speak."""

from robot.wire.base import Framer, Port, Recorder, Wire


class Bus(Wire):
    """A half-duplex line that devices share, or that one device may share.

    Before it speaks it listens: the line must have been silent for `silence_s`, so that a frame ends where it ends and
    every driver has let go of the line. Some adaptors hear themselves; whether this one does is learned from the first
    answer (which, in our drivers, answers a question, and no answer to a question equals it). From then on each
    request must come back as it was sent: if it does not, two have spoken at once.

    A device that does not answer costs its own time-out and a quarantine, no more: the port stays open, and the others
    have their turns. Whoever waits comes on in order of arrival; `urgent` commands first.
    """

    def __init__(
        self, port: Port, *, silence_s: float = 0.0, quarantine_s: float = 0.3, recorder: Recorder | None = None
    ) -> None:
        super().__init__(port, quarantine_s=quarantine_s, recorder=recorder)
        self._silence_s = silence_s
        self._hears_itself: bool | None = None

    def exchange(self, request: bytes, frame: Framer, timeout_s: float) -> bytes:
        """Send `request` when the line is silent, strip its echo, return the one reply that `frame` finds.

        Raises:
            TimeoutError: no complete reply within `timeout_s`.
            ConnectionError: the line is gone or never falls silent; as PortUnavailable, nothing was sent.
            ValueError: what came is no reply, or the echo is not what was sent.
        """
        return super().exchange(request, self._past_echo(request, frame), timeout_s)

    def _begin(self) -> None:
        self._await_silence(self._quarantine_s if self._in_doubt else self._silence_s)
        self._in_doubt = False

    def _past_echo(self, request: bytes, frame: Framer) -> Framer:
        size = len(request)

        def find(received: bytes) -> bytes | None:
            echo, rest = received[:size], received[size:]
            if self._hears_itself and echo != request[: len(echo)]:
                self._hears_itself = None  # or the adaptor was changed: learn anew
                raise ValueError(f"collision: sent {request.hex(' ')}, heard {echo.hex(' ')}")
            is_echo = echo == request if self._hears_itself is None else self._hears_itself
            reply = (frame(rest) if rest else None) if is_echo else frame(received)
            if reply is not None:
                self._hears_itself = is_echo
            return reply

        return find
