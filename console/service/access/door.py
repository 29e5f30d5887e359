"""Who may come in: host, origin, session or token of each request are looked at before anything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from secrets import compare_digest
from urllib.parse import urlsplit

from console.orders import me
from console.service.access.accounts import Accounts
from console.service.access.audit import Audit
from console.service.access.roles import Caller, Role
from console.service.access.sessions import Attempts, Session, Sessions

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = frozenset({"/login", "/api/v1/session", "/api/v1/health"})
"""Where one may go without a login."""
API = "/api/"
CSRF_HEADER = "x-csrf-token"


class Turned(Exception):
    """A request is turned away: with which status, and why."""

    def __init__(self, status: int, title: str, detail: str, retry_after_s: float = 0.0) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.retry_after_s = status, title, detail, retry_after_s


@dataclass(frozen=True)
class Knock:
    """What of a request is looked at."""

    method: str
    path: str
    headers: Mapping[str, str]
    address: str = ""
    is_websocket: bool = False

    @property
    def host(self) -> str:
        """The host that was asked for, without its port."""
        return (urlsplit(f"//{self.headers.get('host', '')}").hostname or "").lower()

    def cookie(self, name: str) -> str:
        """A cookie's value; empty if there is none."""
        try:
            found = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""


@dataclass
class Door:
    """The one entrance.

    Args:
        hosts: names under which this server may be asked for; others are an attack by way of DNS.
        needs_login: or everybody on this computer is its owner.
        is_private: does all come over TLS? Then cookies do, too.
    """

    accounts: Accounts
    audit: Audit
    hosts: frozenset[str] = LOCAL_HOSTS
    needs_login: bool = False
    is_private: bool = False
    sessions: Sessions = field(default_factory=Sessions)
    attempts: Attempts = field(default_factory=Attempts)

    @property
    def cookie_name(self) -> str:
        """Browsers keep the first to one host and to TLS."""
        return "__Host-athanor" if self.is_private else "athanor"

    def admit(self, knock: Knock) -> Caller | None:
        """Say who asks; None for who is not logged in and asks for what everybody may have.

        Raises:
            Turned: the request must not be answered.
        """
        if knock.host not in self.hosts:
            raise Turned(421, "unknown host", "This server is not known by that name; start it with --name")
        machine = self._machine(knock)
        if machine is None:
            self._require_same_origin(knock)
        if machine is not None or not self.needs_login:
            return machine or Caller(me(), Role.OWNER)
        session = self.sessions.find(knock.cookie(self.cookie_name))
        role = self.accounts.people().get(session.account) if session else None
        if session is None or role is None:
            if knock.path in OPEN_PATHS:
                return None
            raise Turned(401, "not logged in", "Log in, or show a token: Authorization: Bearer …")
        self._require_csrf(knock, session)
        return Caller(session.account, role, knock.address)

    def _machine(self, knock: Knock) -> Caller | None:
        scheme, _, token = knock.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = self.accounts.machine(token.strip())
        if found is None:
            raise Turned(401, "unknown token", "No machine has this token; make one: athanor account token")
        return Caller(*found, knock.address)

    def _require_same_origin(self, knock: Knock) -> None:
        """No other site may act, or listen, through somebody's browser."""
        if knock.method in SAFE_METHODS and not knock.is_websocket:
            return
        origin = knock.headers.get("origin")
        parts = urlsplit(origin or "")
        is_ours = (parts.netloc or "").lower() == knock.headers.get("host", "").lower()
        from_elsewhere = knock.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        if (origin is not None and not is_ours) or from_elsewhere or (knock.is_websocket and origin is None):
            raise Turned(403, "another site", "Requests that change something must come from this server's own pages")

    def _require_csrf(self, knock: Knock, session: Session) -> None:
        must = knock.path.startswith(API) and knock.method not in SAFE_METHODS and not knock.is_websocket
        if must and not compare_digest(knock.headers.get(CSRF_HEADER, "").encode(), session.csrf.encode()):
            raise Turned(403, "no token", f"Show the session's `csrf` in the header {CSRF_HEADER}")

    def log_in(self, account: str, password: str, address: str) -> tuple[str, Session]:
        """Begin a session; return the cookie's value, and the session.

        Raises:
            Turned: the password is wrong, or there were too many tries.
        """
        wait_s = self.attempts.wait_s(account, address)
        if wait_s:
            raise Turned(429, "too many tries", f"Wait {wait_s:.0f} s before the next", wait_s)
        if not self.accounts.is_password(account, password):
            self.attempts.failed(account, address)
            self.audit.note("login failed", account[:64], address)
            raise Turned(401, "not logged in", "Account or password is wrong")
        self.attempts.succeeded(account, address)
        self.audit.note("login", account, address)
        return self.sessions.begin(account)
