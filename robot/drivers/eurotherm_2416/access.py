"""Reading and storing a controller's registers: what is stored is read back, and what is there is not written again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from robot.drivers.dialogue import Dialogue
from robot.drivers.eurotherm_2416 import codec
from robot.drivers.eurotherm_2416.registers import runs
from robot.errors import CommandRefused, ReplyLost
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0  # it answers within some tens of milliseconds


class RegisterAccess:
    """The registers of one unit on a Modbus line."""

    def __init__(self, device: str, wire: Wire, unit: int) -> None:
        self._device = device
        self._unit = unit
        self._dialogue = Dialogue(device, wire, REPLY_TIMEOUT_S)

    def read(self, address: int, count: int) -> tuple[int, ...]:
        """Read neighbouring registers.

        Raises:
            CommandRefused: the controller does not know them.
            ReplyLost: no usable answer.
        """
        request = codec.encode_read(self._unit, address, count)
        with self._naming_the_device(address):
            return self._dialogue.read(request, codec.reply_to(request), codec.decode_registers)

    def read_one(self, address: int) -> int:
        """Read one register."""
        return self.read(address, 1)[0]

    def write(self, address: int, value: int) -> None:
        """Write one register, once.

        Raises:
            CommandRefused: the controller said no.
            ReplyLost: it may or may not be written.
        """
        request = codec.encode_write(self._unit, address, value)
        with self._naming_the_device(address):
            self._dialogue.once(request, codec.reply_to(request), codec.accepts(request))

    def store(self, words: dict[int, int]) -> None:
        """Write those words that differ and read every one back; if a reply was lost, go on from what is there.

        Raises:
            CommandRefused: the controller said no, or reads back something else.
            ReplyLost: it fell silent.
        """
        for _ in range(2):
            differing = self._differing(words)
            if not differing:
                return
            with suppress(ReplyLost):
                for address in differing:  # each write wears its EEPROM: only what differs
                    self.write(address, words[address])
        if differing := self._differing(words):
            address, found = next(iter(differing.items()))
            what = f"register {address} was set to {words[address]} and reads {found}"
            raise CommandRefused(self._device, what, "Is the panel locked, or a limit set there?")

    def _differing(self, words: dict[int, int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for first, count in runs(words):
            found |= zip(range(first, first + count), self.read(first, count), strict=True)
        return {address: found[address] for address, value in words.items() if found[address] != value}

    @contextmanager
    def _naming_the_device(self, address: int) -> Iterator[None]:
        try:
            yield
        except codec.Refusal as err:
            what = f"refused register {address}: it {err}"
            raise CommandRefused(self._device, what, "Is it a 2416 with a programmer?") from err
