"""How good reading can be: photographs whose masks people drew, read with networks that make no mistake.

python benchmarks/reading_ceiling.py ../shared/data/vision/vessel_masks
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.eyes import Eyes
from vision.frame import Frame
from vision.labelled.folder import LabelledFolder, LabelledPicture
from vision.labelled.oracle import Oracle
from vision.labelled.truth import IGNORE
from vision.state.reading import Masks, PictureReading
from vision.state.trust import Trust

Areas = NDArray[np.uint8]


def main(folder: Path) -> None:
    """Print the figures as rows of a table."""
    pictures = list(LabelledFolder.open(folder))
    read = [Eyes(Oracle(each), Trust()).read(Frame(each.pixels, each.truth.name, 0.0)) for each in pictures]
    qualities = [quality for each, (_, masks) in zip(pictures, read, strict=True) for quality in overlaps(each, masks)]
    levels = np.array(
        [pair for each, (reading, _) in zip(pictures, read, strict=True) for pair in heights(each, reading)]
    )
    told = ~np.isnan(levels[:, 1])
    misses = np.abs(levels[told, 0] - levels[told, 1])
    layers = [
        vessel.n_material_regions == len(said.materials)
        for each, (reading, _) in zip(pictures, read, strict=True)
        for vessel, said in zip(each.truth.vessels, reading.vessels, strict=True)
        if vessel.n_material_regions is not None
    ]
    print(
        f"| vessels; mean IoU of their masks; PQ | {len(qualities)}; {np.mean(qualities):.3f}; {panoptic(qualities):.3f} |"
    )
    print(f"| fill heights told, of those labelled | {told.sum()} of {len(told)} |")
    print(f"| error of fill height: median; 90th percentile; largest | {np.median(misses):.4f}; "
          f"{np.percentile(misses, 90):.4f}; {misses.max():.3f} |")  # fmt: skip
    print(f"| layers named as many as there are | {np.mean(layers):.3f} of {len(layers)} |")


def overlaps(picture: LabelledPicture, masks: Masks) -> Iterator[float]:
    """Intersection over union of each vessel with its mask, pixels to be ignored left out."""
    assert picture.vessel is not None
    assert picture.material is not None
    counts = picture.material != IGNORE
    for number, vessel in enumerate(picture.truth.vessels, 1):
        is_so, said = (picture.vessel == vessel.id) & counts, (masks.vessel == number) & counts
        yield float((is_so & said).sum() / max(1, (is_so | said).sum()))


def panoptic(qualities: list[float]) -> float:
    """Panoptic quality when every vessel has one mask: Kirillov et al., CVPR 2019."""
    hits = [quality for quality in qualities if quality > 0.5]
    return sum(hits) / len(qualities)


def heights(picture: LabelledPicture, reading: PictureReading) -> Iterator[tuple[float, float]]:
    """Fill heights as labelled and as read; not a number where none was told."""
    for vessel, said in zip(picture.truth.vessels, reading.vessels, strict=True):
        if vessel.fill_height_fraction is not None:
            level = said.fill_height_fraction
            yield vessel.fill_height_fraction, float("nan") if level is None else level.mean


if __name__ == "__main__":
    main(Path(sys.argv[1]))
