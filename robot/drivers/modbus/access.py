"""Reading and storing a device's registers: what is stored is read back, and what is there is not written again."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count as count_from
from typing import TypeVar

from robot.drivers.dialogue import Dialogue
from robot.drivers.modbus import messages
from robot.drivers.modbus.framing import RTU, Framing
from robot.drivers.readback import store
from robot.errors import Busy, CommandRefused
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0  # a controller answers within some tens of milliseconds

Answer = TypeVar("Answer")


class RegisterAccess:
    """The registers of one unit on a Modbus line."""

    def __init__(self, device: str, wire: Wire, unit: int, framing: Framing = RTU) -> None:
        self._device = device
        self._unit = unit
        self._framing = framing
        self._transactions = count_from(1)
        self._dialogue = Dialogue(device, wire, REPLY_TIMEOUT_S)

    def read(self, address: int, count: int) -> tuple[int, ...]:
        """Read neighbouring registers.

        Raises:
            Busy: the device has no time.
            CommandRefused: it does not know them.
            ReplyLost: no usable answer.
        """
        question = messages.ask_registers(address, count)
        return self._ask(address, self._dialogue.read, question, partial(messages.registers_in, count=count))

    def read_one(self, address: int) -> int:
        """Read one register."""
        return self.read(address, 1)[0]

    def write(self, address: int, value: int) -> None:
        """Write one register, once.

        Raises:
            CommandRefused: the device said no.
            ReplyLost: it may or may not be written.
        """
        message = messages.set_register(address, value)
        self._ask(address, self._dialogue.once, message, messages.accepts(message))

    def store(self, words: Mapping[int, int]) -> None:
        """Write those words that differ and read every one back; if a reply was lost, go on from what is there.

        Raises:
            CommandRefused: the device said no, or reads back something else.
            ReplyLost: it fell silent.
        """
        store(self._device, words, self._differing, self.write)

    def _differing(self, words: Mapping[int, int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for first, count in runs(words):
            found |= zip(range(first, first + count), self.read(first, count), strict=True)
        return {address: found[address] for address, value in words.items() if found[address] != value}

    def _ask(
        self, address: int, how: Callable[..., Answer], message: bytes, decode: Callable[[bytes], Answer]
    ) -> Answer:
        framing = self._framing
        request = framing.frame(self._unit, message, next(self._transactions))
        try:
            return how(request, framing.reply_to(request), lambda frame: decode(framing.message(frame)))
        except messages.Refusal as err:
            what = f"refused register {address}: it {err}"
            if err.is_for_now:
                raise Busy(self._device, what, "Ask again in a moment") from err
            raise CommandRefused(self._device, what, "Is it the model that lab.yaml says?") from err


def runs(addresses: Iterable[int]) -> list[tuple[int, int]]:
    """Group neighbouring registers into (first, count), so that each group is read in one go.

    >>> runs([22, 8330, 8331, 8328])
    [(22, 1), (8328, 1), (8330, 2)]
    """
    grouped: list[tuple[int, int]] = []
    for address in sorted(addresses):
        if grouped and sum(grouped[-1]) == address:
            grouped[-1] = (grouped[-1][0], grouped[-1][1] + 1)
        else:
            grouped.append((address, 1))
    return grouped
