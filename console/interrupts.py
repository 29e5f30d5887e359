"""Ctrl-C: once to stop safely, twice to make safe at once. SIGTERM makes safe at once."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def from_any_thread(stop: Callable[[str], None], make_safe_now: Callable[[], None]) -> Callable[[str], None]:
    """What any thread may call, with the reason, to end at once the run that this thread's event loop conducts."""
    loop = asyncio.get_running_loop()

    def end(why: str) -> None:
        loop.call_soon_threadsafe(stop, why)
        loop.call_soon_threadsafe(make_safe_now)

    return end


@contextmanager
def on_interrupt(stop: Callable[[str], None], make_safe_now: Callable[[], None]) -> Iterator[None]:
    """While inside, let SIGINT and SIGTERM stop the run that this thread's event loop conducts."""
    loop = asyncio.get_running_loop()
    count = 0

    def interrupted(number: int, _frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        loop.call_soon_threadsafe(stop, f"interrupted by {signal.Signals(number).name}")
        if count > 1 or number == signal.SIGTERM:
            loop.call_soon_threadsafe(make_safe_now)

    before = {number: signal.signal(number, interrupted) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
