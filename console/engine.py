"""One engine to a run and to a bench: who conducts it, and how to stop that from another terminal."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from console.runfolder import RunFolder, Setup
from planning.database import file_engine, server_engine
from planning.errors import Refused
from planning.leases import NOBODY, Lease, Leases
from planning.owner import Owner
from robot.clock import WallClock
from robot.config import LabConfig

FILE = "lease.db"


@dataclass(frozen=True)
class Wanted:
    """Something of which there may be one engine only, and which database says whose it is: a file, or a server."""

    what: str
    where: Path | str

    def open(self) -> Leases:
        """Open the database; raise Refused if it cannot be used."""
        if isinstance(self.where, str):
            return Leases(server_engine(self.where), self.where)
        self.where.parent.mkdir(parents=True, exist_ok=True)
        return Leases(file_engine(self.where, "NORMAL"), str(self.where))


class Claim:
    """What an engine owns. Somebody may be told, from another thread, when it is lost."""

    def __init__(self) -> None:
        self.leases: list[Lease] = []
        self._listener: Callable[[str], object] = lambda why: None

    def check(self) -> None:
        """Return if all is still ours; raise Fenced if not, NotRecorded if that cannot be told."""
        for lease in self.leases:
            lease.check()

    def lost(self, why: str) -> None:
        """Tell who listens."""
        self._listener(why)

    @contextmanager
    def told_to(self, listener: Callable[[str], object]) -> Iterator[None]:
        """Let somebody be told while inside."""
        before, self._listener = self._listener, listener
        try:
            yield
        finally:
            self._listener = before


def this_run(folder: RunFolder, setup: Setup) -> list[Wanted]:
    """A run's folder; and its journal, if that lies on a server."""
    wanted = [_folder(folder.path)]
    return [*wanted, Wanted(f"run {setup.run}", setup.journal)] if setup.journal else wanted


def this_bench(lab: LabConfig, setup: Setup) -> list[Wanted]:
    """Real devices, by the name of their bench: known to this user on this host, or to all who use the server.

    A simulated bench is nobody else's.
    """
    if setup.wires != "real":
        return []
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return [Wanted(f"bench {lab.bench}", setup.journal or state / "athanor" / "leases.db")]


@contextmanager
def claimed(wanted: Sequence[Wanted], tell: Callable[[str], object]) -> Iterator[Claim]:
    """Own all that is wanted while inside.

    Raises:
        Refused: another engine has some of it; the message names that engine.
    """
    me = Owner.this_process(WallClock().date().astimezone().strftime("%Y-%m-%d %H:%M:%S"))
    claim = Claim()
    with ExitStack() as stack:
        for each in wanted:
            leases = each.open()
            stack.callback(leases.close)
            lease = leases.take(each.what, me, tell)
            stack.callback(lease.release)
            stack.enter_context(lease.kept(claim.lost))
            claim.leases.append(lease)
        yield claim


def running(runs: Path) -> list[Path]:
    """The folders under `runs` that an engine conducts just now."""
    folders = [file.parent for file in sorted(runs.glob(f"*/{FILE}"))]
    return [folder for folder in folders if conductor(folder) is not None]


def stop(folder: Path, first: Callable[[], object] = lambda: None) -> int:
    """Tell a run's engine to make everything safe at once; return its process.

    Args:
        folder: of the run.
        first: done before the engine is told, once it is known that it can be; it may have the engine end by itself.

    Raises:
        Refused: nobody conducts this run, or somebody on another host.
    """
    owner = conductor(folder)
    if owner is None:
        raise Refused(f"nobody conducts {folder}", "Look for another run")
    if not owner.is_here:
        raise Refused(f"{folder} is being conducted by {owner}", f"Stop it on {owner.host}")
    first()
    with suppress(ProcessLookupError):  # it has ended meanwhile
        os.kill(owner.pid, signal.SIGTERM)
    return owner.pid


def _folder(path: Path) -> Wanted:
    return Wanted(f"run {path.resolve().name}", path / FILE)


def conductor(folder: Path) -> Owner | None:
    """Who conducts the run in a folder, as far as this host can tell; None if nobody does."""
    if not (folder / FILE).exists():
        return None
    wanted = _folder(folder)
    leases = wanted.open()
    held = leases.holder(wanted.what)
    leases.close()
    return held.owner if held and held.owner != NOBODY and not held.owner.is_dead_here else None
