"""Whoever proposes points in benchmarks/designers.py: our designer, or a peer in a process of its own."""

import json
import os
import subprocess
import sys
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from designer_peers import PEERS
from designer_pools import Pool
from stopwatch import cpu_s

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = Path(os.environ.get("ATHANOR_PEERS", ROOT / ".peers"))
ELSEWHERE = {"baybe", "ax", "physbo", "skopt"}
"""Peers that need an environment of their own; all of them need seconds for a suggestion."""

FIRST = 2
"""Points at random before a campaign begins."""

Point = int | list[float]
Value = float | list[float]


class Asked(Protocol):
    """Whoever proposes points."""

    @property
    def version(self) -> str:
        """Of the package that proposes."""

    def ask(self, pending: list[Point]) -> tuple[Point, float]:
        """A point, and the processor time that it took, in seconds."""

    def tell(self, point: Point, value: Value) -> None:
        """Learn a value; of several objectives, several."""


class Ours:
    """`planning.design.Designer` with its defaults, or with a strategy: `athanor` or `athanor:log_ei`."""

    def __init__(self, who: str, pool: Pool | None, dimension: int, seed: int) -> None:
        from planning.design import Designer, Objective, Space

        self.version = f"athanor {version('athanor')}"
        self.pool = pool
        self.names = list(pool.points[0]) if pool else [f"x{number}" for number in range(dimension)]
        self.index = {tuple(point.values()): number for number, point in enumerate(pool.points if pool else [])}
        self.goals = ["y"] if pool is None or pool.truth.ndim == 1 else [f"y{n}" for n in range(pool.truth.shape[1])]
        space = (
            Space.from_pool(pool.points, descriptors=pool.descriptors)
            if pool
            else Space(dict.fromkeys(self.names, (0.0, 1.0)))
        )
        goals, strategy = [Objective(name) for name in self.goals], who.partition(":")[2] or "auto"
        self.designer = Designer(space, goals, strategy, seed, initial=FIRST)

    def _named(self, point: Any) -> dict[str, Any]:
        return self.pool.points[point] if self.pool else dict(zip(self.names, point, strict=True))

    def ask(self, pending: list[Point]) -> tuple[Point, float]:
        """See `Asked`."""
        start_s = cpu_s()
        (suggestion,) = self.designer.ask(1, [self._named(point) for point in pending])
        taken_s = cpu_s() - start_s
        values = tuple(suggestion.point[name] for name in self.names)
        return (self.index[values] if self.pool else list(values)), taken_s

    def tell(self, point: Point, value: Value) -> None:
        """See `Asked`."""
        from planning.design import Observation

        values = value if isinstance(value, list) else [value]
        self.designer.tell([Observation(self._named(point), dict(zip(self.goals, values, strict=True)))])


class Worker:
    """The process of a peer, in its own environment; it ends when nobody can ask it any more."""

    def __init__(self, who: str) -> None:
        command = [str(python_of(who)), str(ROOT / "benchmarks/designer_worker.py"), who]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def exchange(self, line: dict[str, Any]) -> dict[str, Any]:
        """A question and its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker of {self.process.args!r} ended")
        return dict(json.loads(answer))


@cache
def worker_of(who: str) -> Worker:
    """One for all campaigns: to import what peers are made of takes longer than many a campaign."""
    return Worker(who)


class Elsewhere:
    """A peer in a process, and perhaps an environment, of its own."""

    def __init__(self, who: str, pool: Pool | None, dimension: int, seed: int) -> None:
        self.worker = worker_of(who)
        known: dict[str, Any] = {"pool": None, "table": None}
        if pool:
            table = {"points": pool.points, "descriptors": pool.descriptors}
            known = {"pool": pool.rows.tolist(), "table": table}
        self.begin = {**known, "dimension": dimension, "seed": seed}
        self.told: list[tuple[Point, Value]] = []

    @cached_property
    def version(self) -> str:
        """Of its packages; the first question begins the campaign with what was told so far."""
        points, values = [list(side) for side in zip(*self.told, strict=True)]
        return str(self.worker.exchange({"begin": self.begin | {"points": points, "values": values}})["version"])

    def ask(self, pending: list[Point]) -> tuple[Point, float]:
        """See `Asked`."""
        assert self.version
        answer = self.worker.exchange({"ask": pending})
        return answer["point"], float(answer["cpu_s"])

    def tell(self, point: Point, value: Value) -> None:
        """See `Asked`."""
        self.told.append((point, value))
        if "version" in self.__dict__:
            self.worker.exchange({"tell": [point, value]})


def python_of(who: str) -> Path:
    """The Python that runs a peer."""
    return ENVIRONMENTS / f"designers_{who}" / "bin" / "python" if who in ELSEWHERE else Path(sys.executable)


def make(who: str, pool: Pool | None, dimension: int, seed: int) -> Ours | Elsewhere:
    """Whoever is asked.

    Raises:
        ValueError: nobody is called so.
    """
    if who.partition(":")[0] == "athanor":
        return Ours(who, pool, dimension, seed)
    if who not in PEERS:
        raise ValueError(f"nobody is called {who!r}; there are athanor, athanor:STRATEGY, {', '.join(PEERS)}")
    return Elsewhere(who, pool, dimension, seed)
