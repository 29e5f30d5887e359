"""One picture with its truth beside what was read of it: what every metric looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vision.labelled.facts import box_of
from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import IGNORE, BoxPx, VesselTruth
from vision.scores.overlap import box_iou, ious_of_numbers, partners, shared_pixels
from vision.state.reading import Masks, PictureReading, VesselReading

Pixels = NDArray[np.uint8]
Reader = Callable[[str, Pixels], tuple[PictureReading, Masks | None]]
"""Reads a picture (H, W, 3), RGB, of that name. The name is for files of readings; eyes have no use for it. Without masks
nothing is said of areas."""
TUBE_WORDS = ("tube", "vial")
ANY_KIND = ("", "vessel", "other", "unknown")
"""Kinds of readings that name none."""


@dataclass(frozen=True)
class Case:
    """A picture, its truth and its reading."""

    picture: LabelledPicture
    reading: PictureReading
    masks: Masks | None
    seconds: float = float("nan")
    """How long the reading took on the wall; NaN if that means nothing."""

    @cached_property
    def ignored(self) -> NDArray[np.bool_]:
        """(H, W) pixels that nobody scores: 255 outside all vessels, such as a band hidden behind a rack."""
        if self.picture.material is None or self.picture.vessel is None:
            return np.zeros(self.picture.pixels.shape[:2], np.bool_)
        return np.asarray((self.picture.material == IGNORE) & (self.picture.vessel == 0))

    @cached_property
    def mask_ious(self) -> NDArray[np.float64] | None:
        """(instances, vessels read) intersection over union of masks; None if nobody drew or read instances."""
        if self.picture.vessel is None or self.masks is None or not self.picture.truth.vessels:
            return None
        numbers = max(vessel.id for vessel in self.picture.truth.vessels)
        read = np.where(self.ignored, 0, self.masks.vessel).astype(np.uint8)
        return ious_of_numbers(shared_pixels(self.picture.vessel, read, numbers, len(self.reading.vessels)))

    @cached_property
    def ious(self) -> NDArray[np.float64]:
        """(true, read) vessels: of masks where both have one, else of boxes."""
        truths, readings = self.picture.truth.vessels, self.reading.vessels
        table = np.zeros((len(truths), len(readings)))
        drawn = self.read_areas > 0
        for t, truth in enumerate(truths):
            box = self.box_of(truth)
            for r, reading in enumerate(readings):
                if self.mask_ious is not None and drawn[r]:
                    table[t, r] = self.mask_ious[truth.id - 1, r]
                elif box is not None:
                    table[t, r] = box_iou(box, reading.box_px)
        return table

    @cached_property
    def read_areas(self) -> NDArray[np.int64]:
        """Pixels of each vessel read, 0 without masks."""
        if self.masks is None:
            return np.zeros(len(self.reading.vessels), np.int64)
        counts = np.bincount(self.masks.vessel.ravel(), minlength=len(self.reading.vessels) + 1)
        return np.asarray(counts[1 : len(self.reading.vessels) + 1])

    @cached_property
    def pairs(self) -> tuple[tuple[VesselTruth, VesselReading | None], ...]:
        """Every true vessel with its reading; None if it was missed."""
        found = partners(self.ious)
        readings = self.reading.vessels
        return tuple(
            (truth, readings[found[t]] if t in found else None) for t, truth in enumerate(self.picture.truth.vessels)
        )

    @property
    def tubes(self) -> Iterator[tuple[VesselTruth, VesselReading | None]]:
        """Pairs of vessels whose states may be scored: none where one vessel hides another."""
        return iter(self.pairs if self.picture.truth.all_boxed else ())

    def box_of(self, truth: VesselTruth) -> BoxPx | None:
        """A true vessel's box: as said, else that of its mask."""
        if truth.box_px is not None or self.picture.vessel is None:
            return truth.box_px
        return box_of(self.picture.vessel == truth.id)


def is_tube(kind: str | None) -> bool:
    """Is it a test tube, or like one? Also if nobody says what it is."""
    return kind is None or kind in ANY_KIND or any(word in kind for word in TUBE_WORDS)


def chance_of(content: str, vessel: VesselReading) -> float:
    """How likely a vessel's content was read to be that; what was not named has no chance."""
    return {str(named): chance for named, chance in vessel.content.items()}.get(content, 0.0)


def hue_shifted(picture: LabelledPicture, angle_deg: float) -> LabelledPicture:
    """The same picture with all hues turned by an angle; saturation and brightness stay."""
    import cv2

    colours = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2HSV_FULL)
    colours[..., 0] += np.uint8(round(angle_deg / 360 * 256) % 256)
    return replace(picture, pixels=np.asarray(cv2.cvtColor(colours, cv2.COLOR_HSV2RGB_FULL), np.uint8))
