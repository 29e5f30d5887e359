"""Puts the page together. It is a projection of the journal: written twice from the same folder it is the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console.report.gallery import looks
from console.report.incidents import counts, incidents
from console.report.landscape import foresight, landscape
from console.report.maps import maps_of
from console.report.patterns import patterns
from console.report.progress import progress
from console.report.story import Story, read_story
from console.report.timeline import furnace_trace, gantt
from planning.campaign import flat
from planning.executor import Sample
from planning.inventory import Inventory
from robot.device_settings import FurnaceSettings

PART_COLOURS = ("#4477aa", "#ee6677", "#228855", "#ccaa33", "#66ccee", "#aa3377", "#8f9bb3")
"""After Paul Tol's bright scheme."""
UNITS = {"c": "°C", "min": "min", "s": "s", "h": "h", "ul": "µl", "ml": "ml", "mm": "mm", "mg": "mg", "fraction": ""}
COPIES = ("campaign.yaml", "protocol.yaml", "lab.yaml")


@dataclass(frozen=True)
class Share:
    """One part of a mixture, for a bar."""

    name: str
    fraction: float
    colour: str


@dataclass(frozen=True)
class Supply:
    """What was used of something in store."""

    name: str
    used: float
    total: float
    unit: str


def write_report(folder: Path) -> Path:
    """Write `report.html` into a run's folder, from what lies there; return its path.

    Raises:
        FileProblem, Refused: this is no run's folder.
    """
    target = folder / "report.html"
    target.write_text(render(read_story(folder)), encoding="utf-8")
    return target


def render(story: Story) -> str:
    """The page as HTML that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "figure3": figure3,
        "words": lambda name: name.replace("_", " "),
        "measure": with_unit,
    }
    return environment.get_template("report.html.j2").render(_context(story))


def _context(story: Story) -> dict[str, Any]:
    seen = looks(story)
    best = story.chosen.best() if story.chosen else None
    shown_first = best[0].name if best else next(iter(story.samples), "")
    began = next((event.data for event in story.said("run_started")), {})
    return {
        "story": story,
        "title": story.campaign.campaign if story.campaign else story.recipe.protocol,
        "began": began,
        "dates": _dates(story),
        "best": best,
        "expected": _expected(story),
        "unit": story.campaign.goals()[0].unit if story.campaign else "",
        "shares": (parts := shares(story)),
        "has_mixtures": any(parts.values()),
        "counts": counts(story),
        "aside": [sample for sample in story.samples.values() if sample.status == "set aside"],
        "progress": progress(story),
        "landscape": landscape(story),
        "maps": maps_of(story.chosen.designer) if story.chosen else [],
        "foresight": foresight(story),
        "gantt": gantt(story),
        "furnaces": [
            (name, *trace)
            for name, device in story.lab.devices.items()
            if isinstance(device, FurnaceSettings) and (trace := furnace_trace(story, name, device.handle_below_c))
        ],
        "patterns": patterns(story),
        "looks": seen,
        "telling": [look for look in seen if look.sample == shown_first]
        + [look for look in seen if look.answer != "yes" and look.sample != shown_first],
        "plain": [look for look in seen if look.answer == "yes" and look.sample != shown_first],
        "parameters": _parameters(story),
        "flat": flat,
        "supplies": supplies(story),
        "incidents": incidents(story),
        "provenance": dict(_facts({**story.origin, **began})),
        "copies": {name: _text(story.folder / name) for name in COPIES if (story.folder / name).exists()},
    }


def figure3(value: float) -> str:
    """Three figures, without an exponent where people would not write one.

    >>> figure3(1143.7), figure3(0.012345)
    ('1140', '0.0123')
    """
    return f"{float(f'{value:.3g}'):g}"


def with_unit(name: str, value: float) -> str:
    """A parameter in words: its name wears its unit.

    >>> with_unit("anneal_c", 140.0), with_unit("hold_min", 20.0), with_unit("cycles", 2.0)
    ('anneal 140 °C', 'hold 20 min', 'cycles 2')
    """
    stem, _, suffix = name.rpartition("_")
    if suffix in UNITS:
        return f"{stem.replace('_', ' ')} {value:.4g} {UNITS[suffix]}"
    return f"{name.replace('_', ' ')} {value:.4g}"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _dates(story: Story) -> tuple[str, str] | None:
    """First and last moment as dates; None on virtual time, which has none."""
    epoch_s = story.origin.get("epoch_s")
    if epoch_s is None:
        return None
    first, last = (
        datetime.fromtimestamp(epoch_s, UTC) + timedelta(seconds=at_s) for at_s in (story.start_s, story.end_s)
    )
    return f"{first:%Y-%m-%d %H:%M}", f"{last:%Y-%m-%d %H:%M} UTC"


def _expected(story: Story) -> tuple[float, float] | None:
    """What the model, knowing all results, expects of the best sample's recipe."""
    best = story.chosen.best() if story.chosen else None
    if story.chosen is None or best is None or not story.chosen.designer.has_model:
        return None
    medians, halves = story.chosen.designer.predict([flat(best[0].request.values)])
    return float(medians[0]), float(halves[0])


def shares(story: Story) -> Mapping[str, list[Share]]:
    """Each sample's mixture parts, with the same colours throughout."""
    return {sample.name: list(_shares_of(sample)) for sample in story.samples.values()}


def _shares_of(sample: Sample) -> Iterator[Share]:
    for mixture in sample.bound.values.values():
        if isinstance(mixture, Mapping):
            for index, (part, fraction) in enumerate(mixture.items()):
                yield Share(part, fraction, PART_COLOURS[index % len(PART_COLOURS)])


def _parameters(story: Story) -> list[str]:
    """The parameters that differ between samples, and mixtures' parts always."""
    points = [flat(sample.bound.values) for sample in story.samples.values()]
    names = list(dict.fromkeys(name for point in points for name in point))
    return [name for name in names if "." in name or len({point.get(name) for point in points}) > 1]


def supplies(story: Story) -> list[Supply]:
    """What was taken from racks, stocks and powders, counted from steps that ended."""
    inventory = Inventory(story.lab)
    for _ in story.samples:
        inventory.allot(story.recipe)
    for event in story.said("task_done"):
        inventory.use(event.data["result"].get("volumes_ul", {}))
        inventory.use_powders(event.data["result"].get("masses_mg", {}))
    racks = [
        Supply(site, taken, story.lab.sites[site].stock, story.lab.sites[site].holds or "")
        for site, taken in inventory.vessels_taken.items()
    ]
    stocks = [
        Supply(name, inventory.stock_used_ul.get(name, 0.0) / 1000, stock.volume_ml - stock.dead_volume_ml, "ml")
        for name, stock in story.lab.stocks.items()
    ]
    powders = [
        Supply(name, inventory.powder_used_mg.get(name, 0.0) / 1000, powder.mass_g, "g")
        for name, powder in story.lab.powders.items()
    ]
    return stocks + powders + racks


def _facts(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested figures as lines, without the samples' own parameters (they stand in the table)."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _facts(value, f"{prefix}{name} ")
        elif value not in (None, "", []) and name != "samples":
            yield f"{prefix}{name}", str(value)
