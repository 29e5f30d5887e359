"""`athanor pause`, `skip`, `abort`, `retry`: control a run from any terminal."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(help="The run's folder.")]
Sample = Annotated[str, typer.Argument(help="Which sample, such as s003.")]


def pause(run: Folder) -> None:
    """Let a run begin no further task; what is at work comes to its end, firings go on. `resume` lets it go on.

    [dim]athanor pause runs/drop-cast-film-01[/]
    """
    from console.orders import give

    give(run, "pause")
    print(f"{run}: no further task begins; athanor resume {run} lets it go on")


def skip(run: Folder, sample: Sample) -> None:
    """Set a sample aside as soon as nothing is at work on it; its vessels are cleared away.

    [dim]athanor skip runs/drop-cast-film-01 s003[/]
    """
    from console.orders import give

    give(run, "skip", sample)
    print(f"{run}: {sample} is set aside once nothing is at work on it")


def abort(run: Folder, sample: Annotated[str, typer.Argument(help="Only this sample; else the run.")] = "") -> None:
    """Break off what is done for one sample alone, or a whole run, whose bench is then made safe.

    [dim]athanor abort runs/drop-cast-film-01 s003[/]
    """
    from console.orders import give

    give(run, "abort", sample)
    what = f"{sample} is broken off, and set aside" if sample else "everything is broken off, and made safe"
    print(f"{run}: {what}")


def retry(run: Folder, sample: Sample) -> None:
    """Let the task that stopped a run be done again, after you have looked, when the run is resumed.

    [dim]athanor retry runs/drop-cast-film-01 s003[/]
    """
    from console.orders import give

    give(run, "retry", sample)
    print(f"{run}: what failed for {sample} is done again by athanor resume {run}, if nothing is done twice by that")
