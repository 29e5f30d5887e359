"""Words of the powder handler. Pure: nothing here opens, waits or logs.

Source: docs/protocols/powder_handler.md; lines are those of `robot.drivers.numbered_lines`. Masses travel in
micrograms, times in seconds.
"""

from dataclasses import dataclass
from typing import cast, get_args

from robot.drivers.numbered_lines import Refusal
from robot.drivers.open_protocols import (
    DOOR_IS_OPEN,
    FLAGS,
    STATION_REFUSALS,
    decode_figures,
    decode_mass_mg,
    require_words,
)
from robot.interfaces import HandlingEnding, HandlingTask, PowderHandlerState

WHO, STATE, STOP, WATCHDOG, SHAKE, TRANSFER = "WHO", "STATE", "STOP", "WATCHDOG", "SHAKE", "TRANSFER"
PROTOCOL = ("powder-handler", "1")
TASKS, ENDINGS = get_args(HandlingTask), get_args(HandlingEnding)
LONGEST_S, MOST_MG = 3600.0, 20_000.0

REFUSALS = {
    **STATION_REFUSALS,
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


def decode_introduction(words: tuple[str, ...]) -> Introduction:
    """Read the answer to `WHO`, or raise ValueError.

    >>> decode_introduction(("powder-handler", "1", "PH-0001", "1.0", "3000"))
    Introduction(serial_number='PH-0001', firmware='1.0', max_speed_rpm=3000.0)
    """
    serial_number, firmware, fastest_rpm = decode_figures(words, PROTOCOL, count=3)
    return Introduction(serial_number, firmware, float(int(fastest_rpm)))


def decode_state(words: tuple[str, ...]) -> PowderHandlerState:
    """Read the answer to `STATE`, or raise ValueError.

    >>> said = "2 idle closed yes yes 9150300 7 transfer 150000 0 no-gain 80200".split()
    >>> state = decode_state(tuple(said))
    >>> state.order, state.target_mg, state.gained_mg, state.shaken_s
    (7, 150.0, 80.2, 0.0)
    """
    known = {2: DOOR_IS_OPEN, 3: FLAGS, 4: FLAGS, 7: TASKS, 10: ENDINGS}
    require_words(words, 12, known, "a powder handler's state")
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
        gained_mg=decode_mass_mg(done) if is_transfer else 0.0,
        load_mg=int(load) / 1000,
        has_source=FLAGS[source],
        has_target=FLAGS[target],
        door_is_open=DOOR_IS_OPEN[door],
        boots=int(boots),
        fault=FAULTS.get(ending),
    )
