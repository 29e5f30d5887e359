"""Who an engine is, so that another can tell whether it still lives."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROC = Path("/proc")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Owner:
    """One process on one host. `boot` tells apart hosts of one name, starts of one host, and containers on it."""

    host: str
    boot: str
    pid: int
    started: str
    """When the process began, in the kernel's own count: a number that is used again is another process."""
    since: str
    """When it became the owner; for people to read."""

    @classmethod
    def this_process(cls, since: str) -> Self:
        """The engine that asks."""
        return cls(platform.node(), _boot(), os.getpid(), _started(os.getpid()), since)

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"

    @property
    def is_here(self) -> bool:
        """Can we see from this process whether that one lives?"""
        return bool(self.boot) and self.boot == _boot()

    @property
    def is_dead_here(self) -> bool:
        """Did it live on this host, since its last start, and is it gone?"""
        started = _started(self.pid)
        return self.is_here and (not started or (UNKNOWN not in (started, self.started) and started != self.started))


def _boot() -> str:
    """This start of this kernel, and the space in which its processes are numbered. Source: proc(5), namespaces(7)."""
    try:
        return f"{(PROC / 'sys/kernel/random/boot_id').read_text().strip()} {os.readlink(PROC / 'self/ns/pid')}"
    except OSError:
        return f"{platform.node()} {platform.system()}"


def _started(pid: int) -> str:
    """When a process began, in ticks since the kernel did; empty if it is gone, or ended and not yet buried.

    Source: proc_pid_stat(5), fields 3 and 22; the name in field 2 may hold blanks and brackets.
    """
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return UNKNOWN if _answers(pid) else ""
    return "" if fields[0] in "ZX" else fields[19]


def _answers(pid: int) -> bool:
    """Is there such a process, though /proc does not show it: not to us, or not on this system?"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
