"""What every emulator is to the laboratory."""

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar, Protocol, runtime_checkable


class Emulator(Protocol):
    """The far side of one wire. Bytes may come in pieces or several requests at once, with noise between."""

    acts: Counter[str]
    """Commands received that act on the world, by name; those that only ask or set parameters are not counted."""

    def receive(self, data: bytes) -> bytes:
        """Take in bytes at the world's present instant; return what goes back by now. b"" only listens."""

    def state(self) -> dict[str, object]:
        """What the device believes, for records."""


class Conversation(Protocol):
    """One caller on one channel of a device on the network: how his stream is cut, what he asked to be told."""

    def receive(self, data: bytes) -> bytes:
        """Take in bytes at the world's present instant; return what goes back by now. b"" only listens."""

    def hang_up(self) -> None:
        """The caller has gone."""


@runtime_checkable
class ComposedEmulator(Protocol):
    """A device that consists of others, each at the end of its own wire."""

    acts: Counter[str]
    """Of all parts together."""
    parts: Mapping[str, Emulator]

    def state(self) -> dict[str, object]:
        """What the parts believe, for records."""


@runtime_checkable
class NetworkEmulator(Protocol):
    """A device on the network: any number of callers, on several channels."""

    acts: Counter[str]
    channels: ClassVar[Mapping[str, int]]
    """TCP ports by what they are for."""

    def call(self, channel: str) -> Conversation:
        """Take a caller's connection."""

    def state(self) -> dict[str, object]:
        """What the device believes, for records."""


AnyEmulator = Emulator | ComposedEmulator | NetworkEmulator
