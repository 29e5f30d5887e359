"""Streams of labelled pictures, mixed by weight, and the lessons made of them.

Lesson number n is the same whoever makes it, and when: it depends on the seed and n alone. So a run that was broken
off goes on with the very lessons that it would have had.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import PictureTruth
from vision.training.crop_targets import crop_lesson
from vision.training.crowd import Crowd
from vision.training.recolour import vary
from vision.training.targets import Arrays, targets
from vision.training.views import Prepared, random_matrix, view

Compose = Callable[[np.random.Generator], LabelledPicture]
"""Makes a picture that nobody has seen before, with its truth."""
VIEW_PX = 288
"""Height and width of a view."""
LONG_SIDE_PX = (256.0, 720.0)
"""A picture's longer side in a view; at work it is 512."""
CROPS = 2
"""Of each picture."""
ENDLESS = 10**9
REMEMBERED = 1200
"""Pictures of a folder that stay in memory."""


class Stream(Protocol):
    """Pictures of one kind."""

    name: str
    weight: float
    """Its share of the lessons, against those of the others."""
    recoloured: float
    """Chance that a picture of it gets new colours."""

    def picture(self, lesson: int, rng: np.random.Generator) -> Prepared:
        """A picture for that lesson."""

    def origin(self) -> str:
        """What it is made of, for the record."""


class Source(Protocol):
    """Pictures that lie somewhere: a `LabelledFolder` is one."""

    @property
    def path(self) -> Path:
        """Where they lie."""

    def load(self, truth: PictureTruth) -> LabelledPicture:
        """Read one."""


@dataclass
class Collected:
    """Labelled pictures that exist: photographs, frames, renders on disk."""

    name: str
    weight: float
    source: Source
    truths: tuple[PictureTruth, ...]
    recoloured: float = 0.5
    _seen: dict[str, Prepared] = field(default_factory=dict)

    def picture(self, lesson: int, rng: np.random.Generator) -> Prepared:
        """Any of them."""
        truth = self.truths[rng.integers(len(self.truths))]
        if truth.name not in self._seen:
            loaded = Prepared.of(self.source.load(truth))
            if len(self._seen) >= REMEMBERED:
                return loaded
            self._seen[truth.name] = loaded
        return self._seen[truth.name]

    def origin(self) -> str:
        """How many, and a checksum of what is known of them."""
        told = "".join(truth.model_dump_json() for truth in self.truths)
        return f"{len(self.truths)} pictures, {hashlib.sha256(told.encode()).hexdigest()[:16]}"


@dataclass
class Composed:
    """Pictures made on the fly. Each serves some lessons, for making one costs as much as learning from it."""

    name: str
    weight: float
    compose: Compose
    seed: int
    recoloured: float = 0.15
    reuse: int = 3
    at_hand: int = 96
    """Pictures to choose from at a time."""
    _made: OrderedDict[int, Prepared] = field(default_factory=OrderedDict)

    def picture(self, lesson: int, rng: np.random.Generator) -> Prepared:
        """One of those that are new at that lesson."""
        number = lesson // self.reuse + int(rng.integers(self.at_hand))
        if number not in self._made:
            self._made[number] = Prepared.of(self.compose(np.random.default_rng((self.seed, number))))
            if len(self._made) > 2 * self.at_hand:
                self._made.popitem(last=False)
        return self._made[number]

    def origin(self) -> str:
        """Their seed."""
        return f"composed from seed {self.seed}"


class Lessons(Dataset[Arrays]):
    """All lessons of a run, by number."""

    def __init__(self, streams: Sequence[Stream], seed: int, view_px: int = VIEW_PX) -> None:
        self._streams, self._seed, self._view_px = streams, seed, view_px
        weights = np.array([stream.weight for stream in streams])
        self._until = np.cumsum(weights / weights.sum())

    def __getitem__(self, number: int) -> Arrays:
        """Make one."""
        rng = np.random.default_rng((self._seed, number))
        stream = self._streams[min(int(np.searchsorted(self._until, rng.random())), len(self._streams) - 1)]
        picture = stream.picture(number, rng)
        crops = [crop_lesson(picture, rng, stream.recoloured) for _ in range(CROPS)]
        stacked = {name: np.stack([crop[name] for crop in crops]) for name in crops[0]}
        return view_lesson(picture, rng, stream.recoloured, self._view_px) | stacked


def view_lesson(prepared: Prepared, rng: np.random.Generator, recoloured: float, view_px: int = VIEW_PX) -> Arrays:
    """A lesson for the first network: `view` (H, W, 3) bytes and its `targets`."""
    picture, boxes = prepared.picture, [box for _, box, _ in prepared.boxes]
    focus = boxes[rng.integers(len(boxes))] if boxes and rng.random() < 0.6 else None
    turn = 0.0 if picture.vessel is None else 4.0  # a box that is turned says nothing exact
    size = (picture.pixels.shape[0], picture.pixels.shape[1])
    matrix = random_matrix(size, (view_px, view_px), rng, focus, LONG_SIDE_PX, turn)
    colours, planes, shown = view(prepared, matrix, view_px, view_px)
    made = targets(planes, shown, picture.truth.all_vessels)
    return {"view": vary(colours, rng, recoloured), **made}


def batches(lessons: Lessons, batch: int, first_step: int, workers: int, crowd: Crowd) -> Iterable[dict[str, Tensor]]:
    """Lessons in batches, from that step on without end, made by `workers` processes beside this one."""
    first = first_step * batch * crowd.size + crowd.rank
    numbers = range(first, first + ENDLESS * crowd.size, crowd.size)
    loader: DataLoader[Any] = DataLoader(
        lessons, batch, sampler=numbers, num_workers=workers, worker_init_fn=_be_modest,
        prefetch_factor=4 if workers else None,
    )  # fmt: skip
    return loader


def _be_modest(worker: int) -> None:
    """A worker has one core."""
    import cv2

    cv2.setNumThreads(0)
    torch.set_num_threads(1)
