"""The folder of one run: copies of what was asked, the journal, pictures, and how to put the bench together again."""

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Self
from uuid import uuid4

from planning.errors import Refused
from planning.journal import Place
from planning.protocol.source import Source
from robot.files import load_yaml

Wires = Literal["loopback", "pty", "real"]


@dataclass(frozen=True)
class Setup:
    """How a bench was put together for a run: enough to do it again."""

    wires: Wires = "loopback"
    seed: int = 0
    speed: float = 1.0
    epoch_s: float | None = None
    truth: str | None = None
    faults: str = ""
    vision: bool = True
    addresses: dict[str, str] | None = None
    samples: list[dict[str, object]] | None = None
    """For a plain run the samples' parameters; a campaign chooses its own."""
    answers: dict[str, str] = field(default_factory=dict)
    """Rehearsed ones to the questions of steps, by what those call their answer."""
    pace: float | None = None
    """Of a rehearsal that somebody watches: at most so many bench seconds a second; as fast as it goes if left out."""
    journal: str = ""
    """The URL of the server that keeps the journal; empty for SQLite in the folder."""
    run: str = ""
    """The run's key on that server."""


@dataclass(frozen=True)
class RunFolder:
    """Where everything about one run lies."""

    path: Path

    @property
    def lab(self) -> Path:
        """The copy of the lab file."""
        return self.path / "lab.yaml"

    @property
    def protocol(self) -> Path:
        """The copy of the protocol."""
        return self.path / "protocol.yaml"

    @property
    def campaign(self) -> Path:
        """The copy of the campaign; absent for a plain run."""
        return self.path / "campaign.yaml"

    @property
    def history(self) -> list[Path]:
        """The copies of the tables of earlier results that the campaign names, in its order."""
        return sorted(self.path.glob("history-*.csv"))

    @property
    def copies(self) -> list[Path]:
        """The copies of what was asked, those that there are."""
        asked = [self.lab, *(Source.read(self.protocol).files() if self.protocol.exists() else ())]
        asked += [self.campaign, *self.history]
        return [path for path in asked if path.exists()]

    @property
    def journal(self) -> Path:
        """The journal, unless it lies on a server."""
        return self.path / "journal.db"

    @property
    def place(self) -> Place:
        """Where the journal lies."""
        setup = self.setup if (self.path / "run.json").exists() else Setup()
        return Place(self.path, setup.journal, setup.run)

    @property
    def world_log(self) -> Path:
        """The simulated laboratory's own record."""
        return self.path / "world.jsonl"

    @property
    def setup(self) -> Setup:
        """How the bench was put together.

        Raises:
            Refused: this is no run's folder.
        """
        try:
            return Setup(**json.loads((self.path / "run.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as err:
            raise Refused(f"{self.path} is no folder of a run: {err}", "Name one that `campaign run` made") from err

    def write_setup(self, setup: Setup) -> None:
        """Remember how the bench was put together."""
        text = json.dumps(asdict(setup), indent=1, sort_keys=True)
        (self.path / "run.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def create(cls, path: Path, lab: Path, protocol: Path, campaign: Path | None) -> Self:
        """Make the folder, with copies of the files, and of those that the protocol takes in.

        Raises:
            Refused: there is something already, or no folder can be made there.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise Refused(f"{path} cannot be made a folder: {err.strerror}", "Name another folder with --out") from err
        if any(path.iterdir()):
            raise Refused(f"{path} exists and is not empty", "Name another folder with --out, or resume that run")
        folder = cls(path)
        shutil.copyfile(lab, folder.lab)
        shutil.copyfile(protocol, folder.protocol)
        for taken_in in Source.read(protocol).files()[1:]:
            target = path / taken_in.relative_to(protocol.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(taken_in, target)
        if campaign is not None:
            shutil.copyfile(campaign, folder.campaign)
            for number, table in enumerate(load_yaml(campaign)[0].get("history", []), start=1):
                shutil.copyfile(campaign.parent / table, path / f"history-{number:03}.csv")
        return folder


def key_on_server(folder: Path) -> str:
    """A key under which no other run's journal lies, on a server that many benches share."""
    return f"{folder.name}-{uuid4().hex[:8]}"


def fresh_path(name: str) -> Path:
    """A folder under runs/ that does not exist yet, numbered."""
    stem = "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-") or "run"
    number = 1
    while (path := Path("runs") / f"{stem}-{number:02d}").exists():
        number += 1
    return path
