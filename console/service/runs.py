"""The runs in a folder, by name; and the files that lie in one run's folder. Nothing outside can be named."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.engine import conductor
from console.service.following import Following
from console.service.record import Record
from console.service.views import RunBrief
from planning.errors import Refused
from planning.journal.evidence import is_name, path_of

MOST_OPEN = 8
"""So many runs are kept at hand; who was asked after longest ago is read anew."""


class NotThere(Refused):
    """What is asked after does not exist."""


class Runs:
    """The folders of runs below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._following: OrderedDict[str, Following] = OrderedDict()
        self._lines: dict[str, Following] = {}
        """Runs of which nobody wants more than a line."""

    def names(self) -> list[str]:
        """The names of all runs, the newest first."""
        found = list(self.root.glob("*/run.json"))
        return [path.parent.name for path in sorted(found, key=lambda path: -path.stat().st_mtime)]

    def path(self, name: str) -> Path:
        """The folder of a run; raise NotThere if there is none."""
        if name not in self.names():
            raise NotThere(f"no run is called {name!r}", "GET /api/v1/runs names those that there are")
        return self.root / name

    def following(self, name: str) -> Following:
        """The run of this name; raise NotThere if there is none."""
        path = self.path(name)
        with self._lock:
            found = self._following.setdefault(name, Following(path))
            self._following.move_to_end(name)
            old = self._following.popitem(last=False)[1] if len(self._following) > MOST_OPEN else None
        if old is not None:
            old.close()
        return found

    @contextmanager
    def record(self, name: str) -> Iterator[tuple[Record, float]]:
        """What a run's journal says at this moment, and its bench time."""
        following = self.following(name)
        with following.record() as record:
            yield record, following.now_s(record)

    def briefs(self) -> list[RunBrief]:
        """How all runs stand."""
        with self._lock:
            open_ones = dict(self._following)
            lines = {name: self._lines.setdefault(name, Following(self.root / name)) for name in self.names()}
        return [(open_ones.get(name) or line).brief() for name, line in lines.items()]

    def live(self) -> list[str]:
        """The runs that an engine conducts just now."""
        return [name for name in self.names() if conductor(self.root / name) is not None]

    def evidence(self, name: str, file: str) -> Path:
        """A picture or a pattern of a run.

        Raises:
            NotThere: no such file was kept, or that is no name of one.
        """
        folder = self.path(name)
        path = folder / path_of(file) if is_name(file) else folder / "nothing"
        if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
            raise NotThere("no such picture or pattern was kept", "Take its name from an event")
        return path
