"""A simulated campaign that goes on, the dashboard over it, and a real browser in front."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from console.engine import stop
from console.runfolder import RunFolder
from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from planning.errors import Refused
from planning.journal import Event, Journal
from robot.config import LabConfig

FILM_BENCH = Path(__file__).parents[3] / "examples" / "film_bench"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE_MS = 120_000
"""For a page on a machine that is busy with other tests."""
STARTS = 3000
"""Tries to reach the server, a tenth of a second apart: it loads the designer and its libraries."""
PACE = 40.0
"""Bench seconds a second: a firing lasts longer than a busy machine needs to show a few pages of it."""
QUESTION = "Is the bench clean?"


@dataclass
class Live:
    """A campaign that an engine conducts in another process, and its dashboard."""

    folder: RunFolder
    address: str

    def events(self, *kinds: str) -> list[Event]:
        """What its journal holds by now."""
        with Journal.reading(self.folder.place) as journal:
            return list(journal.events(kinds=kinds))

    def emulated(self, device: str) -> dict[str, Any]:
        """How a device stands, by the laboratory's own record."""
        lab = LabConfig.load(self.folder.lab)
        laboratory = Laboratory.replayed(lab, self.folder.world_log, VirtualClock(), self.folder.setup.seed)
        state: dict[str, Any] = laboratory.emulator(device).state()
        laboratory.close()
        return state


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    home = tmp_path_factory.mktemp("bench")
    _write_question(home)
    run, port = home / "runs" / "film", _free_port()
    words = ["campaign", "run", str(home / "campaign.yaml"), "--samples", "2", "--pace", str(PACE), "--out", str(run)]
    served = ["dashboard", "--port", str(port), "--runs", str(home / "runs"), "--files", str(home)]
    with _process(words, home), _process(served, home):
        yield Live(RunFolder(run), f"http://127.0.0.1:{port}")
        with suppress(Refused):  # whoever took the run up again
            stop(run)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. While it runs its driver occupies this thread's event loop: no other module's tests may come between."""
    if CHROMIUM is None:
        pytest.skip("no chromium: make browser")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, live: Live) -> Iterator[Any]:
    """A page that shows what it is told to, and in which no script fails."""
    page = browser.new_page(base_url=live.address)
    page.set_default_timeout(PATIENCE_MS)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    _await_server(live.address)
    yield page
    page.close()
    assert not failures


def _write_question(home: Path) -> None:
    """The film bench; each suggestion waits for consent, each sample for an answer."""
    for name in ("lab.yaml", "protocol.yaml", "campaign.yaml"):
        text = (FILM_BENCH / name).read_text(encoding="utf-8")
        text = text.replace("batch: 4", "batch: 2\napprove: yes").replace(
            "steps:\n", f"steps:\n  - ask:     {{question: '{QUESTION}', answers: ['yes', 'no'], as: clean}}\n"
        )
        (home / name).write_text(text, encoding="utf-8")


@contextmanager
def _process(words: list[str], home: Path) -> Iterator[None]:
    with (home / f"{words[0]}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "console", *words], stdout=log, stderr=log, cwd=home)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _await_server(address: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    for _ in range(STARTS):
        with socket.socket() as knock:
            knock.settimeout(0.1)
            if knock.connect_ex((host, int(port))) == 0:
                return
            wait_a_little()
    raise TimeoutError(f"nobody answers at {address}")


def wait_a_little() -> None:
    """Until another process may have gone on."""
    import threading

    threading.Event().wait(0.1)
