"""What each step will do, in one sentence: with the figures filled in, and the sites, devices and times they mean."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from planning.liquids import tips_needed
from planning.protocol.binding import Bound, BoundStep
from planning.schedule import Slot
from planning.task import Task
from robot.config import LabConfig


def explain(bound: Bound, slots: Sequence[Slot], lab: LabConfig) -> list[str]:
    """One line for each step of a sample, numbered, in the order in which they are planned to begin.

    Args:
        bound: the sample's protocol with its figures.
        slots: its part of a timetable, from `Preflight.timetable`.
        lab: the bench.
    """
    of_step: dict[str, list[Slot]] = {}
    for slot in sorted(slots, key=lambda slot: (slot.start_s, slot.end_s)):
        of_step.setdefault(slot.task.step, []).append(slot)
    steps = sorted(bound.assumed, key=lambda step: of_step[step.name][0].start_s if step.name in of_step else 0.0)
    width = max(len(step.name) for step in steps)
    return [
        f"{number:3d}  {step.name:{width}}  {_span(of_step.get(step.name, ()))}  {_sentence(step, of_step, lab)}"
        for number, step in enumerate(steps, start=1)
    ]


def _span(slots: Iterable[Slot]) -> str:
    """When a step begins and ends, in hours and minutes from the run's start."""
    times_s = [time_s for slot in slots for time_s in (slot.start_s, slot.end_s)]
    return (
        " – ".join(f"{int(s // 3600)}:{int(s % 3600 // 60):02d}" for s in (min(times_s), max(times_s)))
        if times_s
        else "–"
    )


def _sentence(step: BoundStep, of_step: Mapping[str, Sequence[Slot]], lab: LabConfig) -> str:
    clauses = [
        _SAY[slot.task.skill](slot.task, slot.task.arguments) + _with_tips(tips_needed(lab, slot.task))
        for slot in of_step.get(step.name, ())
    ]
    text = ", then ".join(clauses) or "nothing has to be done"
    for earlier, minutes in step.within_min.items():
        text += f"; begins within {minutes:g} min of {earlier}"
    for earlier, minutes in step.not_before_min.items():
        text += f"; begins {minutes:g} min or more after {earlier}"
    return f"{text[:1].upper()}{text[1:]}."


def _with_tips(count: int) -> str:
    return f" and {count} fresh tip{'s' * (count > 1)}" if count else ""


def _place(site: Sequence[Any]) -> str:
    return f"{site[0]}" if not site[1] else f"{site[0]} place {site[1]}"


def _programme(segments: Sequence[Sequence[float]]) -> str:
    ramps = []
    for to_c, rate_c_per_min, hold_min in segments:
        rate = f" at {rate_c_per_min:g} °C/min" if rate_c_per_min else ""
        ramps.append(f"to {to_c:g} °C{rate}" + (f", hold {hold_min:g} min" if hold_min else ""))
    return "; ".join(ramps)


def _parts(amounts: Mapping[str, float], unit: str) -> str:
    return ", ".join(f"{amount:.4g} {unit} {name}" for name, amount in amounts.items())


def _look(task: Task, details: Mapping[str, Any]) -> str:
    wishes = {name: wish for name, wish in (details["expectation"] or {}).items() if name != "tolerance"}
    if "fill" in wishes:
        wishes["fill"] = f"{details['fill_height_fraction']:.2f} of its height"
    said = ", ".join(f"{name} {_word(wish)}" for name, wish in wishes.items())
    return f"look at {details['vessel']} with {details['camera']}" + (f" and expect {said}" if said else "")


def _word(wish: object) -> str:
    return {True: "yes", False: "no"}.get(wish, str(wish)) if isinstance(wish, bool) else str(wish)


def _decide(task: Task, details: Mapping[str, Any]) -> str:
    must = ", else the sample is set aside" if details["must"] else ""
    return f"decide whether {details['condition']} (planned as {_word(details['planned'])}){must}"


def _ask(task: Task, details: Mapping[str, Any]) -> str:
    patience = f" and wait {details['time_out_s'] / 60:g} min" if details["time_out_s"] else ""
    silent = f"; without answer: {details['if_silent']}" if details["time_out_s"] else ""
    return f"ask a person “{details['question']}”{patience}{silent}"


def _diffract(task: Task, details: Mapping[str, Any]) -> str:
    kept = f"the fraction of {details['of']}" if details["of"] else "all phase fractions"
    span = f"{details['start_deg']:g} to {details['end_deg']:g}°"
    return f"scan {span} in {details['diffractometer']} and keep {kept} as {details['quantity']}"


_SAY: Mapping[str, Callable[[Task, Mapping[str, Any]], str]] = {
    "carry": lambda task, d: f"carry {d['vessel']} from {_place(d['source'])} to {_place(d['to'])}",
    "dose": lambda task, d: f"dose {_parts(d['volumes_ul'], 'µl')} into {d['vessel']} with {d['pipette']}",
    "dose_powder": lambda task, d: f"let {_parts(d['masses_mg'], 'mg')} fall into {d['vessel']} with {d['doser']}",
    "shake": lambda task, d: f"shake on {d['handler']} at {d['speed_rpm']:g} rpm for {d['for_s'] / 60:g} min",
    "transfer_powder": lambda task, d: (
        f"tap {d['mass_mg']:g} mg over from {d['vessel']} into {d['into']} with {d['handler']}"
    ),
    "cast": lambda task, d: f"cast {d['volume_ul']:g} µl from {d['vessel']} onto {d['film']} with {d['pipette']}",
    "transfer": lambda task, d: (
        f"transfer {d['volume_ul']:g} µl from {d['vessel']} into {d['into']} with {d['pipette']}"
    ),
    "mix": lambda task, d: (
        f"draw and push back {d['volume_ul']:g} µl of {d['vessel']} {d['cycles']} times with {d['pipette']}"
    ),
    "wash": lambda task, d: f"rinse {d['pipette']} {d['cycles']} times with {d['volume_ul']:g} µl {d['liquid']}",
    "heat": lambda task, d: (
        f"heat {len(task.samples)} vessel{'s' * (len(task.samples) > 1)} in {d['furnace']} {_programme(d['segments'])}"
    ),
    "warm": lambda task, d: (
        f"warm on {d['plate']} {_programme(d['segments'])}"
        + (f", stirring at {d['speed_rpm']:g} rpm" if d["speed_rpm"] else "")
    ),
    "stir": lambda task, d: f"stir on {d['plate']} at {d['speed_rpm']:g} rpm for {d['for_s'] / 60:g} min",
    "cool": lambda task, d: f"wait until {d['device']} is below {d['below_c']:g} °C",
    "look": _look,
    "weigh": lambda task, d: (
        f"weigh {d['vessel']} on {d['balance']}" + (f" and keep it as {d['quantity']}" if d["quantity"] else "")
    ),
    "measure": lambda task, d: f"measure with {d['meter']} and keep the result as {d['quantity']}",
    "diffract": _diffract,
    "cap": lambda task, d: f"screw a cap onto {d['vessel']} in {d['capper']}",
    "uncap": lambda task, d: f"take the cap off {d['vessel']} in {d['capper']}",
    "wait": lambda task, d: f"wait {d['for_s'] / 60:g} min",
    "ask": _ask,
    "decide": _decide,
}
