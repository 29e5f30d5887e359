"""Pictures for training as the simulated laboratory composes them, in the layout of labelled pictures."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from hardware_sim.render.labelled import Style, draw_picture
from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import PictureTruth
from vision.training.streams import Compose

WEIGHT, BENCH_WEIGHT = 0.8, 0.1
"""Shares of the lessons: what anybody may photograph, and what the cameras of our simulated benches see."""


def composed(behind: tuple[Path, ...] = ()) -> Mapping[str, tuple[float, Compose]]:
    """By name, the weight of each stream and what composes its pictures, with real photographs `behind` some."""
    return {
        "composed": (WEIGHT, partial(compose, style="photographs", behind=behind)),
        "bench": (BENCH_WEIGHT, partial(compose, style="bench")),
    }


def compose(rng: np.random.Generator, style: Style, behind: tuple[Path, ...] = ()) -> LabelledPicture:
    """Compose one picture."""
    pixels, planes, told = draw_picture(rng, style, behind)
    height, width = pixels.shape[:2]
    truth = PictureTruth.model_validate({"name": style, "width": width, "height": height, **told})
    return LabelledPicture(truth, pixels, planes["vessel"], planes["material"], planes["phase"], planes["spill"])
