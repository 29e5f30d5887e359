"""Sample after sample is set aside: something is wrong that no single failure tells, and a person is to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a check before a run loads no database
    from planning.journal import Event, Journal

IN_A_ROW = 3
"""Setbacks after which a run stops, where no file says otherwise."""


class Patience:
    """Counts setbacks since a sample was last finished, or a person has last looked.

    Samples that one task gives up together, as those in one firing, are one setback.
    """

    def __init__(self, journal: Journal, limit: int) -> None:
        self._journal = journal
        self._limit = limit
        self._tasks: dict[str, None] = {}

    def lose(self, task: str, why: str) -> str:
        """A task has cost its samples; return why nothing more may begin, if that has happened too often."""
        self._journal.write("setback", task=task, durable=True, in_a_row=len(self._tasks.keys() | {task}))
        self._tasks[task] = None
        if len(self._tasks) < self._limit:
            return ""
        return (
            f"{len(self._tasks)} times in a row samples were set aside and none was finished, the last time because {why} "
            "Is the bench in order? Look at it, then resume."
        )

    def regain(self) -> None:
        """A sample was finished."""
        self._tasks.clear()

    def restore(self, event: Event) -> None:
        """Know again what an earlier engine counted; a person has looked after a run has stopped."""
        if event.kind == "setback":
            self._tasks[event.task] = None
        elif event.kind == "run_finished" or (event.kind == "sample_finished" and event.data["status"] == "finished"):
            self.regain()
