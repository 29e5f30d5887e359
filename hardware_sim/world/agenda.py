"""What will happen by itself, and when: the world is moved on only when somebody touches it."""

from collections.abc import Callable
from heapq import heappop, heappush


class Event:
    """Something due; `cancel` it and nothing happens."""

    __slots__ = ("_act",)

    def __init__(self, act: Callable[[], None]) -> None:
        self._act: Callable[[], None] | None = act

    def cancel(self) -> None:
        """Let it not happen; of no consequence once it has."""
        self._act = None

    def happen(self) -> None:
        """Do it, unless cancelled."""
        if self._act is not None:
            self._act()


class Agenda:
    """Events in order of time; at one instant by owner, so that the order of requests to two devices is no matter."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str, int, Event]] = []
        self._count = 0

    def at(self, t_s: float, owner: str, act: Callable[[], None]) -> Event:
        """Plan `act` for the instant `t_s`."""
        event = Event(act)
        self._count += 1
        heappush(self._heap, (t_s, owner, self._count, event))
        return event

    def pop_due(self, t_s: float) -> tuple[float, Event] | None:
        """Take out the next event up to `t_s`, with its instant."""
        if not self._heap or self._heap[0][0] > t_s:
            return None
        due_s, _, _, event = heappop(self._heap)
        return due_s, event
