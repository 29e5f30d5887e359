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
def _progress(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar with the time left, and what each step says."""
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
    with Progress(*columns) as progress:
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
) -> None:
    """Draw pictures of vessels with exact masks, to train on.

    [dim]athanor vision render data/renders --count 4000 --processes 2[/]
    """
    from hardware_sim.render.labelled import write_labelled
    from hardware_sim.render.truth import write_dataset
    from planning.errors import Refused

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
def evaluate(data: Data, weights: Weights = None, as_json: Json = False) -> None:
    """Score weights on pictures with truth.

    [dim]athanor vision evaluate data/renders --json[/]
    """
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
    image: Annotated[Path, typer.Argument(help="A photograph.")],
    labware: Annotated[str, typer.Option("--labware", help="Which kind of vessel should be there.")] = "vial-8ml",
    overlay: Annotated[Path | None, typer.Option("--overlay", help="Write the picture with its mask here.")] = None,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Say what is in a picture: is a vessel there, how full, of what.

    [dim]athanor vision look photo.jpg --overlay out.png[/]
    """
    import cv2
    import numpy as np

    from planning.errors import Refused
    from robot.labware import LIBRARY
    from vision.eyes import Eyes
    from vision.frame import Frame
    from vision.overlay import overlay as draw

    if labware not in LIBRARY:
        raise Refused(f"no labware is called {labware!r}", f"Use one of {', '.join(LIBRARY)}")
    if overlay is not None and not overlay.parent.is_dir():
        raise Refused(f"{overlay.parent} is no folder", "Make it, or write elsewhere")
    pixels = cv2.imread(str(image), cv2.IMREAD_COLOR) if image.is_file() else None
    if pixels is None:
        raise Refused(f"{image} is no picture that can be read", "Name a JPEG or PNG file")
    frame = Frame(np.asarray(pixels[:, :, ::-1], dtype=np.uint8), image.name, 0.0)
    with _told():
        seen = Eyes.load(weights).look(frame, LIBRARY[labware])
    if overlay is not None:
        cv2.imwrite(str(overlay), draw(frame, seen)[:, :, ::-1])
    level = seen.fill_height_fraction
    if as_json:
        fill = None if level is None else {"mean": level.mean, "std": level.std}
        print(json.dumps({"image": image.name, "present": seen.present, "content": seen.content,
                          "fill_height_fraction": fill, "quality": seen.quality}))  # fmt: skip
        return
    content, share = max(seen.content.items(), key=lambda item: item[1])
    fill_text = f"fill {level.mean:.2f} ± {level.std:.2f}" if level else "fill unknown"
    print(f"{labware}  present {seen.present:.2f}   {fill_text}   {content} {share:.2f}   picture {seen.quality}")


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
