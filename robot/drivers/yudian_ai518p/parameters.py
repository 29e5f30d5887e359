"""Reading and storing a controller's parameters over AIBUS, whose answers do not say what they answer."""

from collections.abc import Callable, Mapping

from robot.drivers.dialogue import Dialogue
from robot.drivers.readback import store
from robot.drivers.yudian_ai518p import codec
from robot.drivers.yudian_ai518p.codec import Reply
from robot.errors import CommandRefused, ReplyLost
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 0.5  # it answers within 20 to 50 ms at 19200 baud, and the maker asks for 150 ms of patience


class Parameters:
    """The parameters of one controller on an AIBUS line.

    After a lost answer the first question is one whose answer is known: were we off by one, it would show.
    """

    def __init__(self, device: str, wire: Wire, address: int) -> None:
        self._device = device
        self._address = address
        self._dialogue = Dialogue(device, wire, REPLY_TIMEOUT_S)
        self._known: int | None = None
        self._in_doubt = False

    def read(self, parameter: int) -> Reply:
        """Read a parameter, and the state that comes with every answer.

        Raises:
            ReplyLost: no usable answer.
        """
        return self._ask(self._dialogue.read, codec.encode_read(self._address, parameter))

    def learn(self) -> int:
        """Read the one parameter that never changes: the scale of temperatures."""
        self._known, self._in_doubt = None, False
        self._known = self.read(codec.DECIMALS).value
        return self._known

    def write(self, parameter: int, value: int) -> None:
        """Set a parameter, once.

        Raises:
            CommandRefused: the controller answers that it holds another value.
            ReplyLost: it may or may not be set.
        """
        found = self._ask(self._dialogue.once, codec.encode_write(self._address, parameter, value)).value
        if found != value:
            what = f"was told {value} for parameter {parameter:02X}h and keeps {found}"
            raise CommandRefused(self._device, what, "Is it locked, or a limit set at its panel?")

    def store(self, words: Mapping[int, int]) -> None:
        """Write those parameters that differ and read every one back.

        Raises:
            CommandRefused: the controller keeps something else.
            ReplyLost: it fell silent.
        """
        store(self._device, words, self._differing, self.write)

    def _differing(self, words: Mapping[int, int]) -> dict[int, int]:
        found = {parameter: self.read(parameter).value for parameter in words}
        return {parameter: found[parameter] for parameter, value in words.items() if found[parameter] != value}

    def _ask(self, how: Callable[..., Reply], request: bytes) -> Reply:
        frame = codec.reply_from(self._address)
        if self._in_doubt:
            known = self._dialogue.read(codec.encode_read(self._address, codec.DECIMALS), frame, codec.decode_reply)
            if known.value != self._known:
                raise ReplyLost(self._device, "its answers are not to our questions", "Look for a second master")
            self._in_doubt = False
        try:
            return how(request, frame, codec.decode_reply)
        except ReplyLost:
            self._in_doubt = self._known is not None
            raise
