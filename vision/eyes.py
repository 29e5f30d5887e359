"""The eyes: from a frame to what stands in it, and, for a bench, to the state of the one vessel that should stand there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from robot.labware import Labware
from vision.frame import Frame
from vision.segmentation.seen import Box, Closer
from vision.sight import Sight
from vision.state.bench import View, best_at, nothing_seen, state_of
from vision.state.instances import blended, number_cells
from vision.state.paint import OwnPixels, paint
from vision.state.planes import RectPx
from vision.state.quality import Quality, judge
from vision.state.reading import Masks, PictureReading, SpillReading
from vision.state.spill import chance_of_spill
from vision.state.trust import SHIPPED, Trust
from vision.state.vessel import VesselState
from vision.state.vessels import read_vessel

LISTED_FROM, PAINTED_FROM = 0.1, 0.5
"""Scores from which a vessel is named at all, and from which it has its pixels in the masks."""
MOST_VESSELS = 24


@dataclass(frozen=True)
class Looked:
    """What was seen in one frame, before it is put into words."""

    boxes: tuple[Box, ...]
    closers: tuple[Closer, ...]
    """What both networks say of each box."""
    own: tuple[OwnPixels, ...]
    """The same at the picture's pixels."""
    masks: Masks
    spill: float
    quality: Quality


class Eyes:
    """Trained networks, and how far they may be trusted. Same pixels, same answer."""

    def __init__(self, sight: Sight, trust: Trust) -> None:
        self._sight, self.trust = sight, trust

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Open the shipped eyes, or those in a file of weights.

        Raises:
            WeightsDamaged: the weights or their record are missing, altered or made for another network.
        """
        from vision.segmentation.first import FirstSight
        from vision.segmentation.sight import TrainedSight
        from vision.segmentation.store import are_both

        weights = path or SHIPPED
        return cls(*(TrainedSight.load(weights) if are_both(weights) else FirstSight.load(weights)))

    def read(self, frame: Frame) -> tuple[PictureReading, Masks]:
        """Read every vessel in a picture."""
        looked = self._look(frame)
        vessels = tuple(
            read_vessel(box, closer, own, frame.pixels, self.trust)
            for box, closer, own in zip(looked.boxes, looked.closers, looked.own, strict=True)
            if box.score >= LISTED_FROM
        )
        spill = SpillReading(probability=round(looked.spill, 4), area_px=int(np.count_nonzero(looked.masks.spill)))
        return PictureReading(image=frame.camera, vessels=vessels, spill=spill, quality=looked.quality), looked.masks

    def look(self, frame: Frame, ware: Labware, place_px: RectPx | None = None) -> VesselState:
        """Say what stands in view of the kind that should; of several, the likeliest.

        Args:
            frame: what the bench's camera shows.
            ware: the labware that should stand there.
            place_px: the part of the picture where it should stand; None: anywhere in it.
        """
        looked = self._look(frame)
        found = best_at(looked.boxes, place_px)
        view = View(frame.pixels, looked.masks.material, looked.quality, looked.spill, self.trust)
        if found is None:
            return nothing_seen(view)
        return state_of(looked.boxes[found], looked.closers[found], looked.own[found], ware, view)

    def _look(self, frame: Frame) -> Looked:
        """Look at a frame, and closer at each vessel, or at the likeliest thing if none is likely."""
        shape = frame.pixels.shape[:2]
        seen = self._sight.see(frame.pixels)
        boxes = tuple(box for box in seen.boxes if box.score >= LISTED_FROM)[:MOST_VESSELS] or seen.boxes[:1]
        numbers = number_cells(seen, boxes)
        closers = tuple(
            blended(seen, numbers, number, closer)
            for number, closer in enumerate(self._sight.look_closer(frame.pixels, seen, boxes), 1)
        )
        own = tuple(OwnPixels.of(closer, (shape[0], shape[1])) for closer in closers)
        shown = [each if box.score >= PAINTED_FROM else None for box, each in zip(boxes, own, strict=True)]
        masks = paint(shown, seen, shape)
        return Looked(boxes, closers, own, masks, chance_of_spill(seen), judge(frame.pixels, masks.vessel > 0))
