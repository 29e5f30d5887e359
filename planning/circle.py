"""Tasks that wait for each other for ever: which, for what, and what to do about it."""

from collections.abc import Container, Mapping, Sequence

from planning.errors import Refused
from planning.task import Task


class Circle(Refused):
    """Tasks that can never start; `step` is what the first of them is part of."""

    def __init__(self, step: str, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.step = step


def circle_of(
    waiting: Sequence[Task], held: Mapping[str, str], done: Container[str], tasks_of: Mapping[str, Sequence[Task]]
) -> Circle:
    """Why none of the waiting tasks can ever start.

    Args:
        waiting: one or more.
        held: for each place, the sample that holds it.
        done: the names of tasks that are done.
        tasks_of: by sample all its tasks.
    """
    for task in waiting:
        for place in sorted(task.takes):
            holder = held.get(place, task.samples[0])
            if holder not in task.samples and all(earlier in done for earlier in task.after):
                taker = next(each for each in reversed(tasks_of[holder]) if place in each.takes)
                what = (f"step {task.step} of {task.samples[0]} waits for {place} for ever, in a circle: "
                        f"{holder} holds it since its step {taker.step}")  # fmt: skip
                remedy = f"Free {place} after step {taker.step}: add a discard, a move or a wash"
                return Circle(task.step, what, remedy)
    steps = list(dict.fromkeys(task.step for task in waiting))
    what = f"the steps {', '.join(steps[:4])} wait for each other in a circle"
    return Circle(steps[0], what, "Let one of them wait for fewer others: mend `after`")
