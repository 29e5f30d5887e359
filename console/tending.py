"""What goes on beside a run: people are told, and a file shows that the engine lives."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from pathlib import Path

from console.runfolder import RunFolder, Setup
from planning.journal import Event, Listener, Reading
from planning.notices import Notice
from planning.notifier import Notifier
from robot.clock import wall_s

PULSE = "pulse"
BEAT_S = 10.0
"""How often, at most, an engine shows that it lives."""
COMMIT_S = 1.0
"""How often, at most, what it has written is shown before a command makes it."""


class Pulse:
    """A file whose date says when the engine was last seen to do its work; a lease says only that its process lives.

    `commit` lets those who read the journal meanwhile see what was written: a firing has hours without a command.
    """

    def __init__(self, folder: Path, commit: Callable[[], object] = lambda: None) -> None:
        self._path = folder / PULSE
        self._commit = commit
        self._last_s = self._committed_s = -inf

    def __call__(self) -> None:
        """Show it, unless that was done a moment ago."""
        if wall_s() - self._committed_s >= COMMIT_S:
            self._committed_s = wall_s()
            self._commit()
        if wall_s() - self._last_s >= BEAT_S:
            self._last_s = wall_s()
            self._path.touch()


class Audience:
    """Whoever follows a journal, and those who are told by webhook or command."""

    def __init__(self, watch: Listener, notifier: Notifier) -> None:
        self._watch = watch
        self._notifier = notifier

    def event(self, event: Event) -> None:
        """This was just written."""
        self._watch.event(event)
        self._notifier.event(event)

    def reading(self, reading: Reading) -> None:
        """This was just noted."""
        self._watch.reading(reading)


@contextmanager
def notifying(notices: Sequence[Notice], folder: RunFolder, bench: str, setup: Setup) -> Iterator[Notifier]:
    """Tell people while inside; of a simulated run only those who want to hear of rehearsals."""
    wanted = [notice for notice in notices if setup.wires == "real" or notice.rehearsals]
    notifier = Notifier(wanted, {"bench": bench, "run": folder.path.resolve().name})
    try:
        yield notifier
    finally:
        notifier.close()
