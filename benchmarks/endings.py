"""What a run came to, by its journal and by the far side of its wires; two of them compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import Any

from console.runfolder import RunFolder
from hardware_sim.laboratory import Laboratory
from planning.journal import Event, Journal

LASTING = ("lost", "stocks_ul", "waste_ul", "spilled_ul", "powders_mg", "spilled_mg")
"""Of the ground truth, what time alone does not change."""
Vessels = dict[str, dict[str, Any]]
HARMLESS = frozenset({"programme", "source", "output on", "output off"})
"""Acts that may be done again: a programme's words before it is started, a reading of a probe."""
SAME_FRACTION, SAME_LATER, SAME = 0.01, 0.05, 0.01
"""Figures that differ by less are one: dead volumes and evaporation depend a little on when something was done. Where nobody was there for
a while, other crucibles share a furnace and other powders follow each other through a handler: of powders masses are compared then,
not their phases, and what was measured less closely.
"""
WITNESSES = {
    "load_programme": "its words",
    "start_programme": "programme state",
    "stop_programme": "programme state",
    "start_turning_valve": "valve",
    "start_moving_plunger": "plunger",
    "start_initialising": "plunger",
    "start_dosing": "number of the dose",
    "start_shaking": "number of the order",
    "start_transferring": "number of the order",
    "start_capping": "number of the order",
    "start_uncapping": "number of the order",
    "start_scan": "number of the scan",
    "start_opening_door": "door",
    "start_closing_door": "door",
}
"""Arms apart: by their count, or by where they stand."""


@dataclass(frozen=True)
class Doubt:
    """An intent without an answer, what its device showed before, and how it was settled."""

    device: str
    verb: str
    before: Mapping[str, Any]
    outcome: str
    by: str

    @property
    def settled_by(self) -> str:
        """Who told whether it had happened; what nobody could tell is a person's to say."""
        return "a person" if self.outcome in ("unknown", "fault") else self.by

    @property
    def witness(self) -> str:
        """What of a device tells whether it has happened."""
        if self.verb in WITNESSES:
            return WITNESSES[self.verb]
        if self.before.get("alarms"):
            return "what it complains of"
        return "position" if self.before.get("ticket") is None else "count of commands"


@dataclass(frozen=True)
class Ending:
    """How a run ended; `asked` are the questions that waited for a person, `stopped` why it did not come to its end."""

    samples: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    acts: dict[str, dict[str, int]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    vessels: Vessels = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    stopped: str = ""


def ending_of(folder: RunFolder, laboratory: Laboratory, stopped: str = "") -> Ending:
    """Read from a run's journal, and from the laboratory itself, what has become of it."""
    with Journal.reading(folder.place) as journal:
        events = list(journal.events())
    state = laboratory.state()
    return Ending(
        {event.sample: (event.data["status"], event.data["results"]) for event in events if event.kind == "sample_finished"},
        laboratory.counts(),
        _lasting(state),
        _vessels(state),
        list(_doubts(events)),
        [event.task for event in events if event.kind == "asked"],
        stopped,
    )  # fmt: skip


def _lasting(state: Mapping[str, Any]) -> dict[str, Any]:
    """What is left in store, spilled and held; where an arm rests that came last to one place or another says nothing."""
    bodies = {
        name: {what: each for what, each in body.items() if what != "position_mm"}
        for name, body in state["bodies"].items()
    }
    return {"bodies": bodies, **{name: state[name] for name in LASTING}}


def _vessels(state: Mapping[str, Any]) -> Vessels:
    """By name, where each is and what is in it; in which order they lie in a bin says nothing."""
    return {
        vessel["vessel"]: {**vessel, "vessel": vessel["labware"], "at": f"{site}:{place}"}
        for site, places in state["sites"].items()
        for place, standing in places.items()
        for vessel in standing
    }


def _doubts(events: Sequence[Event]) -> Iterator[Doubt]:
    """Each doubt with its settlement; what was left in doubt is a person's to settle."""
    for event in events:
        if event.kind != "in_doubt":
            continue
        key = (event.task, event.data["command"])
        ours = [each for each in events if (each.task, each.data.get("command")) == key]
        intent = [each for each in ours if each.kind == "intent" and each.seq < event.seq][-1]
        settled = next((each for each in ours if each.kind == "resolved" and each.seq > event.seq), None)
        outcome, by = ("unknown", "nobody") if settled is None else (settled.data["outcome"], settled.data["by"])
        yield Doubt(event.device, intent.data["verb"], intent.data["before"], outcome, by)


def doubled(ending: Ending, undisturbed: Ending) -> list[str]:
    """Acts that a device heard more often than in the undisturbed run, counted on the far side of the wire."""
    return [
        f"{device}: {act} {count} times instead of {undisturbed.acts[device].get(act, 0)}"
        for device, acts in ending.acts.items()
        for act, count in acts.items()
        if act not in HARMLESS and count > undisturbed.acts[device].get(act, 0)
    ]


def lost(ending: Ending, undisturbed: Ending) -> list[str]:
    """Samples that did not come to the same end."""
    return [
        f"{name}: {ending.samples.get(name, ('never ended',))[0]} instead of {status}"
        for name, (status, _) in undisturbed.samples.items()
        if ending.samples.get(name, ("",))[0] != status
    ]


def differences(ending: Ending, undisturbed: Ending, later: bool = False) -> list[str]:
    """What is otherwise on the bench, or was found otherwise; `later`: nobody was there for a while."""
    fraction = SAME_LATER if later else SAME_FRACTION
    seen = _masses if later else _as_it_is
    return [
        *_vessels_differing(seen(ending.vessels), seen(undisturbed.vessels), fraction),
        *_differing(seen(ending.state), seen(undisturbed.state), "bench", fraction),
        *_differing(_results(ending), _results(undisturbed), "results", fraction),
    ]


def _as_it_is(tree: Any) -> Any:
    return tree


def _masses(tree: Any) -> Any:
    """Of each powder its mass alone."""
    if not isinstance(tree, Mapping):
        return tree
    powders = ("powder_mg", "spilled_mg")
    return {name: sum(each.values()) if name in powders else _masses(each) for name, each in tree.items()}


def _vessels_differing(ours: Vessels, theirs: Vessels, fraction: float) -> list[str]:
    """Vessels that have no like on the other bench: which of a magazine a sample gets depends on who came first."""
    odd = [name for name in ours if _differing(ours[name], theirs.get(name, {}), name, fraction)]
    left = [theirs.get(name, {}) for name in odd]
    found = []
    for name in odd:
        like = next((nth for nth, other in enumerate(left) if not _differing(ours[name], other, name, fraction)), None)
        if like is None:
            found += _differing(ours[name], theirs.get(name, {}), f"vessels.{name}", fraction)
        else:
            del left[like]
    return found


def _results(ending: Ending) -> dict[str, dict[str, Any]]:
    return {name: results for name, (_, results) in ending.samples.items()}


def _differing(ours: Any, theirs: Any, at: str, fraction: float) -> list[str]:
    """Where two figures, or trees of them, are not the same; a figure that is missing counts as nothing."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        names = sorted({*ours, *theirs})
        return [
            each
            for name in names
            for each in _differing(ours.get(name, 0.0), theirs.get(name, 0.0), f"{at}.{name}", fraction)
        ]
    if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [each for number, (a, b) in pairs for each in _differing(a, b, f"{at}.{number}", fraction)]
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        same = isclose(ours, theirs, rel_tol=fraction, abs_tol=SAME)
    else:
        same = ours == theirs
    return [] if same else [f"{at}: {ours} instead of {theirs}"]
