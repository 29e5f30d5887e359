"""What a bench wants to know of the one vessel that should stand before its camera."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robot.labware import Labware
from vision.errors import NothingSeen
from vision.segmentation.seen import CONTENTS, MATERIALS, Box, Closer
from vision.state.bench_level import calibrated, level_in
from vision.state.colour import content_colour, name_chances
from vision.state.instances import FILLED
from vision.state.paint import OwnPixels, Window
from vision.state.planes import RectPx, pixel_window, resampled
from vision.state.quality import Quality
from vision.state.trust import Trust
from vision.state.vessel import Estimate, VesselState
from vision.state.volume import volume_in

FLAT = ("plate", "holder")
"""Kinds of labware in which nothing stands so high that a camera could tell."""
SOLID = MATERIALS.index("solid")


@dataclass(frozen=True)
class View:
    """What is known of the picture, whatever stands in it."""

    pixels: NDArray[np.uint8]
    """(H, W, 3), RGB."""
    mask: NDArray[np.uint8]
    """(H, W) of `Material`."""
    quality: Quality
    spill: float
    trust: Trust

    @property
    def told_spill(self) -> float | None:
        """Chance of a spill; None if these eyes cannot tell."""
        return self.spill if "spill" in self.trust.tells else None


def state_of(box: Box, closer: Closer, own: OwnPixels, ware: Labware, view: View) -> VesselState:
    """Say what is known of a vessel of known labware; what these eyes cannot tell stays None."""
    trust = view.trust
    content = content_of(closer)
    has_level = box.score >= 0.5 and ware.kind not in FLAT
    level = fill_height(closer, ware, view.pixels.shape, trust) if has_level else None
    has_colour = "colour" in trust.tells and content["empty"] < 0.5
    colour = content_colour(view.pixels[own.window], own.filled) if has_colour else None
    tells_more = "layers" in trust.tells
    return VesselState(
        present=box.score,
        content=content,  # type: ignore[arg-type]
        fill_height_fraction=level,
        quality=view.quality,
        mask=view.mask,
        cap_on=closer.cap if "cap" in trust.tells else None,
        layers=tuple(closer.layers.tolist()) if tells_more else None,
        colour=name_chances(colour, colourless(closer)) if colour else None,
        colour_lab=colour.lab if colour else None,
        turbidity=closer.turbidity if tells_more else None,
        tipped=closer.tipped if tells_more else None,
        spill=view.told_spill,
        volume=volume_in(ware, level) if level else None,
        trust=trust,
    )


def nothing_seen(view: View) -> VesselState:
    """Say that no vessel is there; what would be in it, nobody can tell."""
    content = dict.fromkeys(("empty", "liquid", "solid"), 1 / 3)
    return VesselState(0.0, content, None, view.quality, view.mask, spill=view.told_spill, trust=view.trust)  # type: ignore[arg-type]


def best_at(boxes: Sequence[Box], place_px: RectPx | None) -> int | None:
    """Number of the likeliest box whose middle lies in a part of the picture; None if none does."""
    for number, box in enumerate(boxes):
        x, y = (box.px[0] + box.px[2]) / 2, (box.px[1] + box.px[3]) / 2
        if place_px is None or (place_px[0] <= x <= place_px[2] and place_px[1] <= y <= place_px[3]):
            return number
    return None


def content_of(closer: Closer) -> dict[str, float]:
    """Chances of nothing, liquid and solid, given that the vessel is there."""
    empty = float(closer.content[CONTENTS.index("empty")])
    weights = closer.material[FILLED].reshape(FILLED.stop - FILLED.start, -1) @ closer.vessel.ravel()
    dry = float(weights[SOLID - FILLED.start] / max(weights.sum(), 1e-6)) if closer.dry is None else closer.dry
    return {"empty": empty, "liquid": (1 - empty) * (1 - dry), "solid": (1 - empty) * dry}


def colourless(closer: Closer) -> float:
    """Chance that what is in a vessel has no colour, given that there is something."""
    chances = dict(zip(CONTENTS, closer.content.tolist(), strict=True))
    return float(chances["transparent"] / max(1e-6, 1 - chances["empty"]))


def fill_height(closer: Closer, ware: Labware, shape: Sequence[int], trust: Trust) -> Estimate | None:
    """Read the level; None where no vessel of that kind stands in full view."""
    window = pixel_window(closer.crop_px, shape[0], shape[1])
    vessel = _on_squares(closer.vessel, closer, window)
    filled = _on_squares(closer.vessel * closer.material[FILLED].sum(axis=0), closer, window)
    try:
        return calibrated(level_in(vessel, filled, ware), ware, trust.level)
    except NothingSeen:
        return None


def _on_squares(plane: NDArray[np.float32], closer: Closer, window: Window) -> NDArray[np.float32]:
    """Read a plane of a crop on square cells, no farther than the picture reaches."""
    left, top, right, bottom = closer.crop_px
    cell_px = min((right - left) / plane.shape[1], (bottom - top) / plane.shape[0])
    rows, columns = window
    shape = max(2, round((rows.stop - rows.start) / cell_px)), max(2, round((columns.stop - columns.start) / cell_px))
    return resampled(plane, closer.crop_px, (columns.start, rows.start, columns.stop, rows.stop), shape)
