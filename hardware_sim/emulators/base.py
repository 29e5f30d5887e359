"""What every emulator is to the laboratory."""

from collections import Counter
from typing import Protocol


class Emulator(Protocol):
    """The far side of one wire. Bytes may come in pieces or several requests at once, with noise between."""

    acts: Counter[str]
    """Commands received that act on the world, by name; those that only ask or set parameters are not counted."""

    def receive(self, data: bytes) -> bytes:
        """Take in bytes at the world's present instant; return what goes back at once."""

    def state(self) -> dict[str, object]:
        """What the device believes, for records."""
