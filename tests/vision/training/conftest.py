from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import PictureTruth, VesselTruth

cv2.setNumThreads(0)
MakePicture = Callable[..., LabelledPicture]


@pytest.fixture
def make_picture() -> MakePicture:
    """A grey room with one white vessel, 40 wide and 100 high, filled red up to a height; or what you replace of it."""

    def make(left: int = 60, filled: float = 0.5, **changes: object) -> LabelledPicture:
        pixels = np.full((160, 200, 3), 90, np.uint8)
        vessel, material, phase = (np.zeros((160, 200), np.uint8) for _ in range(3))
        rows, columns = slice(30, 130), slice(left, left + 40)
        full = slice(130 - round(100 * filled), 130)
        pixels[rows, columns], pixels[full, columns] = 240, (200, 30, 30)
        vessel[rows, columns], material[rows, columns] = 1, 1
        material[full, columns], phase[full, columns] = 2, 1
        truth = VesselTruth(id=1, kind="vial", cap="off", content="coloured", n_material_regions=1, tipped=False,
                            fill_height_fraction=filled, fill_area_fraction=filled)  # fmt: skip
        picture = PictureTruth(name=f"at-{left}", width=200, height=160, vessels=(truth,), spill=False)
        return replace(LabelledPicture(picture, pixels, vessel, material, phase, None), **changes)  # type: ignore[arg-type]

    return make
