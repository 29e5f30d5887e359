"""Bench time that jumps: an event loop sleeps through a 12-hour firing in milliseconds, the same way each time."""

import asyncio
import selectors
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any

EPOCH = datetime(2026, 1, 1, 8, tzinfo=UTC)

Ready = list[tuple[selectors.SelectorKey, int]]


class Deadlock(RuntimeError):
    """Every task waits for another: in a world of one clock, nothing can ever happen again."""


class VirtualClock:
    """Bench time that stands still while code runs; only the event loops made here, or `jump_to`, move it on.

    `pace`: at most so many bench seconds a second on the wall, for those who want to watch; what happens is the same.

    Hand `new_event_loop` to anyio: `anyio.run(main, backend_options={"loop_factory": clock.new_event_loop})`.
    """

    speed = 1.0

    def __init__(self, start_s: float = 0.0, epoch: datetime = EPOCH, pace: float = inf) -> None:
        self._now_s = start_s
        self._epoch = epoch
        self.pace = pace

    def now_s(self) -> float:
        """Seconds since the epoch; never goes back."""
        return self._now_s

    def date(self) -> datetime:
        """The same instant on the bench's calendar."""
        return self._epoch + timedelta(seconds=self._now_s)

    def jump_to(self, t_s: float) -> None:
        """Move on to `t_s`; stay where we are if that has passed."""
        self._now_s = max(self._now_s, t_s)

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """An asyncio loop that lives by this clock: with nothing to do, it jumps to the next timer.

        The loop raises Deadlock when no task is ready and no timer is set. No other thread may serve its tasks: the
        clock would run past them.
        """
        return _VirtualLoop(self)


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, clock: VirtualClock) -> None:
        self._virtual_clock = clock
        super().__init__(_JumpingSelector(clock))

    def time(self) -> float:
        return self._virtual_clock.now_s()


class _JumpingSelector(selectors.BaseSelector):
    """Looks at real files only before it jumps: that is how Ctrl-C gets in."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._files = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> Ready:
        if timeout == 0:
            return []
        ready = self._files.select(0 if timeout is None else timeout / self._clock.pace)
        if ready:
            return ready
        if timeout is None:
            raise Deadlock("no task is ready and no timer is set: the tasks wait for each other for ever")
        self._clock.jump_to(self._clock.now_s() + timeout)
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._files.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._files.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._files.get_map()

    def close(self) -> None:
        self._files.close()
