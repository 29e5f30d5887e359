"""`dashboard.yaml` and the options of `athanor dashboard`: where it listens, and who may come."""

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import Field

from console.service.access.door import LOCAL_HOSTS
from planning.errors import Refused
from robot.files import load_document
from robot.strict import Strict

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - to be refused unless it is protected


class Settings(Strict):
    """How the dashboard is served."""

    host: str = Field(default="127.0.0.1", description="the address to listen at")
    port: int = Field(default=8420, ge=1, le=65535)
    runs: Path = Field(default=Path("runs"), description="the folder of runs")
    files: Path = Field(default=Path("."), description="below it lie lab files, protocols and campaigns")
    accounts: Path | None = Field(default=None, description="the file of accounts; ~/.config/athanor/accounts.json")
    tls_cert: Path | None = Field(default=None, description="certificate chain, PEM")
    tls_key: Path | None = Field(default=None, description="its key, PEM")
    behind_proxy: bool = Field(default=False, description="a proxy in front of it sees to TLS")
    names: list[str] = Field(
        default=[], description="further names under which it is asked for, such as lab.example.org"
    )
    login: bool = Field(default=False, description="ask for a login on 127.0.0.1, too")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read `dashboard.yaml`; paths in it are relative to it. Raise FileProblem with everything that is wrong."""
        found = load_document(cls, path)
        paths = {name: path.parent / value for name, value in found if isinstance(value, Path)}
        return found.model_copy(update=paths)

    @property
    def is_local(self) -> bool:
        """Can this computer alone reach it?"""
        return self.host in LOCAL_HOSTS

    @property
    def is_private(self) -> bool:
        """Do words to it travel encrypted?"""
        return self.tls_cert is not None or self.behind_proxy

    @property
    def needs_login(self) -> bool:
        """Must one log in?"""
        return self.login or self.behind_proxy or not self.is_local

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which it may be asked for."""
        own = {self.host.lower()} if not self.is_local and self.host not in EVERYWHERE else set(LOCAL_HOSTS)
        return frozenset({*own, *(name.lower() for name in self.names)})

    def require_safe(self, has_owner: bool) -> None:
        """Return if it may be served so.

        Raises:
            Refused: it could be reached from elsewhere without TLS, without accounts, or under no known name.
        """
        if (self.tls_cert is None) != (self.tls_key is None):
            raise Refused("--tls-cert and --tls-key belong together", "Give both")
        for path in filter(None, (self.tls_cert, self.tls_key)):
            if not path.is_file():
                raise Refused(f"{path} is no file", "Name a PEM file")
        if not self.is_local and not self.is_private:
            raise Refused(
                f"{self.host} can be reached from elsewhere, and words to it could be read on the way",
                "Give --tls-cert and --tls-key, or --behind-proxy if one in front of it sees to TLS",
            )
        if self.needs_login and not has_owner:
            raise Refused(
                "nobody could log in: there is no account of an owner", "athanor account add NAME --role owner"
            )
        if self.needs_login and not self.is_local and not self.names and not _is_one_address(self.host):
            raise Refused(f"nobody knows under which name {self.host!r} is asked for", "Say --name lab.example.org")


def _is_one_address(host: str) -> bool:
    if host in EVERYWHERE:
        return False
    try:
        return not ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return True
