"""From a picture to probabilities per cell, and back to a mask at the picture's size."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from vision.segmentation.model import CELL_PX, CLASSES, INPUT_HEIGHT_PX, INPUT_WIDTH_PX, VesselNet
from vision.state.vessel import Material


@dataclass(frozen=True)
class Prediction:
    """What the network says of one picture."""

    cells: NDArray[np.float32]
    """(6, h, w) probabilities of `CLASSES`, for the part of the network's view that the picture fills."""
    whole: NDArray[np.float64]
    """(4,) logits of `WHOLE`."""
    cell_px: float
    """Side of a cell in pixels of the picture."""

    @property
    def vessel(self) -> NDArray[np.float32]:
        """(h, w) chance that a cell is a vessel's."""
        return np.asarray(1 - self.cells[CLASSES.index(Material.BACKGROUND)], np.float32)

    @property
    def liquid(self) -> NDArray[np.float32]:
        """(h, w) chance that a cell holds liquid or suspension."""
        liquids = [CLASSES.index(material) for material in (Material.LIQUID, Material.SUSPENSION)]
        return np.asarray(self.cells[liquids].sum(axis=0), np.float32)

    def mask(self, height_px: int, width_px: int) -> NDArray[np.uint8]:
        """The likeliest `Material` of each pixel: (height_px, width_px)."""
        planes = [cv2.resize(plane, (width_px, height_px), interpolation=cv2.INTER_LINEAR) for plane in self.cells]
        best = np.zeros((height_px, width_px), np.uint8)
        highest = planes[0]
        for material, plane in zip(CLASSES[1:], planes[1:], strict=True):
            best[plane > highest] = material
            highest = np.maximum(highest, plane)
        return best


def predict(network: VesselNet, picture: NDArray[np.uint8]) -> Prediction:
    """Show a picture (H, W, 3), RGB, to the network, on one core in some ten milliseconds."""
    view, scale = fit(picture)
    colours = torch.from_numpy(view).permute(2, 0, 1)[None].float() / 255
    with torch.inference_mode():
        logits, whole = network(colours)
        cells = logits[0].softmax(dim=0).numpy()
    rows, columns = (max(1, round(side * scale / CELL_PX)) for side in picture.shape[:2])
    return Prediction(cells[:, :rows, :columns], whole[0].double().numpy(), CELL_PX / scale)


def fit(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Scale a picture into the network's view (240, 320, 3), its edges drawn out to the right and below.

    Returns:
        the view, and its scale in pixels per pixel of the picture.
    """
    height_px, width_px = picture.shape[:2]
    scale = min(INPUT_HEIGHT_PX / height_px, INPUT_WIDTH_PX / width_px)
    size = (max(1, round(width_px * scale)), max(1, round(height_px * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    below, right = INPUT_HEIGHT_PX - size[1], INPUT_WIDTH_PX - size[0]
    view = cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(view, np.uint8), scale
