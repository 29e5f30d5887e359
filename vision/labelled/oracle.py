"""Networks without a fault, for one picture whose truth is known: what reading can reach at most, and tests without weights."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import UNSURE_MATERIAL, VesselTruth
from vision.segmentation.seen import CONTENTS, MATERIALS, Box, Cells, Closer, Seen
from vision.state.planes import RectPx, resampled
from vision.state.vessel import Material

CELL_PX = 4.0
CROP_CELLS = 96
MARGIN = 0.12
"""What a crop shows beside the box, in its longer side."""
FINE = 4
"""Samples along each side of a cell."""
Area = NDArray[np.bool_]


class Oracle:
    """A `Sight` that answers for one labelled picture what its masks and its index say, as shares of cells."""

    def __init__(self, picture: LabelledPicture) -> None:
        self._truth = picture.truth
        shape = picture.pixels.shape[:2]
        nothing = np.zeros(shape, np.uint8)
        self._vessel = nothing if picture.vessel is None else picture.vessel
        self._material = nothing if picture.material is None else picture.material
        self._phase = nothing if picture.phase is None else picture.phase
        self._spill = nothing if picture.spill is None else picture.spill

    def see(self, picture: NDArray[np.uint8]) -> Seen:
        """Say what the masks say."""
        shape = tuple(int(np.ceil(side / CELL_PX)) for side in self._vessel.shape)
        whole_px = (0.0, 0.0, shape[1] * CELL_PX, shape[0] * CELL_PX)
        planes = self._planes(self._vessel > 0, whole_px, (shape[0], shape[1]))
        return Seen(
            vessel=planes.pop("vessel"), material=(material := self._materials(whole_px, (shape[0], shape[1]))),
            filled=material[1:5].sum(axis=0), interface=planes.pop("interface"),
            spill=_shares(self._spill > 0, whole_px, (shape[0], shape[1])),
            to_centre=self._to_centre((shape[0], shape[1])), boxes=self.boxes(), cell_px=CELL_PX,
        )  # fmt: skip

    def boxes(self) -> tuple[Box, ...]:
        """One for each labelled vessel."""
        return tuple(Box(self._box_px(vessel), 1.0) for vessel in self._truth.vessels)

    def look_closer(self, picture: NDArray[np.uint8], seen: Seen, boxes: Sequence[Box]) -> list[Closer]:
        """Say what the index and the masks say of the vessels with these boxes."""
        of_box = {self._box_px(vessel): vessel for vessel in self._truth.vessels}
        return [self._closer(of_box[box.px]) for box in boxes]

    def _closer(self, vessel: VesselTruth) -> Closer:
        left, top, right, bottom = self._box_px(vessel)
        half = (0.5 + MARGIN) * max(right - left, bottom - top)
        x, y = (left + right) / 2, (top + bottom) / 2
        crop_px, shape = (x - half, y - half, x + half, y + half), (CROP_CELLS, CROP_CELLS)
        planes = self._planes(self._vessel == vessel.id, crop_px, shape)
        layers = min(3, vessel.n_material_regions or 0)
        content = np.full(4, 0.25) if vessel.content == "unknown" else _one(CONTENTS.index(vessel.content), 4)
        height = vessel.fill_height_fraction
        return Closer(
            cap={"on": 1.0, "unknown": 0.5}.get(vessel.cap, 0.0), content=content, layers=_one(layers, 4),
            tipped=float(bool(vessel.tipped)), turbidity=vessel.turbidity or 0.0,
            fill_height=(0.5, 1e3) if height is None else (height, 1e3), vessel=planes["vessel"],
            material=self._materials(crop_px, shape), interface=planes["interface"], crop_px=crop_px,
        )  # fmt: skip

    def _planes(self, vessel: Area, rect_px: RectPx, shape: tuple[int, int]) -> dict[str, Cells]:
        return {"vessel": _shares(vessel, rect_px, shape), "interface": _shares(self._lines(), rect_px, shape)}

    def _materials(self, rect_px: RectPx, shape: tuple[int, int]) -> Cells:
        as_class = np.where(self._material == UNSURE_MATERIAL, Material.LIQUID, self._material)
        shares = np.stack([_shares(as_class == number + 1, rect_px, shape) for number in range(len(MATERIALS))])
        shares[0] += 1e-6
        return np.asarray(shares / shares.sum(axis=0), np.float32)

    def _lines(self) -> Area:
        """Pixels on the upper boundary of a region of material."""
        is_top = np.zeros(self._phase.shape, bool)
        is_top[1:] = (self._phase[1:] > 0) & (self._phase[1:] != self._phase[:-1])
        return is_top

    def _to_centre(self, shape: tuple[int, int]) -> Cells:
        middles = np.stack(np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)).astype(np.float32)
        nearest = cv2.resize(self._vessel, shape[::-1], interpolation=cv2.INTER_NEAREST)
        to_centre = np.zeros((2, *shape), np.float32)
        for vessel in self._truth.vessels:
            left, top, right, bottom = self._box_px(vessel)
            centre = np.array([left + right, top + bottom], np.float32)[:, None, None] / 2 / CELL_PX
            to_centre = np.where(nearest == vessel.id, centre - middles, to_centre)
        return to_centre

    def _box_px(self, vessel: VesselTruth) -> RectPx:
        if vessel.box_px is not None:
            return vessel.box_px
        rows, columns = np.nonzero(self._vessel == vessel.id)
        return float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)


def _shares(area: Area, rect_px: RectPx, shape: tuple[int, int]) -> Cells:
    """Which share of each cell of a part of the picture an area covers."""
    whole_px = (0.0, 0.0, float(area.shape[1]), float(area.shape[0]))
    fine = resampled(area.astype(np.float32), whole_px, rect_px, (shape[0] * FINE, shape[1] * FINE))
    return np.asarray(cv2.resize(fine, shape[::-1], interpolation=cv2.INTER_AREA), np.float32)


def _one(index: int, of: int) -> NDArray[np.float64]:
    return np.asarray(np.eye(of)[index])
