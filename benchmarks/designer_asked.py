"""Whoever proposes points in benchmarks/designers.py: our designer, or a peer in a process of its own."""

import json
import os
import resource
import subprocess
import sys
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from designer_problems import Array

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = Path(os.environ.get("ATHANOR_PEERS", ROOT / ".peers"))
HERE = {"botorch_log_ei", "botorch_ucb", "forest", "random"}
FIRST = 2
Point = int | list[float]


class Asked(Protocol):
    """Whoever proposes points."""

    version: str

    def ask(self, pending: list[Point]) -> tuple[Point, float]:
        """A point, and the processor time that it took, in seconds."""

    def tell(self, point: Point, value: float) -> None:
        """Learn a value."""


class Ours:
    """`planning.design.Designer` with its defaults, or with a strategy: `athanor` or `athanor:log_ei`."""

    def __init__(self, who: str, rows: Array | None, dimension: int, seed: int) -> None:
        from planning.design import Designer, Objective, Space

        self.version = f"athanor {version('athanor')}"
        self.names = [f"x{number}" for number in range(dimension)]
        candidates = None if rows is None else [self._point(row) for row in rows]
        self.index = {tuple(point.values()): number for number, point in enumerate(candidates or [])}
        self.rows = rows
        space = Space(dict.fromkeys(self.names, (0.0, 1.0)), pool=candidates)
        self.designer = Designer(space, Objective("y"), who.partition(":")[2] or "auto", seed, initial=FIRST)

    def _point(self, row: Any) -> dict[str, float]:
        return dict(zip(self.names, map(float, row), strict=True))

    def _named(self, point: Point) -> dict[str, float]:
        return self._point(point if self.rows is None else self.rows[point])

    def ask(self, pending: list[Point]) -> tuple[Point, float]:
        """See `Asked`."""
        start_s = cpu_s()
        (suggestion,) = self.designer.ask(1, [self._named(point) for point in pending])
        taken_s = cpu_s() - start_s
        values = tuple(suggestion.point.values())
        return (list(values) if self.rows is None else self.index[values]), taken_s

    def tell(self, point: Point, value: float) -> None:
        """See `Asked`."""
        from planning.design import Observation

        self.designer.tell([Observation(self._named(point), {"y": value})])


class Elsewhere:
    """A peer in a process, and perhaps an environment, of its own."""

    def __init__(self, who: str, rows: Array | None, dimension: int, seed: int) -> None:
        worker = [str(python_of(who)), str(ROOT / "benchmarks/designer_worker.py"), who]
        self.process = subprocess.Popen(
            worker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.begin = {"pool": None if rows is None else rows.tolist(), "dimension": dimension, "seed": seed}
        self.told: list[tuple[Point, float]] = []

    @cached_property
    def version(self) -> str:
        """Of its packages; the first question begins the campaign with what was told so far."""
        points, values = [list(side) for side in zip(*self.told, strict=True)]
        return str(self._exchange({"begin": self.begin | {"points": points, "values": values}})["version"])

    def ask(self, pending: list[Point]) -> tuple[Point, float]:
        """See `Asked`."""
        assert self.version
        answer = self._exchange({"ask": pending})
        return answer["point"], float(answer["cpu_s"])

    def tell(self, point: Point, value: float) -> None:
        """See `Asked`."""
        self.told.append((point, value))
        if "version" in self.__dict__:
            self._exchange({"tell": [point, value]})

    def _exchange(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker of {self.process.args} ended")
        return dict(json.loads(answer))

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def cpu_s() -> float:
    """Seconds of processor time that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def python_of(who: str) -> Path:
    """The Python that runs a peer."""
    return Path(sys.executable) if who in HERE else ENVIRONMENTS / f"designers_{who}" / "bin" / "python"


def make(who: str, rows: Array | None, dimension: int, seed: int) -> Ours | Elsewhere:
    """Whoever is asked."""
    return (Ours if who.startswith("athanor") else Elsewhere)(who, rows, dimension, seed)
