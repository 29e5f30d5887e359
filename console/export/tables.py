"""The tables of a run as CSV: samples, results, events with their hashes, telemetry."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from console.report.story import Story
from planning.executor import Sample

TABLES = {
    "samples.csv": "one line for each sample: its parameters, results and how it ended",
    "results.csv": "one line for each figure that was measured",
    "events.csv": "the journal: one line for each event, chained by SHA-256",
    "telemetry.csv": "what devices showed in between",
}


def write_tables(story: Story, chained: Iterable[Sequence[Any]], target: Path) -> None:
    """Write all tables into a folder; `chained` are the journal's rows as they are stored, the run's key first."""
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]] = {
        "samples.csv": _samples(story),
        "results.csv": (("sample", "quantity", "value", "time_s", "device", "task"), _results(story)),
        "events.csv": (
            ("seq", "time_s", "kind", "sample", "task", "device", "data", "hash"),
            (row[1:] for row in chained),
        ),
        "telemetry.csv": (
            ("time_s", "device", "quantity", "value"),
            ((reading.time_s, reading.device, reading.quantity, reading.value) for reading in story.readings),
        ),
    }
    for name in TABLES:
        header, rows = tables[name]
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(header)
            table.writerows(rows)


def parameters(sample: Sample) -> dict[str, Any]:
    """A sample's parameters by name, parts of mixtures with a dot."""
    return _flat(sample.request.values)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested names joined by dots.

    >>> _flat({"blend": {"p3ht": 0.4}, "anneal_c": 140.0})
    {'blend.p3ht': 0.4, 'anneal_c': 140.0}
    """
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return flat


def _samples(story: Story) -> tuple[Sequence[str], list[Sequence[Any]]]:
    lines: list[dict[str, Any]] = [
        {"sample": sample.name, "status": sample.status, "why": sample.why, "reason": sample.request.reason,
         "ended_s": story.ended_s.get(sample.name, "")} | parameters(sample) | _flat(sample.results)
        for sample in story.samples.values()
    ]  # fmt: skip
    names = list(dict.fromkeys(name for line in lines for name in line)) or ["sample"]
    return names, [[line.get(name, "") for name in names] for line in lines]


def _results(story: Story) -> list[Sequence[Any]]:
    return [
        (event.sample, event.data["quantity"], event.data["value"], event.time_s, event.device, event.task)
        for event in story.said("measured")
    ]
