"""Who has a file open, as far as this user may know: for naming the program that holds a port."""

import os
from pathlib import Path

PROCESSES = Path("/proc")


def holders(path: str) -> list[str]:
    """Name other processes that have a file open, each with its number; none on systems without /proc."""
    real, own = os.path.realpath(path), str(os.getpid())
    numbers = sorted(int(entry.name) for entry in PROCESSES.glob("[0-9]*") if entry.name != own)
    return [f"{_name(number)} (process {number})" for number in numbers if real in _open_files(number)]


def _open_files(number: int) -> set[str]:
    try:
        return {os.readlink(entry) for entry in (PROCESSES / str(number) / "fd").iterdir()}
    except OSError:  # it ended meanwhile, or belongs to somebody else
        return set()


def _name(number: int) -> str:
    try:
        return (PROCESSES / str(number) / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "a program"
