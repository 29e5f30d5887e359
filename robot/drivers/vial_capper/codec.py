"""Words of the vial capper. Pure: nothing here opens, waits or logs.

Source: docs/protocols/vial_capper.md; lines are those of `robot.drivers.numbered_lines`. Torques travel in
millinewton metres.
"""

from dataclasses import dataclass
from typing import cast, get_args

from robot.drivers.numbered_lines import Refusal
from robot.drivers.open_protocols import FLAGS, STATION_REFUSALS, decode_figures, require_words
from robot.interfaces import CapperState, CappingEnding, CappingTask, VesselOnCapper

WHO, STATE, STOP, CAP, UNCAP = "WHO", "STATE", "STOP", "CAP", "UNCAP"
PROTOCOL = ("vial-capper", "1")
TASKS, ENDINGS, VESSELS = get_args(CappingTask), get_args(CappingEnding), get_args(VesselOnCapper)
LEAST_MNM = 50.0

REFUSALS = {
    **STATION_REFUSALS,
    13: Refusal("no vessel stands on its place", "Put one there"),
    14: Refusal("the vessel wears a cap already", "Take it off first, or leave the step out"),
    15: Refusal("the vessel wears no cap", "Leave the step out"),
    16: Refusal("its magazine is empty", "Fill it, and say in lab.yaml how many caps lie there"),
}
FAULTS = {
    "slipped": "the cap turned without becoming tight, and was taken off again",
    "stuck": "the cap did not come off with all its torque",
    "no-cap": "no cap came out of its magazine",
    "no-vessel": "the vessel was taken away meanwhile",
    "power": "it was without power meanwhile: a cap may sit loosely",
}


@dataclass(frozen=True)
class Introduction:
    """Who answers, and what it can do."""

    serial_number: str
    firmware: str
    max_torque_mnm: float


def decode_introduction(words: tuple[str, ...]) -> Introduction:
    """Read the answer to `WHO`, or raise ValueError.

    >>> decode_introduction(("vial-capper", "1", "VC-0001", "1.0", "2000"))
    Introduction(serial_number='VC-0001', firmware='1.0', max_torque_mnm=2000.0)
    """
    serial_number, firmware, strongest_mnm = decode_figures(words, PROTOCOL, count=3)
    return Introduction(serial_number, firmware, float(int(strongest_mnm)))


def decode_state(words: tuple[str, ...]) -> CapperState:
    """Read the answer to `STATE`, or raise ValueError.

    >>> state = decode_state(tuple("2 idle open yes 7 cap 800 slipped 210".split()))
    >>> state.order, state.vessel, state.torque_mnm, state.reached_mnm
    (7, 'open', 800.0, 210.0)
    """
    require_words(words, 9, {2: VESSELS, 3: FLAGS, 5: TASKS, 7: ENDINGS}, "a vial capper's state")
    boots, _, vessel, caps, order, task, torque, ending, reached = words
    return CapperState(
        order=int(order),
        task=cast(CappingTask, task),
        ending=cast(CappingEnding, ending),
        torque_mnm=float(int(torque)),
        reached_mnm=float(int(reached)),
        vessel=cast(VesselOnCapper, vessel),
        has_caps=FLAGS[caps],
        boots=int(boots),
        fault=FAULTS.get(ending),
    )
