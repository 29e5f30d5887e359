"""Words of the powder handler. Pure: nothing here opens, waits or logs.

Source: docs/protocols/powder_handler.md; lines are those of `robot.drivers.numbered_lines`. Masses travel in
micrograms, times in seconds.
"""

from dataclasses import dataclass
from typing import cast, get_args

from robot.drivers.numbered_lines import Refusal
from robot.errors import Busy
from robot.interfaces import HandlingEnding, HandlingTask, PowderHandlerState

WHO, STATE, STOP, WATCHDOG, SHAKE, TRANSFER = "WHO", "STATE", "STOP", "WATCHDOG", "SHAKE", "TRANSFER"
PROTOCOL = ("powder-handler", "1")
TASKS, ENDINGS = get_args(HandlingTask), get_args(HandlingEnding)
FLAGS = {"open": True, "closed": False, "yes": True, "no": False}
LONGEST_S, MOST_MG = 3600.0, 20_000.0

REFUSALS = {
    1: Refusal("it does not know the command", "Is it a powder handler?"),
    2: Refusal("it does not understand the figures", "Is it a powder handler?"),
    10: Refusal("a figure is out of its range", "Compare lab.yaml with what the device can do"),
    11: Refusal("an order is under way", "Wait until it has ended", Busy),
    12: Refusal("another order was given meanwhile", "See that nobody else commands it"),
    13: Refusal("its door is open", "Close the door"),
    14: Refusal("no vessel stands on its first place", "Put one there"),
    15: Refusal("no vessel stands on its second place", "Put one there"),
}
FAULTS = {
    "no-gain": "nothing comes over any more: nothing is left, it has caked, or the sieve is clogged",
    "silence": "its watchdog heard nothing for too long and ended the order",
    "door": "its door was opened",
    "no-vessel": "a vessel was taken away meanwhile",
    "power": "it was without power meanwhile",
}


@dataclass(frozen=True)
class Introduction:
    """Who answers, and what it can do."""

    serial_number: str
    firmware: str
    max_speed_rpm: float


def micrograms(mass_mg: float) -> int:
    """Write a mass.

    >>> micrograms(150.5)
    150500
    """
    return round(mass_mg * 1000)


def decode_introduction(words: tuple[str, ...]) -> Introduction:
    """Read the answer to `WHO`, or raise ValueError.

    >>> decode_introduction(("powder-handler", "1", "PH-0001", "1.0", "3000"))
    Introduction(serial_number='PH-0001', firmware='1.0', max_speed_rpm=3000.0)
    """
    if words[:2] != PROTOCOL or len(words) != 5:
        raise ValueError(f"no powder handler of protocol 1: {' '.join(words)}")
    return Introduction(words[2], words[3], float(int(words[4])))


def decode_state(words: tuple[str, ...]) -> PowderHandlerState:
    """Read the answer to `STATE`, or raise ValueError.

    >>> said = "2 idle closed yes yes 9150300 7 transfer 150000 0 no-gain 80200".split()
    >>> state = decode_state(tuple(said))
    >>> state.order, state.target_mg, state.gained_mg, state.shaken_s
    (7, 150.0, 80.2, 0.0)
    """
    if len(words) != 12 or words[7] not in TASKS or words[10] not in ENDINGS or not {*words[2:5]} <= set(FLAGS):
        raise ValueError(f"not a powder handler's state: {' '.join(words)}")
    boots, _, door, source, target, load, order, task, first, second, ending, done = words
    is_shake, is_transfer = task == "shake", task == "transfer"
    return PowderHandlerState(
        order=int(order),
        task=cast(HandlingTask, task),
        ending=cast(HandlingEnding, ending),
        duration_s=float(first) * is_shake,
        speed_rpm=float(second) * is_shake,
        shaken_s=float(done) if is_shake else 0.0,
        target_mg=int(first) / 1000 * is_transfer,
        gained_mg=_mass_mg(done) if is_transfer else 0.0,
        load_mg=int(load) / 1000,
        has_source=FLAGS[source],
        has_target=FLAGS[target],
        door_is_open=FLAGS[door],
        boots=int(boots),
        fault=FAULTS.get(ending),
    )


def _mass_mg(word: str) -> float | None:
    return None if word == "?" else int(word) / 1000
