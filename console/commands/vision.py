"""`athanor vision`: render training pictures, train the eyes, score them, look at a picture."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from console.commands import vision_train
from console.options import Json

app = typer.Typer(no_args_is_help=True, help="Render training pictures, train the eyes, look at a picture.")
Weights = Annotated[Path | None, typer.Option("--weights", help="A .safetensors file; those in use if left out.")]
RenderStyle = Literal["photographs", "bench", "pairs"]
Data = Annotated[Path, typer.Argument(help="A folder that `vision render` wrote.")]


@contextmanager
def _progress(what: str, *, shown: bool = True) -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar with the time left, and what each step says; on stderr, so that results can be piped."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        TextColumn("{task.description}", style="dim"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as progress:
        bar = progress.add_task("", total=None)

        def show(done: int, of: int, text: str) -> None:
            progress.update(bar, completed=done, total=of, description=text)

        yield show


@app.command("render")
def render(
    out: Annotated[Path, typer.Argument(help="The folder to write.")],
    count: Annotated[int, typer.Option("--count", min=1, help="How many pictures.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
    style: Annotated[
        RenderStyle,
        typer.Option(
            "--style",
            help="Anything anybody may photograph; what a simulated bench sees; or that, in pairs of picture and mask.",
        ),
    ] = "photographs",
    behind: Annotated[
        Path | None, typer.Option("--behind", help="A folder of real photographs without vessels, to put behind some.")
    ] = None,
    processes: Annotated[int, typer.Option("--processes", min=1, help="How many draw at the same time.")] = 1,
    traced: Annotated[
        bool,
        typer.Option("--traced", help="Trace the paths of light, for seconds a picture; what is there is kept."),
    ] = False,
    samples: Annotated[int, typer.Option("--samples", min=1, help="Traced paths for each pixel.")] = 12,
) -> None:
    """Draw pictures of vessels with exact masks, to train on.

    [dim]athanor vision render data/renders --count 4000 --processes 2[/]
    """
    from hardware_sim.render.labelled import write_labelled
    from hardware_sim.render.truth import write_dataset
    from planning.errors import Refused

    if traced:
        if style != "photographs" or behind is not None:
            raise Refused("--traced draws all it shows itself", "Leave --style and --behind out")
        _trace(out, count, seed, samples, processes)
        return
    if out.exists() and any(out.iterdir()):
        raise Refused(f"{out} exists and is not empty", "Name another folder")
    if behind is not None and not behind.is_dir():
        raise Refused(f"--behind {behind} is no folder", "Name a folder of photographs")
    with _progress("rendering") as progress:
        if style == "pairs":
            write_dataset(out, count, seed, progress)
        else:
            write_labelled(out, count, seed, style=style, processes=processes, behind=behind, progress=progress)
    print(out)


def _trace(out: Path, count: int, seed: int, samples: int, processes: int) -> None:
    from hardware_sim.render.pathtracer.backend import TracerMissing
    from hardware_sim.render.pathtracer.series import AnotherSeries, write_traced
    from planning.errors import Refused

    try:
        with _progress("tracing") as progress:
            write_traced(out, count, seed, samples=samples, processes=processes, progress=progress)
    except AnotherSeries as err:
        raise Refused(str(err), "Name another folder, or the seed and the samples it was begun with") from err
    except TracerMissing as err:
        what, _, remedy = str(err).partition(". ")
        raise Refused(what, remedy) from err
    print(out)


@app.command("train")
def train(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="The weights to write.")],
    epochs: Annotated[int, typer.Option("--epochs", min=1)] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
) -> None:
    """Train new weights; broken off, it goes on from its last epoch when called again.

    [dim]athanor vision train data/renders --out eyes.safetensors[/]
    """
    from vision.training.train import train as train_eyes

    with _told(), _progress("training") as progress:
        train_eyes(data, out, seed=seed, epochs=epochs, progress=progress, commit=_commit())
    print(out)


app.command("teach")(vision_train.train)


@app.command("evaluate")
def evaluate(
    data: Annotated[Path, typer.Argument(help="A folder of labelled pictures, in any layout that is known.")],
    weights: Weights = None,
    readings: Annotated[
        Path | None, typer.Option("--readings", help="Score these lines of JSON instead, of whatever program.")
    ] = None,
    masks: Annotated[Path | None, typer.Option("--masks", help="With --readings: the folder of its masks.")] = None,
    baseline: Annotated[str, typer.Option("--baseline", help="Score hue or constant instead of weights.")] = "",
    hue_shifts: Annotated[
        bool, typer.Option("--hue-shifts", help="Score caps on copies with other hues, too.")
    ] = False,
    worst: Annotated[int, typer.Option("--worst", min=1, help="With --gallery: how many pictures.")] = 40,
    gallery: Annotated[Path | None, typer.Option("--gallery", help="Write a page of the worst pictures here.")] = None,
    as_json: Json = False,
) -> None:
    """Score eyes, or what a program read, on pictures with truth: masks, boxes, states, checks.

    [dim]athanor vision evaluate photographs --gallery worst.html[/]
    [dim]athanor vision evaluate photographs --readings lines.jsonl --masks masks --json[/]
    """
    from vision.labelled.opening import is_bench_render, open_labelled

    if is_bench_render(data):
        _evaluate_bench_renders(data, weights, as_json)
        return
    from console.scoring import choose_reader, show
    from planning.errors import Refused
    from vision.scores.evaluate import HUE_ANGLES_DEG, look_at_all
    from vision.scores.gallery import write_gallery

    if gallery is not None and not gallery.parent.is_dir():
        raise Refused(f"{gallery.parent} is no folder", "Make it, or write elsewhere")
    with _told():
        pictures = open_labelled(data)
        reader = choose_reader(pictures, weights, readings, masks, baseline, hue_shifts)
        with _progress("scoring") as progress:
            angles = HUE_ANGLES_DEG if hue_shifts else ()
            timed = readings is None and not baseline
            seen = look_at_all(pictures, reader, hue_angles_deg=angles, timed=timed, progress=progress)
        if gallery is not None:
            write_gallery(gallery, pictures, seen, reader, worst)
    show(data, seen, as_json)


def _evaluate_bench_renders(data: Path, weights: Path | None, as_json: bool) -> None:
    """Score the network of one vessel on renders of the film bench."""
    from vision.segmentation.weights import SHIPPED
    from vision.training.evaluate import evaluate as score

    with _told():
        scores = score(weights or SHIPPED, data)
    if as_json:
        print(json.dumps(scores, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("score", *scores, box=None)
    for name in next(iter(scores.values())):
        table.add_row(name, *(f"{by_view.get(name, float('nan')):.3f}" for by_view in scores.values()))
    Console().print(table)


@app.command("look")
def look(
    source: Annotated[str, typer.Argument(help="A picture, a folder of them, or a camera: 0, rtsp://...")],
    overlay: Annotated[
        Path | None, typer.Option("--overlay", help="Write the picture with what was seen here; of a folder, a folder.")
    ] = None,
    masks: Annotated[
        Path | None, typer.Option("--masks", help="Write STEM.vessel.png, .material.png and .spill.png to this folder.")
    ] = None,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Say what is in pictures: which vessels, how full, of what, capped, spilled. With --json one line per picture.

    [dim]athanor vision look photo.jpg --overlay out.png[/]
    """
    from console.looking import Wanted, look_at
    from vision.eyes import Eyes

    with _told(), _progress("looking", shown=Path(source).is_dir()) as progress:
        look_at(source, Eyes.load(weights), Wanted(as_json, overlay, masks), progress)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the eyes complain of into one plain sentence."""
    from planning.errors import Refused
    from vision.errors import DataUnreadable, RunDiffers, WeightsDamaged

    try:
        yield
    except (DataUnreadable, RunDiffers, WeightsDamaged) as err:
        raise Refused(str(err).rstrip("."), "Nothing was written") from err


def _commit() -> str:
    """The commit of the code that trains, for the record; unknown outside a checkout."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short=12", "HEAD"],  # noqa: S607
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
