"""Heats of several samples that share an oven: one task made of what each of them calls its own."""

from collections.abc import Container, Sequence
from dataclasses import replace

from planning.task import Task


def joint(parts: Sequence[Task]) -> Task:
    """One task for all; of one part, that part."""
    return replace(
        parts[0],
        samples=tuple(part.samples[0] for part in parts),
        parts=tuple(part.id for part in parts) if len(parts) > 1 else (),
        after=tuple(earlier for part in parts for earlier in part.after),
        within_s={earlier: longest_s for part in parts for earlier, longest_s in part.within_s.items()},
    )


def next_heat(tasks: Sequence[Task], heat: Task, waiting: Container[str]) -> Task | None:
    """The next heat among one sample's tasks that is in the same oven, if there is one to come."""
    heats = (task for task in tasks if task.id in waiting and task.skill == "heat" and task.uses == heat.uses)
    return next(heats, None)
