"""Pictures for training as the simulated laboratory composes them, in the layout of labelled pictures."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from hardware_sim.render.labelled import Style, draw_picture
from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import PictureTruth, VesselTruth
from vision.state.vessel import Material
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
    picture = LabelledPicture(truth, pixels, planes["vessel"], planes["material"], planes["phase"], planes["spill"])
    vessels = tuple(_of_bare_height(vessel, picture) for vessel in truth.vessels)
    return replace(picture, truth=truth.model_copy(update={"vessels": vessels}))


def _of_bare_height(vessel: VesselTruth, picture: LabelledPicture) -> VesselTruth:
    """A fill height as a share of the vessel without its cap, as photographs have it; renders count the cap."""
    if vessel.cap != "on" or vessel.fill_height_fraction is None or vessel.box_px is None:
        return vessel
    body = np.asarray((picture.vessel == vessel.id) & (picture.material != Material.CAP))
    rows, (_, top, _, bottom) = np.flatnonzero(body.any(axis=1)), vessel.box_px
    higher = (bottom - top) / max(1.0, bottom - float(rows[0])) if rows.size else 1.0
    return vessel.model_copy(update={"fill_height_fraction": min(1.0, higher * vessel.fill_height_fraction)})
