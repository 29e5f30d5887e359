"""An oven: an element, a chamber, a thermocouple, a spring flap for a door.

Two lumped nodes and a lag, stepped once a second (explicit Euler; the fastest node has a time constant of 20 s or more).
"""

from array import array
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardware_sim.world.oven_kinds import OVENS, OvenKind

RANGE_END_C = 1372.0  # type K, IEC 60584-1: what an open circuit reads as
REST_C = 0.005  # closer to the room than this is at rest
CUT_OUT_ABOVE_C = 50.0
"""The furnace's own over-temperature trip opens so far above its controller's limit; a welded relay has let go by the
time that the trip closes again (assumed)."""


class Control(Protocol):
    """What sits between the thermocouple and the element."""

    def step(self, sensed_c: float) -> float:
        """One second of control: the thermocouple's reading to the share of power, 0 to 1."""

    @property
    def is_off(self) -> bool:
        """Will it ask for nothing, however long one waits?"""


class NoControl:
    """An oven that nobody drives."""

    is_off = True

    def step(self, sensed_c: float) -> float:
        """No power."""
        return 0.0


@dataclass
class Chamber:
    """Temperatures of the nodes, in °C."""

    kind: OvenKind
    ambient_c: float
    element_c: float
    chamber_c: float
    sensed_c: float
    door_is_open: bool = False

    def step(self, output_fraction: float) -> None:
        """Let one second pass under `output_fraction` of full power."""
        kind, element_c, chamber_c, ambient_c = self.kind, self.element_c, self.chamber_c, self.ambient_c
        element_k2, chamber_k2 = (element_c + 273.15) ** 2, (chamber_c + 273.15) ** 2
        ambient_k2 = (ambient_c + 273.15) ** 2
        exchange_w = kind.exchange_w_per_k * (element_c - chamber_c) + kind.radiation_w_per_k4 * (
            element_k2 * element_k2 - chamber_k2 * chamber_k2
        )
        loss_w = (kind.loss_w_per_k + kind.door_w_per_k * self.door_is_open) * (
            chamber_c - ambient_c
        ) + kind.wall_radiation_w_per_k4 * (chamber_k2 * chamber_k2 - ambient_k2 * ambient_k2)
        self.element_c = element_c + (kind.power_w * output_fraction - exchange_w) / kind.element_j_per_k
        self.chamber_c = chamber_c + (exchange_w - loss_w) / kind.chamber_j_per_k
        self.sensed_c += (chamber_c - self.sensed_c) / kind.thermocouple_lag_s

    @property
    def is_at_rest(self) -> bool:
        """Does nothing change any more while no power comes?"""
        return max(abs(self.element_c - self.ambient_c), abs(self.chamber_c - self.ambient_c),
                   abs(self.sensed_c - self.ambient_c)) < REST_C  # fmt: skip


class Thermocouple(Enum):
    """What a thermocouple may be like."""

    SOUND = "sound"
    BROKEN = "broken"
    FROZEN = "frozen"
    REVERSED = "reversed"


class Oven:
    """A chamber under control, moved on by whole seconds since the clock's epoch when somebody looks.

    Args:
        ambient_c: of the room.
        cut_out_c: where its own trip takes the power away, whatever its controller says.
        kind: what it is made of.
        atmosphere: the gas that it is under.
    """

    def __init__(
        self, ambient_c: float, cut_out_c: float = inf, kind: OvenKind = OVENS["bench"], atmosphere: str = "air"
    ) -> None:
        self.kind = kind
        self.atmosphere = atmosphere
        self.chamber = Chamber(kind, ambient_c, ambient_c, ambient_c, ambient_c)
        self.control: Control = NoControl()
        self.thermocouple = Thermocouple.SOUND
        self.relay_is_stuck = False
        self.power_fraction = 1.0
        """Of a new element's power."""
        self._cut_out_c = cut_out_c
        self._frozen_c = ambient_c
        self._history_c = array("d")  # (seconds since the epoch,) of the chamber

    @property
    def sensor_is_broken(self) -> bool:
        """Is the thermocouple's circuit open?"""
        return self.thermocouple is Thermocouple.BROKEN

    @property
    def sensed_c(self) -> float:
        """What the thermocouple's wires tell."""
        match self.thermocouple:
            case Thermocouple.SOUND:
                return self.chamber.sensed_c
            case Thermocouple.BROKEN:
                return RANGE_END_C
            case Thermocouple.FROZEN:
                return self._frozen_c
            case Thermocouple.REVERSED:  # the cold junction is compensated as ever
                return 2 * self.chamber.ambient_c - self.chamber.sensed_c

    def advance_to(self, t_s: float) -> None:
        """Let all whole seconds up to `t_s` pass."""
        chamber, control, history_c = self.chamber, self.control, self._history_c
        seconds = int(t_s) - len(history_c)
        if seconds > 0 and control.is_off and chamber.is_at_rest and not self.relay_is_stuck:
            history_c.extend([chamber.chamber_c] * seconds)
            return
        is_sound = self.thermocouple is Thermocouple.SOUND
        for _ in range(seconds):
            output = control.step(chamber.sensed_c if is_sound else self.sensed_c)
            chamber.step(self.power_fraction * (1.0 if self.relay_is_stuck else output))
            history_c.append(chamber.chamber_c)
            if chamber.chamber_c > self._cut_out_c:
                self.relay_is_stuck = False

    def set_door(self, t_s: float, is_open: bool) -> None:
        """Push the flap open or let it fall shut."""
        self.advance_to(t_s)
        self.chamber.door_is_open = is_open

    def set_thermocouple(self, t_s: float, thermocouple: Thermocouple) -> None:
        """Break, freeze, reverse or mend the thermocouple."""
        self.advance_to(t_s)
        self._frozen_c = self.sensed_c
        self.thermocouple = thermocouple

    def weld_relay(self, t_s: float) -> None:
        """Let the relay stick: full power, whatever is asked for, until the trip opens."""
        self.advance_to(t_s)
        self.relay_is_stuck = True

    def free_relay(self, t_s: float) -> None:
        """Let it obey again."""
        self.advance_to(t_s)
        self.relay_is_stuck = False

    def set_power(self, t_s: float, fraction: float) -> None:
        """Let the element give this share of a new one's power."""
        self.advance_to(t_s)
        self.power_fraction = fraction

    def temperatures_c(self, since_s: float, until_s: float) -> NDArray[np.float64]:
        """The chamber's temperature in each whole second of a span, (n,)."""
        self.advance_to(until_s)
        return np.array(self._history_c[int(since_s) : int(until_s)])

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        chamber = self.chamber
        return {
            "element_c": chamber.element_c,
            "chamber_c": chamber.chamber_c,
            "sensed_c": self.sensed_c,
            "door_is_open": chamber.door_is_open,
            "sensor_is_broken": self.sensor_is_broken,
            "thermocouple": self.thermocouple.value,
            "relay_is_stuck": self.relay_is_stuck,
            "power_fraction": self.power_fraction,
        }
