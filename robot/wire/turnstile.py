"""Who is next on a shared line: in order of arrival, but stop commands first."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from heapq import heappop, heappush
from threading import Condition, RLock, get_ident
from types import TracebackType

_is_urgent: ContextVar[bool] = ContextVar("is_urgent", default=False)


@contextmanager
def urgent() -> Iterator[None]:
    """While it lasts, or in what it decorates, this thread's exchanges go before all others that wait for their line."""
    token = _is_urgent.set(True)
    try:
        yield
    finally:
        _is_urgent.reset(token)


class Turnstile:
    """A lock that is fair: nobody who asks again at once can starve those who wait. Its holder may enter again."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._left = Condition(self._lock)
        self._holder: int | None = None
        self._depth = 0
        self._arrivals = 0
        self._waiting: list[tuple[bool, int]] = []  # a heap: the urgent first, then by arrival

    @property
    def is_held(self) -> bool:
        """Is somebody inside?"""
        return self._holder is not None

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def __enter__(self) -> None:
        me = get_ident()
        with self._lock:
            if self._holder != me:
                self._queue()
                self._holder = me
            self._depth += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                self._holder = None
                if self._waiting:
                    self._left.notify_all()

    def _queue(self) -> None:
        if self._holder is None and not self._waiting:
            return
        self._arrivals += 1
        place = (not _is_urgent.get(), self._arrivals)
        heappush(self._waiting, place)
        try:
            self._left.wait_for(lambda: self._holder is None and self._waiting[0] == place)
        except BaseException:
            self._waiting.remove(place)
            self._waiting.sort()
            self._left.notify_all()
            raise
        heappop(self._waiting)
