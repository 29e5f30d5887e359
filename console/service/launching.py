"""Runs that are begun or resumed from a page: each engine is a process of its own, and outlives the dashboard."""

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from console.runfolder import RunFolder
from console.service.library import settings
from console.service.views import View
from planning.errors import Refused
from robot.strict import Strict

LOGS = "starts"
LAST_LINES = 20
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}$")]
Setting = Annotated[float, Field(allow_inf_nan=False)] | Word


class Start(Strict):
    """What is to be begun."""

    file: str = Field(max_length=300, description="a protocol or a campaign, as GET /files names it")
    lab: str = Field(default="", max_length=300, description="for a protocol: the bench")
    mode: Literal["rehearsal", "simulated", "real"] = Field(
        default="rehearsal",
        description="on virtual time; simulated, `speed` times as fast as the wall; on real devices",
    )
    samples: int | None = Field(default=None, ge=1, le=1000)
    values: dict[Word, Setting | dict[Word, Setting]] = Field(default={}, max_length=100)
    answers: dict[Word, Word] = Field(
        default={}, max_length=100, description="rehearsed ones to the questions of steps"
    )
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    speed: float = Field(default=60.0, ge=0.1, le=2000)
    faults: str = Field(default="", pattern=r"^[a-z0-9@:+,-]{0,500}$", description="such as lost-reply@arm:12")
    vision: bool = True
    name: str = Field(default="", pattern=r"^[a-z0-9-]{0,60}$", description="of the run's folder")
    bench_is_clear: bool = Field(default=False, description="with real devices: somebody has looked, and they may move")


class Started(View):
    """A run that is being begun, and what its process says."""

    run: str
    state: Literal["starting", "running", "failed", "over"]
    said: list[str]


class Launcher:
    """Begins engines, and knows what they said."""

    def __init__(self, runs: Path, logs: Path) -> None:
        self._runs = runs
        self._logs = logs
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def start(self, wanted: Start, file: Path, lab: Path | None) -> str:
        """Begin a run; return the name that it will have.

        Raises:
            Refused: real devices may only move if somebody has looked at the bench.
        """
        if wanted.mode == "real":
            require_clear(wanted.bench_is_clear)
        with self._lock:
            name = self._free_name(wanted.name or file.stem.lower().replace("_", "-").replace(".", "-"))
            words = [*_command(wanted, file, lab), "--out", str(self._runs / name)]
            self._spawn(name, words)
        return name

    def resume(self, path: Path, *, bench_is_clear: bool) -> None:
        """Go on with a run that was stopped or died; raise Refused as for a start."""
        is_real = RunFolder(path).setup.wires == "real"
        if is_real:
            require_clear(bench_is_clear)
        with self._lock:
            self._spawn(path.name, ["resume", str(path), *(["--yes"] if is_real else [])])

    def started(self, name: str) -> Started:
        """How a start went; raise Refused if nothing was begun under this name."""
        process = self._processes.get(name)
        if process is None:
            raise Refused(f"nothing was begun as {name!r} since this dashboard runs", "Look at the runs themselves")
        code = process.poll()
        state: Literal["starting", "running", "failed", "over"] = "starting"
        if code is not None:
            state = "over" if code == 0 else "failed"
        elif (self._runs / name / "run.json").exists():
            state = "running"
        log = self._log(name)
        said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:] if log.exists() else []
        return Started(run=name, state=state, said=said)

    def _free_name(self, wanted: str) -> str:
        stem = "".join(letter if letter.isalnum() else "-" for letter in wanted).strip("-") or "run"
        number = 1
        while (self._runs / f"{stem}-{number:02d}").exists() or f"{stem}-{number:02d}" in self._processes:
            number += 1
        return f"{stem}-{number:02d}"

    def _spawn(self, name: str, words: Sequence[str]) -> None:
        self._logs.mkdir(parents=True, exist_ok=True)
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command line, each word checked, no shell
                [sys.executable, "-m", "console", *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._processes[name] = process
        threading.Thread(target=process.wait, daemon=True, name=f"waits for {name}").start()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


def require_clear(bench_is_clear: bool) -> None:
    """Raise Refused unless somebody has looked at the real bench."""
    if not bench_is_clear:
        raise Refused(
            "real devices would move: the arm homes and sweeps, the pipette empties itself, the furnace heats",
            "Look at the bench; say bench_is_clear when it is",
        )


def _command(wanted: Start, file: Path, lab: Path | None) -> Iterator[str]:
    """The words of our own command line."""
    is_rehearsal = wanted.mode == "rehearsal"
    yield from ["dry-run"] if is_rehearsal else ["run"] if lab else ["campaign", "run"]
    yield str(file)
    if lab:
        yield from ("--lab", str(lab))
        yield from _each("--set", dict(settings(wanted.values)))
        yield from _each("--answer", wanted.answers if wanted.mode != "real" else {})
    yield from ("--real", "--yes") if wanted.mode == "real" else ()
    yield from ("--pty", "--speed", f"{wanted.speed:g}") if wanted.mode == "simulated" else ()
    yield from (f"--samples={wanted.samples}",) if wanted.samples is not None else ()
    yield from (f"--seed={wanted.seed}",) if wanted.seed is not None else ()
    yield from (f"--faults={wanted.faults}",) if wanted.faults and wanted.mode != "real" else ()
    yield from () if wanted.vision else ("--no-vision",)


def _each(option: str, pairs: Mapping[str, Any]) -> Iterator[str]:
    for name, value in pairs.items():
        yield f"{option}={name}={value}"
