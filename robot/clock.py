"""Time, passed in. The only module that imports `time`, so that a day of annealing can replay in a second."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Bench time: what durations, deadlines and journals are counted in."""

    speed: float
    """Bench seconds per second of the event loop that waits for them: 1 on a real bench."""

    def now_s(self) -> float:
        """Seconds since the clock's epoch; never goes back."""

    def date(self) -> datetime:
        """The same instant as a date with time zone, for people and records."""


class WallClock:
    """Bench time that follows the wall clock, `speed` times as fast since `epoch_s` (POSIX seconds).

    Two processes that share `epoch_s` and `speed` share one bench time.
    """

    def __init__(self, speed: float = 1.0, epoch_s: float | None = None) -> None:
        self.speed = speed
        self.epoch_s = time.time() if epoch_s is None else epoch_s
        self._offset_s = self.epoch_s - time.time() + time.monotonic()

    def now_s(self) -> float:
        """Seconds of bench time since the epoch; monotonic within one process."""
        return (time.monotonic() - self._offset_s) * self.speed

    def date(self) -> datetime:
        """The bench's date; at `speed` 1 the date on the wall."""
        return datetime.fromtimestamp(self.epoch_s, UTC) + timedelta(seconds=self.now_s())


def wall_s() -> float:
    """Seconds on the wall's monotonic clock, for time-outs of real bytes and for measuring our own speed."""
    return time.monotonic()
