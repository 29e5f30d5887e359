"""The pieces of each page: what the service tells of a run, drawn. No piece keeps anything."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from console.dashboard.drawing import clock, draw, parts_of
from console.dashboard.furnace_curves import furnace_curves
from console.dashboard.layout import address
from console.dashboard.lines import lines_of
from console.dashboard.scenery import part_colours, scenery
from console.dashboard.sentence import capital, sentence
from console.dashboard.sight import Sight
from console.dashboard.timetable import legend, timetable
from console.dashboard.words import doing, duration, figure, named
from console.service.views import Device, Look, RunBrief, Sample
from robot.device_settings import FurnaceSettings
from vision.segmentation.weights import SHIPPED

LIVE = frozenset({"runs", "paused", "hangs"})
LOOKS = 30
MOST_SAMPLES = 60
PARTS_OF_SETS = (", bench", ", random")
SCORES = {
    "pictures": "pictures", "presence_accuracy": "vessel or none, right", "content_accuracy": "content right",
    "fill_error_median": "fill off by", "iou_vessel": "outline of the vessel",
}  # fmt: skip
"""Which scores are shown, in words."""


def sentence_of(sight: Sight) -> str:
    """How it stands."""
    best = sight.best()
    told = f"{figure(best[1])} {sight.unit} ({best[0]})" if best else ""
    return draw("sentence", said=sentence(sight.run(), sight.timeline().end_s, told))


def _when(sight: Sight) -> Any:
    brief = sight.brief()
    return clock(sight.begin_s, brief.now_s, sight.speed, is_live=brief.state in LIVE and brief.date is not None)


def devices(sight: Sight) -> str:
    """Every device with its state, values and alarms."""
    bench = sight.bench()
    return draw(
        "devices",
        bench=bench,
        alarms=bench.alarms,
        when=_when(sight),
        doing_of=partial(_doing, sight),
        figures_of=_figures,
    )


def _doing(sight: Sight, device: Device) -> str:
    skill = next((bar.skill for bar in sight.timeline().actual if bar.task == device.task), "")
    sample = device.task.partition(".")[0]
    return f"{doing(skill)} {sample}" if skill else device.doing.replace("_", " ")


def _figures(device: Device) -> Iterator[tuple[str, str, float]]:
    for each in device.figures:
        name, unit = named(each.name)
        if isinstance(each.value, list):
            yield name, f"{', '.join(f'{value:.0f}' for value in each.value)} {unit}", each.at_s
        elif isinstance(each.value, bool) or not isinstance(each.value, float | int):
            yield name, "–" if each.value is None else str(each.value).replace("_", " "), each.at_s
        elif name not in ("ticket", "count"):
            yield name, f"{each.value:.1f} {unit}" if unit == "°C" else figure(each.value, unit), each.at_s


def scene(sight: Sight) -> dict[str, Any]:
    """The bench in three dimensions."""
    return scenery(sight.lab, sight.bench())


def cameras(sight: Sight) -> str:
    """The last look of each camera."""
    last = {look.camera: look for look in sorted(sight.looks(), key=lambda look: look.event)}
    return draw("cameras", run=sight.name, looks=list(last.values()), when=_when(sight))


def furnaces(sight: Sight) -> str:
    """Each furnace's curve against its programme."""
    return draw("furnaces", furnaces=list(_furnaces(sight)))


def _furnaces(sight: Sight) -> Iterator[tuple[str, Any, str]]:
    bench = sight.bench()
    for name, settings in sight.lab.devices.items():
        if isinstance(settings, FurnaceSettings):
            known = {
                curve.quantity: list(zip(curve.times_s, curve.values, strict=True)) for curve in sight.curves(name)
            }
            temperature, setpoint = known.get("temperature_c", []), known.get("setpoint_c", [])
            drawn = furnace_curves(temperature, setpoint, bench.now_s, settings.handle_below_c)
            if drawn is not None:
                text = f"{temperature[-1][1]:.1f} °C when it was read last. Dashed: its programme; dotted: below it the arm may reach in."
                yield name, drawn, text


def stocks(sight: Sight) -> str:
    """What is left in store."""
    return draw("stocks", stocks=sight.bench().stocks, colours=part_colours(sight.lab))


def timetable_of(sight: Sight, *, whole: bool) -> str:
    """Devices against time."""
    shown = sight.timeline()
    drawn = timetable(shown, whole=whole) if shown.actual else None
    return draw("timetable", drawn=drawn, legend=legend(shown), why_no_plan=shown.why_no_plan)


def questions(sight: Sight, *, may_act: bool) -> str:
    """What waits for a person."""
    return draw("questions", run=sight.name, questions=sight.questions(), when=_when(sight), may_act=may_act)


def orders(sight: Sight, *, may_act: bool) -> str:
    """What may be told to the run as a whole."""
    brief = sight.run().brief
    return draw("orders", run=sight.name, brief=brief, is_live=brief.state in LIVE, may_act=may_act)


def samples(sight: Sight, *, may_act: bool) -> str:
    """Every sample, those under way first, then the last."""
    run = sight.run()
    under_way = [sample for sample in run.samples if sample.status == "under way"]
    ended = [sample for sample in reversed(run.samples) if sample.status != "under way"]
    return draw(
        "samples", run=sight.name, samples=[*under_way, *ended][:MOST_SAMPLES], colours=part_colours(sight.lab), may_act=may_act,
        parts_of=lambda sample: parts_of(sample.values), step_of=_step, ending_of=partial(_ending, run.brief.now_s),
        result_of=partial(_result, sight.quantity), quantity=capital(named(sight.quantity)[0]), is_live=run.brief.state in LIVE,
        failed=_failed(run.alarms),
    )  # fmt: skip


def _failed(alarms: Sequence[Any]) -> set[str]:
    return {alarm.task.partition(".")[0] for alarm in alarms if alarm.kind == "stopped"}


def _step(sample: Sample) -> str:
    return capital(sample.step.partition(".")[2].replace("_", " ").replace(".", ", ") or sample.step)


def _ending(now_s: float, sample: Sample) -> str:
    if sample.ended_s is not None:
        return f"{duration(now_s - sample.ended_s)} ago"
    return f"in {duration(max(sample.expected_end_s - now_s, 0.0))}" if sample.expected_end_s else ""


def _result(quantity: str, sample: Sample) -> str:
    value = sample.results.get(quantity)
    return figure(float(value), named(quantity)[1]) if isinstance(value, int | float) else ""


def journal(sight: Sight, kind: str, sample: str) -> str:
    """The last lines of a kind, newest first."""
    return draw("journal", lines=lines_of(sight.events(), kind, sample), when=_when(sight))


def looks(sight: Sight, answer: str, *, may_act: bool) -> str:
    """Looks by verdict, the most doubtful first."""
    wanted = [
        look for look in sight.looks() if answer in ("", look.answer) or (answer == "overruled" and look.overruled)
    ]
    wanted.sort(key=_by_doubt)
    return draw("looks", run=sight.name, looks=wanted[:LOOKS], when=_when(sight), may_act=may_act)


def _by_doubt(look: Look) -> tuple[bool, float, float]:
    return bool(look.overruled), -look.doubt_fraction, -look.at_s


def counts(looks: Sequence[Look]) -> Mapping[str, int]:
    """How many looks there are of each answer."""
    answers = [look.answer for look in looks]
    return {"": len(looks), **{each: answers.count(each) for each in ("unknown", "no", "yes")},
            "overruled": sum(bool(look.overruled) for look in looks)}  # fmt: skip


def others(briefs: Sequence[RunBrief], shown: str) -> str:
    """The other runs in the folder, the newest last."""
    return draw("others", briefs=[brief for brief in briefs if brief.name != shown], address=address)


def weights() -> str:
    """The weights that look, and how well they do on pictures that they were not trained on."""
    record = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    sets = [
        (name.removesuffix(", all"), scores)
        for name, scores in record["scores"].items()
        if not name.endswith(PARTS_OF_SETS)
    ]
    return draw("weights", digits=record["sha256"][:8], date=record["training"]["date"], sets=sets, names=SCORES)
