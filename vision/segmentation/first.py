"""The first network, which knows one vial or plate per picture, as eyes ask of a `Sight`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.segmentation.model import CLASSES, WHOLE, VesselNet
from vision.segmentation.predict import Prediction, predict
from vision.segmentation.seen import MATERIALS, Box, Cells, Closer, Seen
from vision.segmentation.weights import Calibration, load
from vision.state.standing import largest_part
from vision.state.trust import LevelScatter, Trust
from vision.state.vessel import Material

NO_IDEA = 1e3
"""Standard deviation of a share that was not looked for."""


class FirstSight:
    """The first network and its calibration."""

    def __init__(self, network: VesselNet, calibration: Calibration) -> None:
        self._network, self._calibration = network, calibration
        self._last: tuple[Seen, Prediction] | None = None

    @classmethod
    def load(cls, path: Path) -> tuple[Self, Trust]:
        """Open a file of weights; say how far its answers may be trusted.

        Raises:
            WeightsDamaged: the weights or their record are missing, altered or made for another network.
        """
        network, record = load(path)
        by = record.calibration
        level = LevelScatter(std_floor=by.std_floor, std_per_spread=by.std_per_spread, std_per_haze=by.std_per_haze)
        return cls(network, by), Trust(level=level)

    def see(self, picture: NDArray[np.uint8]) -> Seen:
        """Look at a whole picture: one box, whose score is the chance that there is a vessel at all."""
        said = predict(self._network, picture)
        material = _given_vessel(said)
        box_px = _box_px(said, picture)
        seen = Seen(
            vessel=said.vessel,
            material=material,
            filled=material[1:5].sum(axis=0),
            interface=np.zeros_like(said.vessel),
            spill=np.zeros_like(said.vessel),
            to_centre=_towards(box_px, said.vessel.shape, said.cell_px),
            boxes=(Box(box_px, 1 - self._chances(said)["none"]),),
            cell_px=said.cell_px,
        )
        self._last = seen, said
        return seen

    def look_closer(self, picture: NDArray[np.uint8], seen: Seen, boxes: Sequence[Box]) -> list[Closer]:
        """Say the little that it knows of caps, layers and turbidity: even chances."""
        last = self._last
        said = last[1] if last is not None and last[0] is seen else predict(self._network, picture)
        chances = self._chances(said)
        there = max(1e-9, 1 - chances["none"])
        empty = chances["empty"] / there
        closer = Closer(
            cap=0.5,
            content=np.array([empty, (1 - empty) / 2, (1 - empty) / 2, 0.0]),
            layers=np.array([empty, 1 - empty, 0.0, 0.0]),
            tipped=0.5,
            turbidity=0.5,
            fill_height=(0.5, NO_IDEA),
            vessel=largest_part(seen.vessel),
            material=seen.material,
            interface=seen.interface,
            crop_px=(0.0, 0.0, float(picture.shape[1]), float(picture.shape[0])),
            dry=chances["solid"] / max(1e-9, there - chances["empty"]),
        )
        return [closer for _ in boxes]

    def _chances(self, said: Prediction) -> dict[str, float]:
        """Calibrated probabilities of `WHOLE`."""
        logits = said.whole / self._calibration.temperature
        odds = np.exp(logits - logits.max())
        return dict(zip(WHOLE, (odds / odds.sum()).tolist(), strict=True))


def _given_vessel(said: Prediction) -> Cells:
    """(6, h, w) chances of `MATERIALS`; it has not learnt what foam is."""
    names = [Material[name.upper()] for name in MATERIALS]
    nothing = np.zeros_like(said.vessel)
    planes = np.stack([said.cells[CLASSES.index(name)] if name in CLASSES else nothing for name in names])
    return np.asarray(planes / np.maximum(planes.sum(axis=0), 1e-9), np.float32)


def _box_px(said: Prediction, picture: NDArray[np.uint8]) -> tuple[float, float, float, float]:
    """Around the largest thing that looks like a vessel; the whole picture, if nothing does."""
    left, top, width, height = cv2.boundingRect((largest_part(said.vessel) > 0.5).astype(np.uint8))
    if not width:
        return 0.0, 0.0, float(picture.shape[1]), float(picture.shape[0])
    edges = (np.array([left, top, left + width, top + height]) * said.cell_px).tolist()
    return edges[0], edges[1], edges[2], edges[3]


def _towards(box_px: tuple[float, float, float, float], shape: Sequence[int], cell_px: float) -> Cells:
    """From every cell to the middle of a box."""
    columns, rows = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    left, top, right, bottom = (edge / cell_px for edge in box_px)
    return np.stack(((left + right) / 2 - columns, (top + bottom) / 2 - rows)).astype(np.float32)
