"""A finished rehearsal of two films, looked at by the service; and clients of its REST interface, without sockets."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from console.compose import conduct
from console.runfolder import RunFolder, Setup
from console.service import launching
from console.service.access.accounts import Accounts
from console.service.access.audit import Audit
from console.service.access.door import Door
from console.service.access.roles import Caller, Role
from console.service.access.sessions import Attempts, Sessions
from console.service.api.app import create_app
from console.service.service import Service
from console.unwatched import Unwatched

from .browsing import Browser

PASSWORD = "correct horse battery"
OWNER = Caller("ada", Role.OWNER)


@dataclass
class Wall:
    """The wall's clock, as a test wants it."""

    at_s: float = 0.0

    def __call__(self) -> float:
        return self.at_s


@dataclass
class Served:
    """An application with its service, its door and its clock."""

    app: FastAPI
    service: Service
    door: Door
    wall: Wall
    tokens: dict[Role, str] = field(default_factory=dict)

    def client(self, **headers: str) -> Browser:
        return Browser(self.app, **headers)

    def machine(self, role: Role) -> Browser:
        """A client that shows a token."""
        if role not in self.tokens:
            self.tokens[role] = self.door.accounts.make_token(f"m-{role.word}", role)
        return self.client(authorization=f"Bearer {self.tokens[role]}")


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def finished(film_bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of two films that has ended, with its pictures."""
    path = tmp_path_factory.mktemp("service") / "films"
    folder = RunFolder.create(path, film_bench / "lab.yaml", film_bench / "protocol.yaml", None)
    blends: list[dict[str, Any]] = [{"blend": {"p3ht": 0.5, "l_swnt": 0.5}}, {"blend": {"p3ht": 0.4, "dwnt": 0.6}}]
    folder.write_setup(Setup("loopback", 7, samples=[dict(each) for each in blends]))
    conduct(folder, folder.setup, Unwatched())
    return path


@pytest.fixture
def runs(finished: Path, tmp_path: Path) -> Path:
    """A folder of runs with a copy of the finished one, called `films`."""
    shutil.copytree(finished, tmp_path / "runs" / "films")
    return tmp_path / "runs"


@pytest.fixture
def service(runs: Path, film_bench: Path) -> Service:
    return Service(runs, film_bench.parent)


@pytest.fixture
def serve(service: Service, tmp_path: Path) -> Serve:
    """Put the application together: `serve(login=True)`."""

    def make(*, login: bool = False) -> Served:
        wall = Wall()
        accounts = Accounts(tmp_path / "accounts.json")
        door = Door(
            accounts,
            Audit(tmp_path / "audit.jsonl"),
            needs_login=login,
            sessions=Sessions(wall),
            attempts=Attempts(wall),
        )
        return Served(create_app(service, door), service, door, wall)

    return make


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been begun."""
    words: list[list[str]] = []

    class Process:
        def __init__(self, command: list[str], **_: Any) -> None:
            words.append(command[3:])

        def poll(self) -> int:
            return 0

        wait = poll

    monkeypatch.setattr(launching.subprocess, "Popen", Process)
    return words
