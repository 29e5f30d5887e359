"""A task: one step of a protocol, or part of one, bound to devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """One step, or part of one, bound to devices.

    `uses` are devices busy while it runs. A task that `takes` a resource (a site, a soiled pipette, a furnace) holds it
    for its sample until a task of the same sample `frees` it; what is `shared` is held in the name of the `batch`.
    `within_s` is the longest time after the end of any of `after_lag` at which it may start.
    """

    id: str
    samples: tuple[str, ...]
    step: str
    skill: str
    arguments: Mapping[str, Any]
    uses: frozenset[str]
    after: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    frees: frozenset[str] = frozenset()
    batch: str = ""
    shared: frozenset[str] = frozenset()
    within_s: float | None = None
    after_lag: tuple[str, ...] = ()

    def owner_of(self, resource: str) -> str:
        """In whose name this task holds a resource: several samples of one owner may hold it at once."""
        return self.batch if resource in self.shared else self.samples[0]
