"""One engine to a run: a lock that dies with its process, and how to stop it from another terminal."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planning.errors import Refused

LOCK = "engine.lock"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a run's folder as its only engine.

    Raises:
        Refused: another process conducts this run.
    """
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise Refused(f"{folder} is being conducted by process {_owner(folder)}", "Stop that one first") from err
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def running(runs: Path) -> list[Path]:
    """The folders under `runs` that an engine conducts just now."""
    return [lock.parent for lock in sorted(runs.glob(f"*/{LOCK}")) if _is_held(lock)]


def stop(folder: Path) -> int:
    """Tell a run's engine to make everything safe at once; return its process.

    Raises:
        Refused: nobody conducts this run.
    """
    if not (folder / LOCK).exists() or not _is_held(folder / LOCK):
        raise Refused(f"nobody conducts {folder}", "Look for another run")
    owner = int(_owner(folder))
    os.kill(owner, signal.SIGTERM)
    return owner


def _is_held(path: Path) -> bool:
    with path.open(encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def _owner(folder: Path) -> str:
    return (folder / LOCK).read_text(encoding="utf-8").strip()
