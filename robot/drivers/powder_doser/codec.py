"""Words of the powder doser. Pure: nothing here opens, waits or logs.

Source: docs/protocols/powder_doser.md; lines are those of `robot.drivers.numbered_lines`. Masses travel in micrograms.
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
from robot.interfaces import DoseEnding, PowderDoserState

WHO, STATE, HOPPERS, STOP = "WHO", "STATE", "HOPPERS", "STOP"
FILLED, WATCHDOG, DOSE = "FILLED", "WATCHDOG", "DOSE"
PROTOCOL = ("powder-doser", "1")
ENDINGS = get_args(DoseEnding)

REFUSALS = {
    **STATION_REFUSALS,
    13: Refusal("its door is open", "Close the door"),
    14: Refusal("no vessel stands below", "Put one there"),
}
FAULTS = {
    "over": "more fell than its tolerance allows",
    "no-flow": "nothing falls any more: hopper {hopper} is empty or clogged",
    "silence": "its watchdog heard nothing for too long and ended the dose",
    "door": "its door was opened",
    "no-vessel": "the vessel was taken away while it dosed",
    "power": "it was without power while it dosed",
}


@dataclass(frozen=True)
class Introduction:
    """Who answers, and what it can do."""

    serial_number: str
    firmware: str
    hoppers: int
    max_mass_mg: float


def decode_introduction(words: tuple[str, ...]) -> Introduction:
    """Read the answer to `WHO`, or raise ValueError.

    >>> decode_introduction(("powder-doser", "1", "PD-0001", "1.0", "8", "20000000"))
    Introduction(serial_number='PD-0001', firmware='1.0', hoppers=8, max_mass_mg=20000.0)
    """
    serial_number, firmware, hoppers, most_ug = decode_figures(words, PROTOCOL, count=4)
    return Introduction(serial_number, firmware, int(hoppers), int(most_ug) / 1000)


def decode_hoppers(words: tuple[str, ...]) -> dict[int, float | None]:
    """Read what each hopper should still hold, in mg, or raise ValueError.

    >>> decode_hoppers(("25000000", "?"))
    {1: 25000.0, 2: None}
    """
    return {number: decode_mass_mg(word) for number, word in enumerate(words, start=1)}


def decode_state(words: tuple[str, ...], remaining_mg: dict[int, float | None]) -> PowderDoserState:
    """Read the answer to `STATE`, or raise ValueError; what is left in the hoppers comes from `HOPPERS`.

    >>> said = "3 idle closed yes 16112300 18 2 500000 5000 no-flow 312300".split()
    >>> state = decode_state(tuple(said), {2: None})
    >>> state.dose, state.dispensed_mg, state.fault
    (18, 312.3, 'nothing falls any more: hopper 2 is empty or clogged')
    """
    require_words(words, 11, {2: DOOR_IS_OPEN, 3: FLAGS, 9: ENDINGS}, "a powder doser's state")
    boots, _, door, vessel, load, dose, hopper, target, tolerance, ending, dosed = words
    fault = FAULTS.get(ending)
    return PowderDoserState(
        dose=int(dose),
        ending=cast(DoseEnding, ending),
        hopper=int(hopper),
        target_mg=int(target) / 1000,
        tolerance_mg=int(tolerance) / 1000,
        dispensed_mg=decode_mass_mg(dosed),
        remaining_mg=remaining_mg,
        load_mg=int(load) / 1000,
        has_vessel=FLAGS[vessel],
        door_is_open=DOOR_IS_OPEN[door],
        boots=int(boots),
        fault=fault and fault.format(hopper=hopper),
    )
