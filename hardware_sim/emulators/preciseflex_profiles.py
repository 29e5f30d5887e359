"""Motion profiles of a PreciseFlex: twenty of them, each with eight parts in percent, seconds and switches."""

from hardware_sim.emulators.preciseflex_server import Refusal

COUNT = 20
SPEED, ACCELERATION, STRAIGHT = 0, 2, 7
AT_POWER_UP = (50.0, 0.0, 100.0, 100.0, 0.0, 0.0, 10.0, 0.0)
SLOWEST_PERCENT = 0.1


class Profiles:
    """Told and set by number, from 1."""

    def __init__(self) -> None:
        self._parts = {number: list(AT_POWER_UP) for number in range(1, COUNT + 1)}

    def limits(self, number: int) -> tuple[float, float]:
        """Speed and acceleration, as fractions of the full ones."""
        parts = self._of([number])
        return max(parts[SPEED], SLOWEST_PERCENT) / 100, max(parts[ACCELERATION], SLOWEST_PERCENT) / 100

    def whole(self, numbers: list[float]) -> str:
        """Set a whole profile, or tell it."""
        parts = self._of(numbers)
        if len(numbers) == 1 + len(parts):
            parts[:] = numbers[1:]
            return ""
        return " ".join(f"{value:g}" for value in (numbers[0], *parts))

    def part(self, numbers: list[float], part: int) -> str:
        """Set one part of a profile, or tell it."""
        parts = self._of(numbers)
        if len(numbers) > 1:
            parts[part] = numbers[1]
            return ""
        return f"{numbers[0]:g} {parts[part]:g}"

    def _of(self, numbers: "list[float] | list[int]") -> list[float]:
        if not numbers or numbers[0] not in self._parts:
            raise Refusal(-2815)
        return self._parts[int(numbers[0])]
