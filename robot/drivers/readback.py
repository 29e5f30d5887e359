"""What only names a state to reach may be said again, once it was read back: the two ways in which furnaces use that."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

from robot.errors import CommandRefused, ReplyLost

TRIES = 2

Stage = TypeVar("Stage", bound=str)


def store(
    device: str,
    words: Mapping[int, int],
    differing: Callable[[Mapping[int, int]], Mapping[int, int]],
    write: Callable[[int, int], None],
) -> None:
    """Write those words that differ and read every one back; if a reply was lost, go on from what is there.

    Args:
        device: what errors call it.
        words: what is to stand where, in the order of writing.
        differing: reads all words; returns what stands where another one should.
        write: writes one word.

    Raises:
        CommandRefused: the device said no, or reads back something else.
        ReplyLost: it fell silent.
    """
    for _ in range(TRIES):
        wrong = differing(words)
        if not wrong:
            return
        with suppress(ReplyLost):
            for address in wrong:  # each write wears its EEPROM: only what differs
                write(address, words[address])
    if wrong := differing(words):
        address, found = next(iter(wrong.items()))
        what = f"register {address} was set to {words[address]} and reads {found}"
        raise CommandRefused(device, what, "Is the panel locked, or a limit set there?")


def bring_to(stage: Stage, device: str, read: Callable[[], Stage], command: Callable[[], None]) -> None:
    """Command a device to a stage unless it is there already, and see that it has come there.

    Raises:
        CommandRefused: it stays elsewhere.
        ReplyLost: it fell silent.
    """
    for _ in range(TRIES):
        if read() == stage:
            return
        with suppress(ReplyLost):
            command()
    found = read()
    if found != stage:
        raise CommandRefused(device, f"was told to be {stage} and its programmer is {found}", "See its panel")
