"""Samples that arrive together share a furnace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, product
from string import ascii_lowercase

from planning.task import Task


def join_batches(tasks_of: Sequence[list[Task]], batch: str, capacity: int) -> list[Task]:
    """Let samples that arrive together share a furnace: heats with the same programme become one task.

    `tasks_of` holds one list a sample; the heats of one step that agree are joined, `capacity` at most at a time. The
    loads and unloads then hold the furnace in the batch's name, each sample on a place of its own. A batch's samples
    come one after the other, or one of another batch could stand in their way while it waits for their furnace.
    """
    alike: dict[tuple[str, str], list[Task]] = {}
    for task in chain.from_iterable(tasks_of):
        if task.skill == "heat":
            alike.setdefault((task.step, repr(sorted(task.arguments.items()))), []).append(task)
    groups = [heats[start : start + capacity] for heats in alike.values() for start in range(0, len(heats), capacity)]
    owners: dict[tuple[str, ...], str] = {}
    letters = iter(_letters())
    joined: dict[str, tuple[Task, int]] = {}
    for members in groups:
        samples = tuple(task.samples[0] for task in members)
        if samples not in owners:  # samples that are heated together again stay one batch
            owners[samples] = f"{batch}{next(letters)}"
        heat = _joined(members, owners[samples])
        joined |= {member.id: (heat, place) for place, member in enumerate(members)}
    result: dict[str, Task] = {}
    for tasks in sorted(tasks_of, key=lambda tasks: _turn(tasks, joined)):
        shared = next((joined[task.id] for task in tasks if task.id in joined), None)
        for task in tasks:
            if task.id in joined:
                result.setdefault(joined[task.id][0].id, joined[task.id][0])
            else:
                result[task.id] = _in_batch(task, *shared) if shared else task

    def known(names: Iterable[str]) -> tuple[str, ...]:
        """Tasks by the name that they have now; those that became one stand once."""
        return tuple(dict.fromkeys(joined[name][0].id if name in joined else name for name in names))

    return [replace(task, after=known(task.after), after_lag=known(task.after_lag)) for task in result.values()]


def _turn(tasks: Sequence[Task], joined: Mapping[str, tuple[Task, int]]) -> int:
    """A sample's turn: that of its first batch; `joined` is in the order of batches."""
    order = {name: turn for turn, name in enumerate(joined)}
    return min((order[task.id] for task in tasks if task.id in order), default=len(order))


def _letters() -> Iterable[str]:
    return ("".join(letters) for length in count(1) for letters in product(ascii_lowercase, repeat=length))


def _joined(members: Sequence[Task], batch: str) -> Task:
    """One heat for all of these."""
    return replace(
        members[0],
        id=f"{batch}.{members[0].step}",
        samples=tuple(task.samples[0] for task in members),
        after=tuple(earlier for task in members for earlier in task.after),
        after_lag=tuple(earlier for task in members for earlier in task.after_lag),
        batch=batch,
        shared=members[0].uses,
    )


def _in_batch(task: Task, heat: Task, place: int) -> Task:
    """Let a load or unload of the heat's furnace hold it in the batch's name, at this sample's own place."""
    shared = heat.uses & (task.takes | task.frees)
    if not shared:
        return task
    end = "to" if shared & task.takes else "source"
    arguments = {**task.arguments, end: [task.arguments[end][0], place]}
    return replace(task, batch=heat.batch, shared=shared, arguments=arguments)
