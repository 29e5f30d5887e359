"""`kill -9`, truly: an engine in a process of its own, on a bench in another that lives on behind pseudo-terminals."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace

from endings import Ending, ending_of

from console.audit import laboratory_of
from console.far_side import end_host
from console.runfolder import RunFolder
from hardware_sim.clock import VirtualClock
from planning.errors import Refused
from planning.journal import Journal

SPEED = 40.0
"""Bench seconds a second: who needs 20 s to start anew has been away for 13 min."""
LOOK_S = 0.01
ENGINE = (
    "import sys; from pathlib import Path; from console.runfolder import RunFolder; from console.runs import go_on; "
    "go_on(RunFolder(Path(sys.argv[1])), resume=len(sys.argv) > 2)"
)


def events_in(folder: RunFolder) -> int:
    """How many events of a run are on the disk by now."""
    try:
        with Journal.reading(folder.place) as journal:
            return journal.ends[0].seq
    except Refused:
        return 0


def killed_after(folder: RunFolder, events: int) -> Ending:
    """Begin a run, kill its engine once so many events are on the disk, resume in a new process, read the ending."""
    folder.write_setup(replace(folder.setup, wires="pty", speed=SPEED))
    try:
        engine = _engine(folder)
        while engine.poll() is None and events_in(folder) < events:
            threading.Event().wait(LOOK_S)
        engine.send_signal(signal.SIGKILL)
        engine.wait()
        code = _engine(folder, "resume").wait()
        laboratory = laboratory_of(folder, VirtualClock())
        laboratory.close()
        return ending_of(folder, laboratory, f"ended with code {code}" if code else "")
    finally:
        end_host(folder)


def _engine(folder: RunFolder, *how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", ENGINE, str(folder.path), *how]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
