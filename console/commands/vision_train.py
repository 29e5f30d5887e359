"""`athanor vision train`: teach the eyes, from what is composed, photographed and filmed."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Out = Annotated[Path, typer.Option("--out", help="The weights to write, a .safetensors file.")]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--photographs", help="A folder of labelled pictures to learn from; may be given several times."),
]
Checks = Annotated[
    list[Path] | None,
    typer.Option("--check", help="A folder of labelled pictures to score on now and then, never learnt from."),
]
FramesFolder = Annotated[
    Path | None, typer.Option("--frames", help="A folder of frames with boxes, in the layout sdl_states.")
]


def train(
    out: Out,
    hours: Annotated[float | None, typer.Option("--hours", min=0.01, help="How long, in all.")] = None,
    steps: Annotated[int | None, typer.Option("--steps", min=5, help="Or how many steps, in all.")] = None,
    start: Annotated[Path | None, typer.Option("--start", help="Weights to go on from.")] = None,
    photographs: Folders = None,
    frames: FramesFolder = None,
    check: Checks = None,
    fold: Annotated[
        str | None, typer.Option("--fold", help="Keep this part back and score on it, such as 2/5.")
    ] = None,
    compose: Annotated[bool, typer.Option("--compose/--no-compose", help="Compose pictures on the fly, too.")] = True,
    architecture: Annotated[
        Literal["plain-fpn-2", "lr-aspp"],
        typer.Option("--architecture", help="Of the first network; lr-aspp is the baseline."),
    ] = "plain-fpn-2",
    batch: Annotated[int, typer.Option("--batch", min=1, help="Pictures per step.")] = 16,
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes that make lessons.")] = 1,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Cores that learn, beside those.")] = 1,
    rate: Annotated[float | None, typer.Option("--rate", help="Of learning; by itself if left out.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
) -> None:
    """Teach the eyes; weights are good for use from the first quarter of an hour on.

    Broken off, it goes on where it was when called again; ended, it goes on when called with more hours or steps.
    On several GPUs: torchrun --nproc-per-node 4 -m console vision train ...

    [dim]athanor vision train --hours 8 --frames data/sdl_states --photographs data/vessel_masks --out eyes.safetensors[/]
    """
    import torch

    from console.commands.vision import _commit, _progress, _told
    from console.composing import composed
    from planning.errors import Refused
    from vision.labelled.folds import Fold
    from vision.training.course import FINE_RATE, Course
    from vision.training.frames import without_vessels
    from vision.training.teach import Material
    from vision.training.teach import train as teach

    if (hours is None) == (steps is None):
        raise Refused("how long to train is said twice or not at all", "Give either --hours or --steps")
    torch.set_num_threads(threads)
    with _told(), _progress("training") as progress:
        kept_back = None if fold is None else Fold.parse(fold)
        behind = () if frames is None else without_vessels(frames, kept_back)
        material = Material(photographs or (), frames, composed(behind) if compose else {}, check or ())
        course = Course(steps, hours, batch, rate or (FINE_RATE if start else Course.rate), workers)
        teach(out, material, course, fold=kept_back, start=start, seed=seed, architecture=architecture,
              progress=progress, commit=_commit())  # fmt: skip
    print(out)
