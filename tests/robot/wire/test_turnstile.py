from collections.abc import Callable
from threading import Event, Thread

import pytest

from robot.wire.turnstile import Turnstile, urgent

LONG_ENOUGH_S = 10.0


class Queue:
    """Threads that come to a turnstile one after the other, and the order in which they pass."""

    def __init__(self) -> None:
        self.turnstile = Turnstile()
        self.passed: list[str] = []
        self._threads: list[Thread] = []

    def come(self, name: str, how: Callable[[], None]) -> None:
        """Let somebody join; return once he waits."""
        before = self.turnstile.waiting
        thread = Thread(target=how, args=(), daemon=True, name=name)
        self._threads.append(thread)
        thread.start()
        while self.turnstile.waiting == before:
            assert thread.is_alive()

    def walk(self, name: str) -> Callable[[], None]:
        def go() -> None:
            with self.turnstile:
                self.passed.append(name)

        return go

    def run(self, name: str) -> Callable[[], None]:
        return urgent()(self.walk(name))

    def join(self) -> list[str]:
        for thread in self._threads:
            thread.join(LONG_ENOUGH_S)
        return self.passed


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_all_pass_in_the_order_in_which_they_came(queue: Queue) -> None:
    with queue.turnstile:
        for name in ("one", "two", "three"):
            queue.come(name, queue.walk(name))

    assert queue.join() == ["one", "two", "three"]


def test_who_is_in_a_hurry_goes_first(queue: Queue) -> None:
    with queue.turnstile:
        queue.come("poll", queue.walk("poll"))
        queue.come("poll again", queue.walk("poll again"))
        queue.come("stop", queue.run("stop"))
        queue.come("stop too", queue.run("stop too"))

    assert queue.join() == ["stop", "stop too", "poll", "poll again"]


def test_its_holder_may_enter_again(queue: Queue) -> None:
    with queue.turnstile, queue.turnstile:
        queue.come("later", queue.walk("later"))
        queue.walk("holder")()

    assert queue.join() == ["holder", "later"]


def test_who_comes_back_at_once_does_not_starve_those_who_wait(queue: Queue) -> None:
    may_go = Event()

    def greedy() -> None:
        with queue.turnstile:
            may_go.wait(LONG_ENOUGH_S)
        queue.walk("greedy again")()

    thread = Thread(target=greedy, daemon=True)
    thread.start()
    while not queue.turnstile.is_held:
        assert thread.is_alive()
    queue.come("patient", queue.walk("patient"))
    may_go.set()
    thread.join(LONG_ENOUGH_S)

    assert queue.join() == ["patient", "greedy again"]


def test_an_error_inside_lets_the_next_one_in(queue: Queue) -> None:
    with pytest.raises(ZeroDivisionError), queue.turnstile:
        raise ZeroDivisionError

    queue.walk("next")()

    assert queue.passed == ["next"]
