"""What `athanor vision train` does: gather streams, follow a course, keep what was learnt with a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import torch

from robot.clock import Clock, WallClock
from vision.errors import DataUnreadable
from vision.labelled.folder import LabelledFolder
from vision.labelled.folds import Fold
from vision.labelled.truth import PictureTruth
from vision.segmentation import store
from vision.segmentation.store import Learning, Networks
from vision.training.course import Course, Progress, follow
from vision.training.crowd import Crowd
from vision.training.frames import Frames, Masked
from vision.training.streams import Collected, Compose, Composed, Lessons, Source, Stream, batches
from vision.training.student import Student
from vision.training.temper import temperatures
from vision.training.validate import Scores, scores_on

FRAMES_WEIGHT, PHOTOGRAPHS_WEIGHT = 0.35, 0.25
"""Shares of the lessons, against the weights of what is composed."""
CALIBRATION = Fold(1, 8)
"""Groups of what is not held out from which temperatures are fitted; they are not trained on."""
CALIBRATION_BATCHES = 12
WALL = WallClock()


@dataclass(frozen=True)
class Material:
    """What there is to learn from."""

    photographs: Sequence[Path] = ()
    """Folders of labelled pictures: photographs, renders."""
    frames: Path | None = None
    """A folder in the layout `sdl_states`."""
    composed: Mapping[str, tuple[float, Compose]] = field(default_factory=dict)
    """By name: share of the lessons, and what composes pictures."""
    check: Sequence[Path] = ()
    """Folders of labelled pictures that are looked at now and then, never trained on."""


def train(out: Path, material: Material, course: Course, *, fold: Fold | None = None, start: Path | None = None,
          seed: int = 0, architecture: str = "plain-fpn-2", progress: Progress = lambda done, of, text: None,
          commit: str = "unknown", clock: Clock = WALL) -> None:  # fmt: skip
    """Train weights, from scratch or on from those in `start`, and keep them with their record in `out`.

    They are kept each quarter of an hour, and are good for use from then on. A run that was broken off goes on when
    called again; so does one that has ended, when called with more steps or hours. With `fold`, that part of what was
    collected is never trained on, and gives the scores in the record.

    Raises:
        DataUnreadable: a folder holds no labelled pictures, or there is nothing to learn from.
        WeightsDamaged: `start` cannot be used.
        RunDiffers: beside `out` lies an unfinished run of another kind.
    """
    crowd = Crowd.join()
    shown, spared, held = _streams(material, fold, seed)
    if not shown:
        raise DataUnreadable("there is nothing to learn from. Name --photographs or --frames, or compose pictures")
    before = None if start is None else store.load(start)
    networks = before[0] if before else Networks.new(architecture, seed)
    student = Student.of(networks, crowd.device)
    plan: dict[str, object] = {
        "data": {stream.name: f"{stream.weight} {stream.origin()}" for stream in shown}, "seed": seed, "batch": course.batch,
        "architecture": networks.architecture, "start": before[1].sha256 if before else "", "crowd": crowd.size,
        "rate": course.rate,
    }  # fmt: skip

    def keep(taught: Networks, student: Student) -> str:
        learning = Learning(
            data={stream.name: stream.origin() for stream in shown}, seed=seed, steps=student.step,
            pictures=student.step * course.batch * crowd.size, fold=None if fold is None else str(fold), commit=commit,
            date=clock.date().date().isoformat(), torch=torch.__version__, start=before[1].learning if before else None,
        )  # fmt: skip
        stored = store.from_half_precision(store.half_precision(taught), taught.architecture)
        lessons = batches(Lessons(spared or shown, seed + 1, course.view_px), course.batch, 0, 0, Crowd())
        scores = scores_on(stored, held)
        store.save(stored, out, learning, temperatures(stored, islice(lessons, CALIBRATION_BATCHES)), scores)
        return _words(scores)

    follow(course, Lessons(shown, seed, course.view_px), student, out, plan, keep,
           progress if crowd.leads else lambda done, of, text: None, clock, crowd)  # fmt: skip


def _streams(material: Material, fold: Fold | None, seed: int) -> tuple[list[Stream], list[Stream], list[Collected]]:
    """Streams to learn from, to fit temperatures on, and to look at."""
    frames = None if material.frames is None else Frames.open(material.frames)
    sources: list[tuple[str, float, Masked | Frames]] = [
        (path.name, PHOTOGRAPHS_WEIGHT, Masked(LabelledFolder.open(path), frames)) for path in material.photographs
    ]
    if frames is not None:
        sources.append((frames.path.name, FRAMES_WEIGHT, frames))
    shown: list[Stream] = [
        Composed(name, weight, compose, seed) for name, (weight, compose) in material.composed.items()
    ]
    spared, held = list[Stream](), list[Collected]()
    for name, weight, source in sources:
        rest = tuple(truth for truth in source.truths if fold is None or not fold.holds(truth))
        shown.append(_collected(name, weight, source, [t for t in rest if not CALIBRATION.holds(_salted(t))]))
        spared.append(_collected(name, weight, source, [t for t in rest if CALIBRATION.holds(_salted(t))], 0.0))
        if fold is not None:
            held.append(_collected(name, weight, source, [t for t in source.truths if fold.holds(t)], 0.0))
    held += [
        _collected(path.name, 1.0, folder, folder.truths, 0.0)
        for path, folder in ((path, Masked(LabelledFolder.open(path), None)) for path in material.check)
    ]
    return _filled(shown), _filled(spared), [stream for stream in held if stream.truths]


def _collected(name: str, weight: float, source: Source, truths: Sequence[PictureTruth], recoloured: float = 0.5
               ) -> Collected:  # fmt: skip
    return Collected(name, weight, source, tuple(truths), recoloured)


def _filled(streams: Sequence[Stream]) -> list[Stream]:
    return [stream for stream in streams if not isinstance(stream, Collected) or stream.truths]


def _salted(truth: PictureTruth) -> PictureTruth:
    """So that parts for calibration are drawn without regard to folds."""
    return truth.model_copy(update={"group": f"calibration of {truth.group or truth.name}"})


def _words(scores: Mapping[str, Scores]) -> str:
    shown = ("iou_vessel", "iou_filled", "box_ap50", "right_cap on", "right_cap off", "fill_error_median")
    return "; ".join(
        f"{name}: " + " ".join(f"{key.removeprefix('right_')} {of[key]:.2f}" for key in shown if key in of)
        for name, of in scores.items()
    )
