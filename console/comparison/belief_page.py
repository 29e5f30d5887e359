"""A designer as a page: what it believes, what it would do next and why, and whether to stop."""

from html import escape
from pathlib import Path

from console.comparison.page import STYLE
from console.report.landscape import slices_of
from console.report.maps import maps_of
from console.report.story import read_story
from planning.design.designer import Designer
from planning.design.suggestion import Suggestion
from planning.errors import Refused


def designer_at(source: Path) -> Designer:
    """The designer of a run's folder, or of a JSON document.

    Raises:
        Refused: there is none.
    """
    if source.is_dir():
        story = read_story(source)
        if story.chosen is None:
            raise Refused(f"{source} is no campaign's folder", "Name one in which a designer chose")
        return story.chosen.designer
    try:
        return Designer.from_json(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise Refused(f"{source} is no designer: {err}", "Name a run's folder, or what --state wrote") from err


def write_belief(path: Path, designer: Designer) -> Path:
    """Write the page; return its path."""
    parts = [f"<h1>{escape(', '.join(goal.name for goal in designer.objectives))}</h1>", *_words(designer)]
    figures = [(title, shown, text) for title, shown, text in maps_of(designer)]
    measured = [
        (each.point, designer.objective.shown(each.values[designer.objective.name]))
        for each in designer.history.measured
    ]
    if measured and (drawn := slices_of(designer, designer.best(), "the best point", measured)) is not None:
        figures.insert(0, ("Along each parameter", *drawn))
    parts += [f"<h2>{escape(title)}</h2>{shown}<p>{escape(text)}</p>" for title, shown, text in figures]
    page = f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Designer</title><style>{STYLE}</style>"
    path.write_text(f"{page}{''.join(parts)}</html>\n", encoding="utf-8")
    return path


def _words(designer: Designer) -> list[str]:
    count, failed = len(designer.history.measured), len(designer.history.failures)
    told = [f"{count} results, {failed} failures. Strategy {designer.choice.name}: {designer.choice.why}."]
    if count:
        point, value = designer.best()
        told.append(f"Best: {_text(point)}, expected {designer.objective.text(value)}.")
    if (advice := designer.advise()) is not None:
        told.append(f"{'Time to stop' if advice.stop else 'Worth going on'}: {advice.why}.")
    if (drift := designer.drift()) is not None:
        told.append(f"Batch {drift.batch} came out {drift.shift:.2g} off the others (in utility); look at the bench.")
    told += _reasons(designer, designer.ask()[0])
    return [f"<p>{escape(sentence)}</p>" for sentence in told]


def _reasons(designer: Designer, suggestion: Suggestion) -> list[str]:
    told = [f"Next: {_text(suggestion.point)}: {suggestion.reason}."]
    if (why := suggestion.why) is not None:
        near = ", ".join(
            f"{_text(designer.history.measured[each.index].point)} ({each.distance:.2g} length scales off)"
            for each in why.neighbours
        )
        told.append(
            f"Expected gain {why.gain:.2g} in utility, {why.exploit_fraction:.0%} of it from the mean and the rest from doubt; "
            f"chance of a result {why.success_fraction:.0%}; {why.against}. Nearest results: {near}."
        )
    return told


def _text(point: dict[str, object]) -> str:
    shown = {name: f"{value:.3g}" if isinstance(value, float) else str(value) for name, value in point.items()}
    return ", ".join(f"{name} {value}" for name, value in shown.items() if value != "0")
