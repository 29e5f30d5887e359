"""The control loop inside a furnace controller, one step a second (real ones: 0.1 to 0.25 s, assumed not to matter for
an oven this slow). The cut-back rule is assumed.
"""

from dataclasses import dataclass

from hardware_sim.world.oven_kinds import Tuning

HASTY_INTEGRAL_S = 20.0  # of a loop that somebody tuned badly: it swings by 35 °C


@dataclass
class Loop:
    """Proportional, integral and derivative action, with cut-back far from the setpoint."""

    tuning: Tuning
    integral: float = 0.0
    is_badly_tuned: bool = False
    """Integral action alone is left beside the proportional one, too hasty, and winds up."""
    _last_error_c: float | None = None

    def output(self, setpoint_c: float, sensed_c: float) -> float:
        """Share of power for the next second."""
        tuning, error_c = self.tuning, setpoint_c - sensed_c
        closing_c_per_s = 0.0 if self._last_error_c is None else self._last_error_c - error_c
        self._last_error_c = error_c
        if self.is_badly_tuned:
            self.integral += error_c / tuning.band_c / HASTY_INTEGRAL_S
            return min(max(error_c / tuning.band_c + self.integral, 0.0), 1.0)
        if abs(error_c) > tuning.cut_back_c:
            self.integral = 0.0
            return 1.0 if error_c > 0 else 0.0
        wanted = (error_c - tuning.derivative_s * closing_c_per_s) / tuning.band_c + self.integral
        given = min(max(wanted, 0.0), 1.0)
        if given == wanted or (wanted - given) * error_c < 0:  # do not wind up against a limit
            self.integral += error_c / tuning.band_c / tuning.integral_s
        return given

    def rest(self) -> None:
        """Forget everything: the next reading starts afresh."""
        self.integral, self._last_error_c = 0.0, None


def toward(value: float, target: float, step: float) -> float:
    """Go from `value` to `target`, by `step` at most.

    >>> toward(20.0, 21.0, step=0.25)
    20.25
    """
    return target if abs(target - value) <= step else value + (step if target > value else -step)
