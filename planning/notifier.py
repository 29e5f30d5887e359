"""Tells people of a run in a thread of its own: the run never waits for it, and never fails with it."""

import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from smtplib import SMTPException
from typing import Any

import httpx

from planning.journal import Event
from planning.letters import send_mail, show_on_desktop
from planning.notices import Notice, occasion_of

WITHIN_S = 10.0
"""For one attempt."""
AGAIN_S = (1.0, 5.0, 20.0)
"""Waits before further attempts."""
FAREWELL_S = 30.0
"""How long the end of a run waits for the last words to go out."""


class Notifier:
    """Follows a journal's events; what could not be told is kept for the journal.

    Args:
        about: what stands in each message, such as the bench and the run.
    """

    def __init__(self, notices: Sequence[Notice], about: dict[str, str]) -> None:
        self._notices = notices
        self._about = about
        self._letters: SimpleQueue[tuple[Notice, dict[str, Any]] | None] = SimpleQueue()
        self._failures: SimpleQueue[str] = SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True, name="notifier")
        if notices:
            self._thread.start()

    def event(self, event: Event) -> None:
        """Tell whoever wants to know of this."""
        occasion = occasion_of(event) if self._notices else None
        if occasion is None:
            return
        letter = {**self._about, "event": occasion[0].value, "text": occasion[1], "sample": event.sample,
                  "task": event.task, "bench_time_s": event.time_s}  # fmt: skip
        for notice in self._notices:
            if occasion[0] in notice.of:
                self._letters.put((notice, letter))

    def failures(self) -> list[str]:
        """What could not be told since this was asked last."""
        return [self._failures.get() for _ in range(self._failures.qsize())]

    def close(self, within_s: float = FAREWELL_S) -> None:
        """Let the last words go out, for so long at most."""
        if self._thread.is_alive():
            self._letters.put(None)
            self._thread.join(within_s)
            self._over.set()

    def _work(self) -> None:
        while (each := self._letters.get()) is not None:
            why = self._deliver(*each)
            if why:
                self._failures.put(f"{each[0]} was not told of '{each[1]['event']}': {why}")

    def _deliver(self, notice: Notice, letter: dict[str, Any]) -> str:
        """Try until it is told; return why it could not be. Nothing secret is in it."""
        why = ""
        for wait_s in (0.0, *AGAIN_S):
            if self._over.wait(wait_s):
                break
            why = _refusal(lambda: _tell(notice, letter))
            if not why:
                break
        return why


def _refusal(tell: Callable[[], str]) -> str:
    try:
        return tell()
    except (httpx.HTTPError, httpx.InvalidURL) as err:
        return type(err).__name__
    except (SMTPException, subprocess.SubprocessError) as err:  # their words may repeat what is secret
        return type(err).__name__
    except (OSError, ValueError) as err:
        return f"{type(err).__name__}: {err}"


def _tell(notice: Notice, letter: dict[str, Any]) -> str:
    """Tell it the way that the notice says; return why it could not be, if it could not."""
    if missing := notice.missing():
        return f"{', '.join(missing)} is not set"
    if notice.email:
        return send_mail(notice, letter)
    if notice.desktop:
        return show_on_desktop(letter)
    return _run(notice, letter) if notice.command else _post(notice, letter)


def _post(notice: Notice, letter: dict[str, Any]) -> str:
    headers = {"Authorization": f"Bearer {notice.token}"} if notice.token_from else {}
    answer = httpx.post(notice.address, json=letter, headers=headers, timeout=WITHIN_S)
    return "" if answer.is_success else f"it answered {answer.status_code}"


def _run(notice: Notice, letter: dict[str, Any]) -> str:
    done = subprocess.run(  # noqa: S603 - what the lab file says, without a shell
        notice.command, input=json.dumps(letter), text=True, capture_output=True, timeout=WITHIN_S, check=False
    )
    return "" if done.returncode == 0 else f"it ended with {done.returncode}"
