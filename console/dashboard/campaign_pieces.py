"""The pieces of the campaign's page: what was found, what the model believes, what it suggests."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from console.dashboard import words
from console.dashboard.drawing import draw, parts_of
from console.dashboard.pieces import LIVE
from console.dashboard.scenery import part_colours
from console.dashboard.sight import Sight
from console.report.landscape import foresight, landscape
from console.report.maps import maps_of
from console.report.progress import progress


def best(sight: Sight) -> str:
    """The best sample so far, what the model expects of it, whether it is worth going on."""
    found, story = sight.best(), sight.story()
    shown = None
    if found is not None and story.chosen is not None:
        values = next(sample.values for sample in sight.run().samples if sample.name == found[0])
        designer = story.chosen.designer
        expected = None
        if designer.has_model:
            from planning.campaign import flat

            medians, halves = designer.predict([flat(values)])
            expected = float(medians[0]), float(halves[0])
        shown = SimpleNamespace(
            name=found[0], value=found[1], parts=parts_of(values), settings=words.values(values), expected=expected
        )
    advice = story.chosen.designer.advise() if story.chosen is not None and story.chosen.designer.has_model else None
    return draw("best", best=shown, unit=sight.unit, colours=part_colours(sight.lab), advice=advice)


def figures(sight: Sight) -> str:
    """What was found over time, and what the model believes of the space."""
    return draw("figures", figures=list(_figures(sight)))


def _figures(sight: Sight) -> Iterator[tuple[str, Any, str]]:
    story = sight.story()
    for title, drawn in (
        ("Best so far", progress(story)),
        ("Slices through the model at the best point", landscape(story)),
    ):
        if drawn is not None:
            yield title, *drawn
    if story.chosen is not None:
        yield from maps_of(story.chosen.designer)
    if (told := foresight(story)) is not None:
        yield "Predicted and measured", *told


def suggestions(sight: Sight, *, may_act: bool) -> str:
    """What the designer wants, and why: first what waits for a person, then what is under way."""
    waiting = [
        _shown(name, "held" if each.is_held else "waits", each.request.values, each.request.reason)
        for name, each in sight.proposals().items()
    ]
    begun = [
        _shown(sample.name, "under way", sample.values, sample.reason)
        for sample in reversed(sight.run().samples) if sample.status == "under way"
    ]  # fmt: skip
    run = sight.run()
    example = run.samples[-1].values if run.samples else None
    return draw(
        "suggestions", run=sight.name, suggestions=[*waiting, *begun], colours=part_colours(sight.lab), may_act=may_act,
        is_live=run.brief.state in LIVE, example=example,
    )  # fmt: skip


def _shown(name: str, state: str, values: Mapping[str, Any], reason: str) -> dict[str, Any]:
    return {"name": name, "state": state, "reason": reason or "named beforehand", "point": dict(values), "parts": parts_of(values),
            "settings": words.values(values)}  # fmt: skip
