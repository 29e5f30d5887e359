"""A task: one step of a protocol, or part of one, bound to devices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planning.inventory import Standing


@dataclass(frozen=True)
class Task:
    """One step, or part of one, bound to devices.

    `uses` are devices busy while it runs. A task that `takes` a place, or soils a pipette, holds it for its sample until
    a task of the same sample `frees` it. `within_s` are the longest times after the ends of earlier tasks at which it
    may start. As long as there are `choices`, the task stands for any of them: which one is decided when it starts.
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
    within_s: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[str, tuple[Standing, ...]] = field(default_factory=dict)
    """Among which places, by what the sample's stay there is called."""
    parts: tuple[str, ...] = ()
    """Of a task of several samples: what each of them calls it."""

    def own_id(self, sample: str) -> str:
        """What one of its samples calls it."""
        return self.parts[self.samples.index(sample)] if self.parts else self.id
