"""Pictures with truth on disk: what `athanor vision render` writes and people may add to."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from robot.labware import Labware
from vision.errors import DataUnreadable
from vision.segmentation.model import WHOLE

HELD_OUT_EVERY = 10


class Truth(BaseModel):
    """What is known of one picture."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    image: str
    mask: str
    kind: Literal["vial", "plate"]
    labware: str
    """JSON of a `Labware`."""
    content: Literal["empty", "liquid", "solid"] | None
    fill_height_fraction: float | None
    view: str
    occluded: bool = False

    @property
    def present(self) -> bool:
        """Does a vessel stand there?"""
        return self.content is not None

    @property
    def whole(self) -> int:
        """Index into `WHOLE`."""
        return WHOLE.index(self.content or "none")

    @property
    def ware(self) -> Labware:
        """The kind of vessel that stands there, or should."""
        return Labware.model_validate_json(self.labware)


@dataclass(frozen=True)
class Pictures:
    """A folder of pictures with truth, or a part of it."""

    folder: Path
    seed: int
    truths: tuple[Truth, ...]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read a folder's index.

        Raises:
            DataUnreadable: there is no index, or it does not say what it should.
        """
        try:
            index = json.loads((folder / "index.json").read_text())
            return cls(folder, int(index["seed"]), tuple(Truth.model_validate(truth) for truth in index["pictures"]))
        except (OSError, ValueError, KeyError, TypeError, ValidationError) as err:
            raise DataUnreadable(f"{folder}: no readable index.json. Render one with `athanor vision render`.") from err

    def split(self) -> tuple["Pictures", "Pictures"]:
        """Part for training, and every tenth, held out."""
        held_out = self.truths[::HELD_OUT_EVERY]
        rest = tuple(truth for number, truth in enumerate(self.truths) if number % HELD_OUT_EVERY)
        return Pictures(self.folder, self.seed, rest), Pictures(self.folder, self.seed, held_out)

    def load(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Read a picture (H, W, 3), RGB, and its mask (H, W).

        Raises:
            DataUnreadable: a file is missing or is no picture.
        """
        truth = self.truths[number]
        picture = cv2.imread(str(self.folder / truth.image), cv2.IMREAD_COLOR_RGB)
        mask = cv2.imread(str(self.folder / truth.mask), cv2.IMREAD_GRAYSCALE)
        if picture is None or mask is None:
            raise DataUnreadable(f"{self.folder}: {truth.image} or {truth.mask} is missing or damaged")
        return np.asarray(picture, np.uint8), np.asarray(mask, np.uint8)
