"""A run that nobody looks at."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from console.compose import Conducted
from planning.journal import Event, Reading


class Unwatched:
    """Shows nothing; somebody may hear of each event all the same."""

    def __init__(self, on_event: Callable[[Event], object] = lambda event: None) -> None:
        self._on_event = on_event

    def event(self, event: Event) -> None:
        """Tell of it."""
        self._on_event(event)

    def reading(self, reading: Reading) -> None:
        """Let it pass."""

    def showing(self, run: Conducted) -> AbstractContextManager[object]:
        """Show nothing."""
        return nullcontext()
