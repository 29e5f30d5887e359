"""One thing befalls a device while it does its errand: what came of it, and what would be decided."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from pathlib import Path

import anyio
import numpy as np
from errands import Believed, Errand

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.catalog import emulator_for
from hardware_sim.fault_plan import counted_in, parse_faults, sufferers
from hardware_sim.faults import Fault, ailments_of
from hardware_sim.laboratory import Laboratory
from planning.bench import Bench, call_inline
from planning.errors import Disappointed, InDoubt, NotCompleted, Refused
from planning.interlocks import Interlocks
from planning.inventory import Inventory
from planning.journal import Event, Journal
from planning.past import past_of
from planning.recovery import decide
from planning.rules import Act
from planning.skills.job import Job
from planning.task import Task
from planning.troubles import trouble_of
from robot.device_settings import CavroSettings
from robot.errors import DeviceError
from robot.fleet import open_fleet
from robot.settings import parts_of

TASK = "job"
AT_ONCE = ("short-aspirate", "missing-tip")
NEXT = ("refusal", "busy")
"""What befalls the command that comes next."""
STOPS = {"stop", "reset", "stop heater", "stop motor"}
"""Acts that harm nobody when they come twice."""
PLACES = (0.5, 0.25, 0.75)
"""Of all that the device hears in its job."""
WAITS_S = 900.0
"""For a cable, a busy device, a balance that never rests: more than all of them together in one job."""


@dataclass
class Done:
    """How a job went."""

    error: Exception | None
    events: list[Event]
    hours: float
    acts: Counter[str]
    requests: Counter[str]
    struck: list[str] = field(default_factory=list)
    is_mistaken: bool = False
    """Did it end well in its own eyes, and not in truth?"""


def conducted(errand: Errand, faults: tuple[Fault, ...] = ()) -> Done:
    """Do a device's job, while something befalls it."""
    lab, clock = errand.lab, VirtualClock()
    laboratory = Laboratory(lab, clock, seed=7, faults=faults)
    with tempfile.TemporaryDirectory() as temporary, open_fleet(lab, laboratory.line) as fleet:
        fleet.devices[errand.device].connect()
        with Journal(Path(temporary) / "journal.db", clock) as journal:
            task = Task(TASK, ("s001",), errand.skill, errand.skill, errand.arguments, frozenset())
            job = Job(
                task,
                Bench(fleet.devices, journal, clock, Interlocks(lab), call_inline, reconnect=fleet.reconnect),
                lab,
                Inventory(lab),
                eyes=None,
            )
            ended: list[Believed | Exception] = []
            anyio.run(_attempt, errand, job, ended, backend_options={"loop_factory": clock.new_event_loop})
            fleet.make_all_safe()
            events = list(journal.events())
    (end,) = ended
    error = end if isinstance(end, Exception) else None
    laboratory.state()
    is_mistaken = not isinstance(end, Exception) and not errand.is_true(end, laboratory)
    laboratory.close()
    return Done(
        error, events, clock.now_s() / 3600, Counter(laboratory.counts()[errand.device]), laboratory.requests.copy(),
        [str(effect["kind"]) for effect in laboratory.effects if effect["effect"] == "fault"],
        is_mistaken,
    )  # fmt: skip


async def _attempt(errand: Errand, job: Job, ended: list[Believed | Exception]) -> None:
    try:
        ended.append(await errand.run(job))
    except (Disappointed, InDoubt, NotCompleted, Refused, DeviceError) as err:
        ended.append(err)


@cache
def undisturbed(errand: Errand) -> Done:
    """The same job, and all is well."""
    return conducted(errand)


def decided(errand: Errand, done: Done) -> str:
    """What the executor would do next."""
    if done.error is None:
        return went_on(done.events)
    task = Task(TASK, ("s001",), errand.skill, errand.skill, errand.arguments, frozenset())
    past = past_of(TASK, done.events)
    act = decide(trouble_of(done.error, task, past), (), {}).act
    can_be_emptied = isinstance(errand.lab.devices[errand.device], CavroSettings)
    return (Act.STOP if act is Act.EMPTY and not can_be_emptied else act).value


def went_on(events: Iterable[Event]) -> str:
    """What was decided though no task failed."""
    kinds = {event.kind for event in events}
    return "asked, went on" if "resolved" in kinds else "waited, went on" if "not_taken" in kinds else "went on"


def repeated(errand: Errand, done: Done) -> int:
    """Acts beyond those of the undisturbed job."""
    usual = undisturbed(errand).acts
    return sum(max(count - usual[act], 0) for act, count in done.acts.items() if act not in STOPS)


def limit_h(errand: Errand) -> float:
    """When a job must have ended, whatever happened."""
    return 3 * undisturbed(errand).hours + WAITS_S / 3600


def blows(errand: Errand) -> Iterator[tuple[str, str, str]]:
    """What can befall an errand's device: the kind, whom it strikes, that device's model or its part's."""
    settings = errand.lab.devices[errand.device]
    models = {part: each.model for part, each in parts_of(settings).items()}
    for struck, kinds in sufferers(errand.lab).items():
        name, _, part = struck.partition("/")
        if name == errand.device:
            model = settings.model if not part else f"{settings.model}/{part}"
            assert not part or part in models
            yield from ((kind, struck, model) for kind in kinds)


def planned(errand: Errand, kind: str, struck: str, place: int) -> tuple[Fault, ...]:
    """One blow, in the midst of the job or at another of its `PLACES`."""
    usual, lab = undisturbed(errand), errand.lab
    whole, part = lab.devices[errand.device], struck.partition("/")[2]
    settings = parts_of(whole).get(part, whole)
    acts = sum(count for act, count in usual.acts.items() if act not in STOPS)
    heard = acts if counted_in(kind, settings) == "acts" else usual.requests[struck]
    nth = 1 if kind in AT_ONCE else max(ceil(heard * PLACES[place]), 1)
    is_ailment = kind in ailments_of(emulator_for(settings))
    after = "" if not is_ailment else "+0" if kind in NEXT else f"+{errand.after_s:g}"
    return parse_faults(f"{kind}@{struck}:{nth}{after}", np.random.default_rng(0), lab)
