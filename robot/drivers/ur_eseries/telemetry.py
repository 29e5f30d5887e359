"""What a Universal Robots arm says of itself over RTDE, one look at a time."""

from collections.abc import Callable
from contextlib import suppress

from robot.drivers.dialogue import READ_TRIES, Dialogue
from robot.drivers.ur_eseries import rtde
from robot.errors import DeviceError, ReplyLost
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0  # it answers within a period of 8 ms; silence for longer means that all must be agreed anew


class Telemetry:
    """Has the robot tell for a moment whenever somebody looks, so that what is seen is never old.

    After any trouble the connection is made anew, with everything to be agreed upon again: an old one that was merely
    opened again would stay silent.
    """

    def __init__(self, device: str, wire: Wire) -> None:
        self._wire = wire
        self._dialogue = Dialogue(device, wire, REPLY_TIMEOUT_S)
        self._is_agreed = False

    def look(self) -> rtde.Sample:
        """What the robot tells now; asked again if need be.

        Raises:
            NotReachable: nobody listens there.
            ReplyLost: no usable answer.
        """
        for _ in range(READ_TRIES - 1):
            with suppress(ReplyLost):
                return self.look_for(lambda sample: True)
        return self.look_for(lambda sample: True)

    def look_for(self, is_awaited: Callable[[rtde.Sample], bool]) -> rtde.Sample:
        """Watch until the robot shows what is awaited, for a second at most.

        Raises:
            NotReachable: nobody listens there.
            ReplyLost: it did not show it, or nothing at all.
        """
        try:
            if not self._is_agreed:
                self._agree()
            sample = self._dialogue.once(rtde.ASK_START, rtde.sample_where(is_awaited), rtde.decode_sample)
            self._dialogue.once(rtde.ASK_PAUSE, rtde.reply_to(rtde.ASK_PAUSE), rtde.decode_accepted)
        except DeviceError:
            self._is_agreed = False
            self._wire.close()
            raise
        return sample

    def _agree(self) -> None:
        ask = self._dialogue.once
        ask(rtde.ASK_PROTOCOL, rtde.reply_to(rtde.ASK_PROTOCOL), rtde.decode_accepted)
        ask(rtde.ASK_OUTPUTS, rtde.reply_to(rtde.ASK_OUTPUTS), rtde.decode_agreed)
        self._is_agreed = True
