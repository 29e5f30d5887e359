"""Tasks that take longer than they should, and tasks that cannot wait long."""

from collections.abc import Iterable, Iterator

from planning.schedule import Dispatcher, Slot
from planning.task import Task

LATE_SHARE, LATE_S = 0.5, 120.0
"""A task is late when it takes half as long again as it should, and two minutes."""
PATIENT = frozenset({"ask"})
"""A person takes the time that a person takes; reminders see to that."""


class Alarms:
    """Tells of each task that is late, and of each longest lag that a pause may break, once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def late(self, running: Iterable[Slot], now_s: float) -> Iterator[tuple[Slot, str]]:
        """The tasks that have become late since this was asked last, each with a sentence."""
        for slot in running:
            task, expected_s, so_far_s = slot.task, slot.end_s - slot.start_s, now_s - slot.start_s
            is_late = so_far_s > (1 + LATE_SHARE) * expected_s + LATE_S and task.skill not in PATIENT
            if is_late and task.id not in self._told:
                self._told.add(task.id)
                yield slot, f"{task.id} takes {so_far_s / 60:.0f} min, {expected_s / 60:.0f} min were expected"

    def hold_limits(self, dispatcher: Dispatcher, now_s: float) -> Iterator[tuple[Task, float]]:
        """The waiting tasks whose longest lag runs, each with how many seconds are left."""
        for task in dispatcher.waiting.values():
            ends_s = [dispatcher.done_s[name] + s for name, s in task.within_s.items() if name in dispatcher.done_s]
            if ends_s and f"hold {task.id}" not in self._told:
                self._told.add(f"hold {task.id}")
                yield task, max(min(ends_s) - now_s, 0.0)
