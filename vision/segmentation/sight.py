"""Both networks at work: from a picture to what is seen, and a closer look at each vessel."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from vision.segmentation import closer as planes_of
from vision.segmentation import store
from vision.segmentation.blocks import STRIDE_PX
from vision.segmentation.closer import CROP_HEIGHT_PX, CROP_WIDTH_PX, FILL_BINS, PARTS
from vision.segmentation.crops import Matrix, Sides, crop_around, cut, cut_plane, matrix_of
from vision.segmentation.decode import belonging, decode
from vision.segmentation.network import CELL_PX
from vision.segmentation.runtime import Floats, Run, runner
from vision.segmentation.seen import Box, Closer, Seen
from vision.state.trust import Trust

LONG_SIDE_PX = 512
"""Pictures are shown to the first network at this size."""
FILLS = np.linspace(0, 1, FILL_BINS)


class TrainedSight:
    """Trained networks and what makes their answers honest. Same pixels, same answer."""

    def __init__(self, picture: Run, crop: Run, temperatures: Mapping[str, float]) -> None:
        self._picture, self._crop, self._temperatures = picture, crop, temperatures

    @classmethod
    def load(cls, path: Path, threads: int = 0) -> tuple[Self, Trust]:
        """Open a file of weights; say how far its answers may be trusted.

        Raises:
            WeightsDamaged: the weights or their record are missing, altered or made for other networks.
        """
        networks, record = store.load(path)
        return cls.of(networks, record.temperatures, threads), record.trust

    @classmethod
    def of(cls, networks: store.Networks, temperatures: Mapping[str, float], threads: int = 0) -> Self:
        """Make networks ready to look."""
        picture, crop = (runner(network, part, threads) for part, network in networks.items().items())
        return cls(picture, crop, temperatures)

    def see(self, picture: NDArray[np.uint8]) -> Seen:
        """Look at a whole picture (H, W, 3), RGB."""
        view, scale = fit(picture)
        (planes,) = self._picture(_as_batch(view[None]))
        rows, columns = (max(1, round(side * scale / CELL_PX)) for side in picture.shape[:2])
        return decode(planes[0, :, :rows, :columns], CELL_PX / scale, self._temperatures)

    def look_closer(self, picture: NDArray[np.uint8], seen: Seen, boxes: Sequence[Box]) -> tuple[Closer, ...]:
        """Look at each of some vessels in that picture; `boxes` are some of `seen.boxes`."""
        if not boxes:
            return ()
        owner = belonging(seen)
        crops = [crop_around(box.px) for box in boxes]
        shown = [
            _crop(picture, seen, owner == seen.boxes.index(box), crop) for box, crop in zip(boxes, crops, strict=True)
        ]
        masks, states = self._crop(_as_batch(np.stack(shown)))
        return tuple(self._closer(plane, state, crop) for plane, state, crop in zip(masks, states, crops, strict=True))

    def _closer(self, planes: Floats, state: Floats, crop: Sides) -> Closer:
        ends = np.cumsum([0, *PARTS.values()])
        logits = {
            name: state[start:end].astype(np.float64) / self._temperatures.get(name, 1.0)
            for name, start, end in zip(PARTS, ends, ends[1:], strict=False)
        }
        fill = softmax(logits["fill"])
        mean = float(fill @ FILLS)
        return Closer(
            cap=float(expit(logits["cap"][0])),
            content=softmax(logits["content"]),
            layers=softmax(logits["layers"]),
            tipped=float(expit(logits["tipped"][0])),
            turbidity=float(expit(logits["turbidity"][0])),
            fill_height=(mean, float(np.sqrt(fill @ (FILLS - mean) ** 2))),
            vessel=np.asarray(expit(planes[0]), np.float32),
            material=np.asarray(softmax(planes[planes_of.CROP_MATERIAL], axis=0), np.float32),
            interface=np.asarray(expit(planes[planes_of.CROP_INTERFACE][0]), np.float32),
            crop_px=crop,
            kind=softmax(logits["kind"]),
        )


def fit(picture: NDArray[np.uint8], long_side_px: int = LONG_SIDE_PX) -> tuple[NDArray[np.uint8], float]:
    """Scale a picture for the first network, its edges drawn out to the right and below to multiples of 32.

    Returns:
        the view, and its scale in pixels per pixel of the picture.
    """
    height_px, width_px = picture.shape[:2]
    scale = long_side_px / max(height_px, width_px)
    size = (max(1, round(width_px * scale)), max(1, round(height_px * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    below, right = -size[1] % STRIDE_PX, -size[0] % STRIDE_PX
    return np.asarray(cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8), scale


def _crop(picture: NDArray[np.uint8], seen: Seen, own: NDArray[np.bool_], crop: Sides) -> NDArray[np.uint8]:
    """(160, 128, 4) colours and the vessel's mask, 0 to 255."""
    matrix = matrix_of(crop)
    colours = cut(picture, matrix, CROP_HEIGHT_PX, CROP_WIDTH_PX)
    of_cells: Matrix = matrix @ np.diag((seen.cell_px, seen.cell_px, 1.0))
    plane = np.asarray(255 * seen.vessel * own, np.uint8)
    mask = cut_plane(plane, of_cells, CROP_HEIGHT_PX, CROP_WIDTH_PX, smooth=True)
    return np.dstack((colours, mask))


def _as_batch(pictures: NDArray[np.uint8]) -> Floats:
    """(N, H, W, C) bytes as (N, C, H, W), 0 to 1."""
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32) / np.float32(255)
