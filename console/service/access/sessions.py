"""Logins: kept on the server, named by a signed cookie, ended by time; and how often one may try."""

import hashlib
import hmac
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from robot.clock import wall_s

LASTS_S = 12 * 3600.0
IDLE_S = 2 * 3600.0
MOST_SESSIONS = 1000


@dataclass
class Session:
    """One login."""

    account: str
    csrf: str
    """What a page shows with every change, so that no other site can make one in its name."""
    began_s: float
    seen_s: float


class Sessions:
    """All logins of this server; they end with it. `now_s` is the wall's monotonic clock."""

    def __init__(self, now_s: Callable[[], float] = wall_s) -> None:
        self._now_s = now_s
        self._secret = secrets.token_bytes(32)
        self._sessions: dict[str, Session] = {}

    def begin(self, account: str) -> tuple[str, Session]:
        """A new login: the cookie's value, and the session."""
        self._forget_old()
        name, now_s = secrets.token_urlsafe(32), self._now_s()
        self._sessions[name] = Session(account, secrets.token_urlsafe(32), now_s, now_s)
        return f"{name}.{self._signature(name)}", self._sessions[name]

    def find(self, cookie: str) -> Session | None:
        """The login that a cookie names; None if it is forged, over, or was ended."""
        name, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(name).encode()):
            return None
        session, now_s = self._sessions.get(name), self._now_s()
        if session is None or now_s - session.began_s > LASTS_S or now_s - session.seen_s > IDLE_S:
            self._sessions.pop(name, None)
            return None
        session.seen_s = now_s
        return session

    def end(self, cookie: str) -> None:
        """Log out: the cookie is worth nothing from now on."""
        self._sessions.pop(cookie.partition(".")[0], None)

    def _signature(self, name: str) -> str:
        return hmac.new(self._secret, name.encode(), hashlib.sha256).hexdigest()

    def _forget_old(self) -> None:
        now_s = self._now_s()
        self._sessions = {
            name: each
            for name, each in list(self._sessions.items())[-MOST_SESSIONS:]
            if now_s - each.began_s <= LASTS_S and now_s - each.seen_s <= IDLE_S
        }


WINDOW_S = 300.0
TRIES = {"account and address": 5, "address": 20, "all": 100}
"""How many failed logins there may be in five minutes."""


class Attempts:
    """How often logins failed of late, by whom and from where."""

    def __init__(self, now_s: Callable[[], float] = wall_s) -> None:
        self._now_s = now_s
        self._failed: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def wait_s(self, account: str, address: str) -> float:
        """How long one has to wait before the next try; 0 if one may."""
        now_s, waits = self._now_s(), [0.0]
        for key, most in self._keys(account, address).items():
            failed = self._failed[key]
            while failed and now_s - failed[0] > WINDOW_S:
                failed.popleft()
            if not failed:
                del self._failed[key]
            elif len(failed) >= most:
                waits.append(failed[0] + WINDOW_S - now_s)
        return max(waits)

    def failed(self, account: str, address: str) -> None:
        """A password was wrong."""
        for key in self._keys(account, address):
            self._failed[key].append(self._now_s())

    def succeeded(self, account: str, address: str) -> None:
        """It was right: who mistyped it before is not held up later."""
        self._failed.pop(("account and address", f"{account} {address}"), None)

    def _keys(self, account: str, address: str) -> dict[tuple[str, str], int]:
        names = {"account and address": f"{account[:64]} {address}", "address": address, "all": ""}
        return {(kind, name): TRIES[kind] for kind, name in names.items()}
