"""The shape of one vessel in its crop, without its cap, and whether all of it is there to be measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.errors import NothingSeen
from vision.segmentation.seen import Closer
from vision.state.instances import CAP
from vision.state.planes import RectPx, without_specks

Row = NDArray[np.float64]
LEAST_CELLS = 20
MOST_HIDDEN = 0.2
"""Share of a vessel's height, by its box, that may be hidden at its foot."""
MOST_CUT = 0.5
"""Share of a vessel's width that may lie on the picture's edge: a round foot touches it with less."""
MOST_TILT = 0.36
"""Slope of the axis, sideways over down: 20°; a wide-angle camera shows upright vessels with up to 15°."""


@dataclass(frozen=True)
class Outline:
    """A vessel's body in cells of its crop; rows grow downwards."""

    area: NDArray[np.bool_]
    """(h, w) cells of the body."""
    top: float
    bottom: float
    """Rows where the body begins and ends, to a fraction of a cell."""
    left: Row
    right: Row
    """(h,) columns where each row of the body begins and ends; what is hidden is drawn through."""
    tilt: float
    """Slope of the axis: columns per row, in pixels of the picture."""

    @property
    def height(self) -> float:
        """Rows from top to bottom."""
        return self.bottom - self.top

    @property
    def axis(self) -> Row:
        """(h,) column of the middle of each row."""
        return (self.left + self.right) / 2

    @property
    def half(self) -> Row:
        """(h,) half the width of each row, in columns."""
        return (self.right - self.left) / 2


def outline_of(closer: Closer) -> Outline:
    """Find the body of the vessel in a crop.

    Raises:
        NothingSeen: there is hardly any.
    """
    chance = closer.vessel * (1 - closer.material[CAP])
    area = without_specks(chance > 0.5)
    if area.sum() < LEAST_CELLS:
        raise NothingSeen("no vessel's body in the crop")
    rows = np.flatnonzero(area.any(axis=1))
    every = np.arange(area.shape[0])
    left = np.interp(every, rows, area[rows].argmax(axis=1))
    right = np.interp(every, rows, area.shape[1] - area[rows, ::-1].argmax(axis=1))
    widest = float((right - left)[rows].max())
    top, bottom = extent(np.where(area, chance, np.minimum(chance, 0.5)), widest)
    left_px, top_px, right_px, bottom_px = closer.crop_px
    squeeze = (right_px - left_px) / area.shape[1] / ((bottom_px - top_px) / area.shape[0])
    return Outline(area, top, bottom, left, right, _slope(rows, ((left + right) / 2)[rows]) * squeeze)


def extent(chance: NDArray[np.float32], widest: float) -> tuple[float, float]:
    """Rows where something begins and ends, to a fraction of a cell: where a few cells of a row are as likely as not."""
    few = max(1, round(0.05 * widest))
    strength = np.sort(chance, axis=1)[:, -few]
    rows = np.flatnonzero(strength > 0.5)
    if not rows.size:
        raise NothingSeen("nothing there")
    first, last = int(rows[0]), int(rows[-1])
    before = strength[first - 1] if first else 0.0
    after = strength[last + 1] if last + 1 < strength.size else 0.0
    begins = first + 0.5 - (strength[first] - 0.5) / max(strength[first] - before, 1e-6)
    ends = last + 0.5 + (strength[last] - 0.5) / max(strength[last] - after, 1e-6)
    return float(begins), float(ends)


def require_measurable(outline: Outline, closer: Closer, box_px: RectPx, on_edge: float) -> None:
    """Accept only a vessel that stands upright with its foot and its mouth in view.

    Args:
        outline: of the vessel.
        closer: where the outline was found.
        box_px: the vessel with what is hidden of it.
        on_edge: share of it on the picture's edge, as `share_on_edge` says.

    Raises:
        NothingSeen: why nothing can be measured.
    """
    if closer.tipped > 0.5:
        raise NothingSeen("a vessel that lies on its side")
    if abs(outline.tilt) > MOST_TILT and outline.height > 1.2 * 2 * np.median(outline.half):
        raise NothingSeen("a tilted vessel")
    _, top_px, _, bottom_px = closer.crop_px
    per_row_px = (bottom_px - top_px) / outline.area.shape[0]
    if box_px[3] - top_px - outline.bottom * per_row_px > MOST_HIDDEN * (box_px[3] - box_px[1]):
        raise NothingSeen("a vessel whose foot is hidden")
    if on_edge > MOST_CUT:
        raise NothingSeen("a vessel cut by the picture's edge")


def share_on_edge(area: NDArray[np.bool_], window: tuple[slice, slice], shape: tuple[int, int]) -> float:
    """Largest share of a vessel's width or height that lies on an edge of the picture.

    Args:
        area: (h, w) pixels of the vessel.
        window: rows and columns of the picture that `area` covers.
        shape: height and width of the picture.
    """
    shares = [0.0]
    for each, along, side in ((area, window[0], shape[0]), (area.T, window[1], shape[1])):
        longest = max(1, np.count_nonzero(each.any(axis=0)))
        shares += [each[0].sum() / longest] if each.size and along.start == 0 else []
        shares += [each[-1].sum() / longest] if each.size and along.stop == side else []
    return float(max(shares))


def _slope(rows: NDArray[np.intp], middles: Row) -> float:
    """Median slope of the middles between the upper and the lower half."""
    half = len(rows) // 2
    if half < 2:
        return 0.0
    return float(np.median((middles[-half:] - middles[:half]) / (rows[-half:] - rows[:half])))
