"""The stop: told to the engine as a signal, and confirmed by what stands in the journal afterwards."""

import threading
from functools import partial
from pathlib import Path

from console.engine import stop as stop_engine
from console.orders import leave_word
from console.runfolder import RunFolder
from console.service.views import View
from planning.journal import Journal
from robot.clock import wall_s
from robot.config import LabConfig

WITHIN_S = 30.0
"""So long the confirmation is waited for; the engine goes on making safe all the same."""
LOOK_EVERY_S = 0.02


class Stopped(View):
    """What a stop came to."""

    run: str
    was_confirmed: bool
    made_safe: list[str]
    troubles: dict[str, str]
    """By device, why it could not be made safe."""
    took_s: float
    text: str


def stop(folder: Path, by: str) -> Stopped:
    """Make a run's bench safe at once, and wait until the journal says that it is.

    Raises:
        Refused: nobody conducts this run, or somebody on another host.
    """
    began_s = wall_s()
    place = RunFolder(folder).place
    with Journal.reading(place) as journal:
        before = journal.ends[0].seq
        stop_engine(folder, partial(leave_word, folder, by))
        said = _safe_after(journal, before, began_s + WITHIN_S)
    took_s = wall_s() - began_s
    devices = list(LabConfig.load(RunFolder(folder).lab).devices)
    troubles = {} if said is None else {str(name): str(why) for name, why in said.items()}
    safe = [] if said is None else [name for name in devices if name not in troubles]
    return Stopped(
        run=folder.name, was_confirmed=said is not None, made_safe=safe, troubles=troubles, took_s=round(took_s, 3),
        text=_sentence(safe, troubles, took_s, said is not None),
    )  # fmt: skip


def _safe_after(journal: Journal, seq: int, until_s: float) -> dict[str, str] | None:
    """What could not be made safe, once the journal says that all else was; None if it does not say so in time."""
    while wall_s() < until_s:
        for event in journal.events(seq, ["made_safe"]):
            return dict(event.data["troubles"])
        threading.Event().wait(LOOK_EVERY_S)
    return None


def _sentence(safe: list[str], troubles: dict[str, str], took_s: float, was_confirmed: bool) -> str:
    if not was_confirmed:
        return (
            f"The engine was told to make everything safe and has not confirmed it for {WITHIN_S:g} s: go to the bench."
        )
    told = f"{len(safe)} devices were made safe in {took_s:.1f} s: {', '.join(safe)}."
    return told + "".join(f" NOT SAFE: {name}: {why}" for name, why in troubles.items())
