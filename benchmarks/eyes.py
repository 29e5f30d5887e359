"""How well do eyes see pictures that they were never trained on? The table of scores, with and without ingredients.

    python benchmarks/eyes.py FOLDER ... --results eyes.jsonl [--folds folds.yaml] [--every 1]

Each folder of labelled pictures is read by the baselines and by what `--folds` lists:

    - {column: ours, weights: fold-0.safetensors, folder: sdl_states, held_out: [GROUP, ...]}
    - {column: without weak supervision, weights: other-0.safetensors, folder: sdl_states, held_out: [GROUP, ...]}

A group is what `PictureTruth.group` says, or a picture's name where it says nothing. A column is made of all its folds;
each picture is scored once, by weights that never saw its group. What was read is appended to the results, picture by
picture; called again, only what is missing is read. The table is printed as Markdown, with 95 % intervals over groups.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import yaml
from rich.console import Console
from rich.progress import track

from vision.labelled.opening import open_labelled
from vision.labelled.pictures import LabelledPictures
from vision.labelled.truth import PictureTruth
from vision.scores.baselines import constant, hue_rules
from vision.scores.case import Reader
from vision.scores.evaluate import HUE_ANGLES_DEG, Seen, by_source, look, scores_of
from vision.scores.present_eyes import present_eyes
from vision.scores.report import markdown

Key = tuple[str, str, str]
"""Column, folder, picture."""


@dataclass(frozen=True)
class Job:
    """One reader on some pictures of a folder."""

    column: str
    pictures: LabelledPictures
    truths: tuple[PictureTruth, ...]
    make_reader: Callable[[], Reader]
    angles_deg: tuple[float, ...] = HUE_ANGLES_DEG
    timed: bool = True


def baselines(pictures: LabelledPictures, truths: tuple[PictureTruth, ...]) -> Iterator[Job]:
    """What needs no training."""
    yield Job("constant", pictures, truths, lambda: constant(pictures), (), timed=False)
    yield Job("hue rules", pictures, truths, lambda: hue_rules)
    yield Job("shipped weights", pictures, truths, lambda: present_eyes(None))


def folds(listed: Path, folders: dict[str, LabelledPictures], every: int) -> Iterator[Job]:
    """What the list of folds names, of these folders."""
    for fold in yaml.safe_load(listed.read_text(encoding="utf-8")):
        if fold["folder"] in folders:
            pictures, groups = folders[fold["folder"]], set(map(str, fold["held_out"]))
            truths = tuple(truth for truth in pictures.truths[::every] if (truth.group or truth.name) in groups)
            weights = listed.parent / fold["weights"]
            yield Job(fold["column"], pictures, truths, lambda weights=weights: present_eyes(weights))  # type: ignore[misc]


def work(jobs: Sequence[Job], results: Path) -> None:
    """Read what was not read before, and append it."""
    done = {key for key, _ in read(results)}
    for job in jobs:
        folder = job.pictures.path.name
        missing = [truth for truth in job.truths if (job.column, folder, truth.name) not in done]
        if not missing:
            continue
        reader = job.make_reader()
        with results.open("a", encoding="utf-8") as out:
            for truth in track(missing, f"{job.column}, {folder}", console=Console(stderr=True)):
                seen = look(job.pictures, truth, reader, job.angles_deg, job.timed)
                row = {"column": job.column, "folder": folder, "name": truth.name, "group": truth.group,
                       "source": truth.source, "rows": seen.rows}  # fmt: skip
                out.write(json.dumps(row) + "\n")
                out.flush()


def read(results: Path) -> Iterator[tuple[Key, Seen]]:
    """What was read before."""
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            truth = PictureTruth(name=row["name"], width=1, height=1, source=row["source"], group=row["group"])
            yield (row["column"], row["folder"], row["name"]), Seen(truth, row["rows"], ())


def show(results: Path) -> None:
    """Print a table per folder, all readers side by side, then by source."""
    looks: dict[str, dict[str, list[Seen]]] = {}
    for (column, folder, _), seen in read(results):
        looks.setdefault(folder, {}).setdefault(column, []).append(seen)
    for folder, columns in looks.items():
        counts = ", ".join(f"{column} {len(part)}" for column, part in columns.items())
        print(f"\n## {folder}\n\nPictures: {counts}\n")
        print(markdown({name: scores_of(part, np.random.default_rng(0)) for name, part in columns.items()}, more=True))
        sources = {name: by_source(part) for name, part in columns.items()}
        for source in sorted({source for parts in sources.values() for source in parts}):
            print(f"\n### {folder}, {source}\n")
            print(markdown({name: scores_of(parts[source]) for name, parts in sources.items() if source in parts}))


def main() -> None:
    """Read, append, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only every so manieth picture")
    wishes = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    folders = {path.name: open_labelled(path) for path in wishes.folders}
    jobs = [job for each in folders.values() for job in baselines(each, each.truths[:: wishes.every])]
    if wishes.folds:
        jobs += folds(wishes.folds, folders, wishes.every)
    work(jobs, wishes.results)
    show(wishes.results)


if __name__ == "__main__":
    main()
