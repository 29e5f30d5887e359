"""What `athanor vision evaluate` scores, and how it shows the scores."""

import json
from pathlib import Path

import numpy as np

from planning.errors import Refused
from vision.labelled.pictures import LabelledPictures
from vision.scores.baselines import constant, hue_rules
from vision.scores.case import Reader
from vision.scores.evaluate import Scores, Seen, as_json, by_source, scores_of
from vision.scores.readers import written_by_a_program
from vision.scores.report import lines, with_interval

BASELINES = ("hue", "constant")
COLOURS = {2: "green", 1: "cyan", 0: "red", -1: "default"}


def choose_reader(pictures: LabelledPictures, weights: Path | None, readings: Path | None, masks: Path | None,
                  baseline: str, hue_shifts: bool) -> Reader:  # fmt: skip
    """What was asked to be scored.

    Raises:
        Refused: wishes do not go together.
        DataUnreadable: the lines of a program cannot be read.
        WeightsDamaged: the weights cannot be used.
    """
    if sum((weights is not None, readings is not None, bool(baseline))) > 1:
        raise Refused("--weights, --readings and --baseline are three things to score", "Name one of them")
    if masks is not None and readings is None:
        raise Refused("--masks are those of a program, which --readings should name", "Add --readings LINES.jsonl")
    if readings is not None:
        if hue_shifts:
            raise Refused("--hue-shifts shows other pictures than the program of --readings saw", "Leave it out")
        return written_by_a_program(readings, masks)
    if baseline and baseline not in BASELINES:
        raise Refused(f"no baseline is called {baseline!r}", f"Use one of {', '.join(BASELINES)}")
    if baseline == "hue":
        return hue_rules
    if baseline:
        return constant(pictures)
    from vision.scores.present_eyes import present_eyes

    return present_eyes(weights)


def show(folder: Path, seen: list[Seen], json_wanted: bool) -> None:
    """Print the scores of all pictures, and of each source, with intervals over groups."""
    rng = np.random.default_rng(0)
    scores, sources = scores_of(seen, rng), by_source(seen)
    if json_wanted:
        groups = {each.truth.group or each.truth.name for each in seen}
        by = {source: as_json(scores_of(part, rng)) for source, part in sources.items()}
        print(json.dumps({"folder": str(folder), "pictures": len(seen), "groups": len(groups),
                          "scores": as_json(scores), "by_source": by}, indent=1))  # fmt: skip
        return
    _print_table(scores, {source: scores_of(part) for source, part in sources.items()})


def _print_table(scores: Scores, sources: dict[str, Scores]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("score", "ours (95 %)", "at least", "excellent", "of", *sources, box=None, header_style="bold")
    for line in lines([scores, *sources.values()]):
        metric, (ours, *parts) = line.metric, line.scores
        shown = Text(with_interval(metric, ours), style=COLOURS[line.cleared(ours)])
        table.add_row(
            metric.title, shown, *line.bars, str(ours.n) if ours else "", *(with_interval(metric, s) for s in parts)
        )
    Console().print(table)
    Console().print("green: excellent   cyan: at least what is asked   red: below", style="dim")
