"""A real PostgreSQL server for tests: Debian's own, on a socket in a folder, without a network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=20", "shared_buffers=16MB")


def programs() -> Path:
    """Where the newest server's programs lie; skips where there are none."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'athanor[postgres]'")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("there is no PostgreSQL server: apt-get install postgresql")
    return found[-1].parent


class Server:
    """A server that can be started and stopped; its data outlives it."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self.url = f"postgresql://keeper@/postgres?host={folder}"
        self._bin = bin_folder
        self._folder = folder
        # a server refuses to run as root
        self._user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}

    def create(self) -> None:
        self._run("initdb", "-D", str(self._folder / "data"), "-U", "keeper", "-A", "trust", "--no-sync", "-E", "UTF8")

    def start(self) -> None:
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={self._folder}"))
        self._control("start", "-l", str(self._folder / "log"), "-o", options)

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, verb: str, *options: str) -> None:
        self._run("pg_ctl", verb, "-w", "-s", "-D", str(self._folder / "data"), *options)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # type: ignore[call-overload]
            [str(self._bin / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/", **self._user
        )


@contextmanager
def running_server() -> Iterator[Server]:
    """A fresh server; a socket's path must be short, so it does not live in pytest's own folders."""
    bin_folder = programs()
    folder = Path(tempfile.mkdtemp(prefix="athanor-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = Server(bin_folder, folder)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
