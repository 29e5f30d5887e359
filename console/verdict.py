"""The verdict of a check and its timetable, for people."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from robot.clock import WallClock

if TYPE_CHECKING:
    from console.checking import Told
    from planning.preflight import Preflight
    from planning.schedule import Slot

COLUMNS = 48
"""Of a strip that shows when a device is at work."""
BARS = " ▁▂▃▄▅▆▇█"
MOST_ROWS = 12
"""Samples of which the timetable is shown."""
MARKS = {"error": "[red]✗[/]", "warning": "[yellow]![/]"}


def show(result: "Preflight", told: Sequence["Told"], *, timetable: bool = False) -> None:
    """Print a verdict, every finding with its line, and if it is wanted when everything should happen."""
    console = Console(highlight=False, soft_wrap=True)
    if result.passed:
        console.print(f"[green]✓[/] {_summary(result)}")
    for each in told:
        console.print(f"{MARKS[each.finding.level]} {escape(str(each))}\n     → {escape(each.finding.remedy)}")
    if timetable and result.timetable:
        console.print(_devices(result), _samples(result))


def _summary(result: "Preflight") -> str:
    low_s, high_s = result.duration_interval_s()
    end = WallClock().date().astimezone() + timedelta(seconds=result.duration_s)
    busiest = max(_uses(result), key=result.busy_fraction, default="")
    busy = f", {busiest} {100 * result.busy_fraction(busiest):.0f} % busy" if busiest else ""
    warnings = sum(finding.level == "warning" for finding in result.findings)
    marked = f"; {warnings} warning{'s' * (warnings > 1)}" if warnings else ""
    return (f"{result.samples} sample{'s' * (result.samples > 1)} fit: {hours(result.duration_s)} ({hours(low_s)} – "
            f"{hours(high_s)}){busy}, ends {end:%a %H:%M} if begun now{marked}")  # fmt: skip


def _uses(result: "Preflight") -> list[str]:
    """The devices that have something to do, in the order in which they begin."""
    slots = sorted(result.timetable, key=lambda slot: slot.start_s)
    return list(dict.fromkeys(device for slot in slots for device in sorted(slot.task.uses)))


def _devices(result: "Preflight") -> Table:
    """A strip for each device, as full as it is busy."""
    table = Table("device", "busy", f"from 0:00 to {_clock(result.duration_s)}", box=None, padding=(0, 2, 0, 0))
    for device in _uses(result):
        slots = [slot for slot in result.timetable if device in slot.task.uses]
        strip = "".join(BARS[round(share * (len(BARS) - 1))] for share in _shares(slots, result.duration_s))
        table.add_row(device, f"{100 * result.busy_fraction(device):.0f} %", f"[cyan]{strip}[/]")
    return table


def _shares(slots: Sequence["Slot"], end_s: float) -> Iterator[float]:
    """How much of each column's time is taken up."""
    width_s = end_s / COLUMNS
    for column in range(COLUMNS):
        from_s, to_s = column * width_s, (column + 1) * width_s
        yield min(sum(max(min(slot.end_s, to_s) - max(slot.start_s, from_s), 0.0) for slot in slots) / width_s, 1.0)


def _samples(result: "Preflight") -> Table:
    """When each of the first samples begins and ends, and what takes it longest."""
    of_sample: dict[str, list[Slot]] = {}
    for slot in result.timetable:
        for sample in slot.task.samples:
            of_sample.setdefault(sample, []).append(slot)
    table = Table("sample", "begins", "ends", "longest step", box=None, padding=(0, 2, 0, 0))
    for sample, slots in sorted(of_sample.items())[:MOST_ROWS]:
        longest = max(slots, key=lambda slot: slot.end_s - slot.start_s)
        span = f"{longest.task.step} {_clock(longest.start_s)} – {_clock(longest.end_s)}"
        table.add_row(sample, _clock(min(s.start_s for s in slots)), _clock(max(s.end_s for s in slots)), span)
    if len(of_sample) > MOST_ROWS:
        table.add_row("…", "", "", f"and {len(of_sample) - MOST_ROWS} more: --json tells of all")
    return table


def as_data(result: "Preflight", told: Sequence["Told"]) -> dict[str, Any]:
    """The same for programs."""
    return {
        "verdict": "fail" if not result.passed else "pass with warnings" if result.findings else "pass",
        "passed": result.passed,
        "samples": result.samples,
        "duration_s": result.duration_s,
        "duration_interval_s": list(result.duration_interval_s()),
        "findings": [each.as_data() for each in told],
        "timetable": [
            {"task": slot.task.id, "samples": slot.task.samples, "start_s": slot.start_s, "end_s": slot.end_s}
            for slot in result.timetable
        ],
    }


def hours(seconds: float) -> str:
    """A duration for people.

    >>> hours(24060)
    '6 h 41 min'
    """
    whole_min = round(seconds / 60)
    return f"{whole_min // 60} h {whole_min % 60:02d} min" if whole_min >= 60 else f"{whole_min} min"


def _clock(seconds: float) -> str:
    """Hours and minutes since the beginning.

    >>> _clock(4000)
    '1:06'
    """
    return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02d}"
