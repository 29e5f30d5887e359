"""GRBL's planner: straight blocks, one after the other, each from rest to rest (real ones blend their corners: assumed)."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import hypot, inf

from hardware_sim.world.agenda import Event
from hardware_sim.world.tool import Carriage
from hardware_sim.world.world import World
from robot.geometry import BenchPoint

BLOCKS = 15  # as `[OPT:V,15,128]` says

Place = tuple[float, float, float]


@dataclass(frozen=True)
class Block:
    """One straight move to a place of the machine."""

    to: Place
    feed_mm_per_s: float
    is_jog: bool


class Planner:
    """Blocks under way. `zero` is where the machine believes its 0 to be, on the bench."""

    def __init__(self, name: str, world: World, tool: Carriage, when_done: Callable[[], None]) -> None:
        self.zero: Place = _place(tool.believed)
        self.is_held = False
        self.current: Block | None = None
        self._name, self._world, self._tool, self._when_done = name, world, tool, when_done
        self._waiting: deque[Block] = deque()
        self._due: Event | None = None

    @property
    def is_full(self) -> bool:
        """Would one more block have to wait outside?"""
        return len(self._waiting) >= BLOCKS

    @property
    def is_empty(self) -> bool:
        """Has everything been done?"""
        return self.current is None

    def here(self) -> Place:
        """Where the machine believes its tool to be."""
        return _shifted(_place(self._tool.believed), self.zero, -1)

    def end(self) -> Place:
        """Where the tool will be when all blocks are done."""
        last = self._waiting[-1] if self._waiting else self.current
        return self.here() if last is None else last.to

    def add(self, block: Block, rates_mm_per_s: Sequence[float], accelerations_mm_per_s2: Sequence[float]) -> None:
        """Plan a block; it begins at once if nothing else is under way."""
        self._rates, self._accelerations = rates_mm_per_s, accelerations_mm_per_s2
        self._waiting.append(block)
        if self.current is None:
            self._begin_next()

    def hold(self) -> None:
        """Come to rest (at once: assumed) and remember where to go."""
        if self.current is not None and not self.is_held:
            self._stop()
            self.is_held = True

    def resume(self) -> None:
        """Go on after a hold."""
        if self.is_held and self.current is not None:
            self.is_held = False
            self._set_out(self.current)

    def clear(self) -> None:
        """Come to rest and forget everything."""
        self._stop()
        self._waiting.clear()
        self.current, self.is_held = None, False

    def forget(self) -> None:
        """Come to rest, and take this place to be the machine's 0."""
        self.clear()
        self._tool.find_home()
        self.zero = _place(self._tool.position)

    def set_out(self, to: Place, speed_mm_per_s: float, acceleration_mm_per_s2: float) -> float:
        """Move the tool outside the plan, as homing does; return the instant of arrival."""
        target = BenchPoint(*_shifted(to, self.zero, 1))
        return self._tool.start_move(target, speed_mm_per_s, acceleration_mm_per_s2)

    def _begin_next(self) -> None:
        self.current = self._waiting.popleft() if self._waiting else None
        if self.current is not None:
            self._set_out(self.current)

    def _set_out(self, block: Block) -> None:
        way = _shifted(block.to, self.here(), -1)
        shares = [abs(part) / (hypot(*way) or 1.0) for part in way]
        speed = min(block.feed_mm_per_s, _along(shares, self._rates))
        arrives_s = self.set_out(block.to, speed, _along(shares, self._accelerations))
        self._due = self._world.agenda.at(arrives_s, self._name, self._arrive)

    def _arrive(self) -> None:
        self._begin_next()
        self._when_done()

    def _stop(self) -> None:
        self._tool.stop()
        if self._due is not None:
            self._due.cancel()


def _along(shares: Sequence[float], limits: Sequence[float]) -> float:
    """What may be had along a direction without asking more of any axis than its limit."""
    return min((limit / share for share, limit in zip(shares, limits, strict=True) if share > 1e-9), default=inf)


def _place(point: BenchPoint) -> Place:
    return point.x_mm, point.y_mm, point.z_mm


def _shifted(place: Place, by: Place, sign: int) -> Place:
    x_mm, y_mm, z_mm = (a + sign * b for a, b in zip(place, by, strict=True))
    return x_mm, y_mm, z_mm
