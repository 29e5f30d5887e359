"""Scores on real photographs with masks drawn by hand, in the layout of our collection `vessel_masks`."""

from pathlib import Path

import cv2
import numpy as np

from vision.errors import DataUnreadable
from vision.segmentation.model import VesselNet
from vision.segmentation.predict import predict
from vision.training.evaluate import MATERIALS, Scores, confusion_of, intersections_over_unions


def score_photographs(network: VesselNet, folder: Path) -> Scores:
    """Compare masks with `material/*.png` for each of `images/*`: intersection over union per class.

    Pixels whose class a person could not tell are left out. Nothing is said of fill heights: the vessels are of no
    labware we know, and often several stand in one photograph.

    Raises:
        DataUnreadable: the folder holds no photographs with masks.
    """
    confusion = np.zeros((MATERIALS, MATERIALS), np.int64)
    photographs = sorted((folder / "images").glob("*"))
    if not photographs:
        raise DataUnreadable(f"{folder}: no photographs in its folder images")
    for path in photographs:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
        truth = cv2.imread(str(folder / "material" / f"{path.stem}.png"), cv2.IMREAD_GRAYSCALE)
        if picture is None or truth is None:
            raise DataUnreadable(f"{folder}: {path.name} or its mask is missing or damaged")
        seen = predict(network, np.asarray(picture, np.uint8)).mask(*picture.shape[:2])
        confusion += confusion_of(np.asarray(truth, np.uint8), seen)
    return {"pictures": len(photographs), **intersections_over_unions(confusion)}
