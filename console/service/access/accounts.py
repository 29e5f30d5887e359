"""Accounts of people and tokens of machines, in one file that nobody else can read."""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from console.service.access.roles import Role
from planning.errors import Refused

SHORTEST = 10
_NAME = re.compile(r"[a-z][a-z0-9._-]{0,31}")
_HASHER = PasswordHasher()
"""Argon2id with the parameters of RFC 9106's second choice, the library's own."""
_NOBODYS = _HASHER.hash(secrets.token_hex())
"""What a password is held against if there is no such account: both take the same time."""


def default_path() -> Path:
    """Where accounts lie if nothing else is said."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "athanor" / "accounts.json"


class Accounts:
    """The file of accounts; read anew whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp = -1
        self._known: dict[str, dict[str, Any]] = {"people": {}, "machines": {}}

    def people(self) -> dict[str, Role]:
        """The accounts, with their roles."""
        return {name: Role[each["role"].upper()] for name, each in self._read()["people"].items()}

    def machines(self) -> dict[str, Role]:
        """The tokens by name, with their roles."""
        return {name: Role[each["role"].upper()] for name, each in self._read()["machines"].items()}

    def add(self, name: str, role: Role, password: str) -> None:
        """Make an account.

        Raises:
            Refused: the name is taken or no name, or the password is too short.
        """
        _require_name(name)
        with self._changed() as known:
            if name in known["people"]:
                raise Refused(f"there is an account {name!r} already", "Change its password: athanor account passwd")
            known["people"][name] = {"role": role.word, "password": _hashed(name, password)}

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password; raise Refused if there is no such account, or it is too short."""
        with self._changed() as known:
            self._require(known["people"], name)["password"] = _hashed(name, password)

    def remove(self, name: str) -> None:
        """Take an account, or a machine's token, away; its sessions end at once."""
        with self._changed() as known:
            kind = "machines" if name in known["machines"] else "people"
            self._require(known[kind], name)
            del known[kind][name]

    def make_token(self, name: str, role: Role) -> str:
        """Make a token for a machine; it is shown once and kept nowhere."""
        _require_name(name)
        token = f"athanor_{secrets.token_urlsafe(32)}"
        with self._changed() as known:
            if name in {**known["machines"], **known["people"]}:
                raise Refused(f"there is an account {name!r} already", "Choose another name, or remove that one")
            known["machines"][name] = {"role": role.word, "sha256": _digest(token)}
        return token

    def is_password(self, name: str, password: str) -> bool:
        """Is this the account's password? Takes as long if there is no such account."""
        known = self._read()["people"].get(name)
        try:
            return _HASHER.verify(known["password"] if known else _NOBODYS, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False

    def machine(self, token: str) -> tuple[str, Role] | None:
        """Whose token this is; None if it is nobody's."""
        digest = _digest(token)
        for name, each in self._read()["machines"].items():
            if secrets.compare_digest(each["sha256"], digest):
                return name, Role[each["role"].upper()]
        return None

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            stamp = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            self._stamp, self._known = -1, {"people": {}, "machines": {}}
            return self._known
        if stamp != self._stamp:
            try:
                self._known = json.loads(self.path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as err:
                raise Refused(f"{self.path} cannot be read", "Restore it, or make the accounts anew") from err
            self._stamp = stamp
        return self._known

    @contextmanager
    def _changed(self) -> Iterator[dict[str, dict[str, Any]]]:
        """The accounts to be changed; written whole, readable by this user alone."""
        known = json.loads(json.dumps(self._read()))
        yield known
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(known, file, indent=1)
        fresh.replace(self.path)
        self._stamp = -1

    def _require(self, known: dict[str, Any], name: str) -> dict[str, Any]:
        if name not in known:
            raise Refused(f"no account is called {name!r}", f"There are {', '.join(known) or 'none yet'}")
        found: dict[str, Any] = known[name]
        return found


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Refused(f"{name!r} is no name of an account", "Use small letters, digits, dots and dashes, 32 at most")


def _hashed(name: str, password: str) -> str:
    if len(password) < SHORTEST or password.lower() == name:
        raise Refused(f"the password is shorter than {SHORTEST} letters, or the name itself", "Choose a longer one")
    return _HASHER.hash(password)


def _digest(token: str) -> str:
    """A token has 256 random bits: it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
