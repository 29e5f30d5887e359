"""Frames with boxes: what they teach without masks.

Outside all boxes there is no vessel, for frames show what renders do not: racks, scales, cables, stands. In the core of
the box of a cap there is cap. A frame that photographs show with masks, too, lends them its boxes and its pose.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vision.errors import DataUnreadable
from vision.labelled.folder import IMAGES, LabelledFolder, LabelledPicture
from vision.labelled.folds import Fold
from vision.labelled.pictures import LabelledPictures
from vision.labelled.sdl_states import BOXES, CAP, open_sdl_states
from vision.labelled.truth import IGNORE, BoxPx, PictureTruth, VesselTruth, shared_px
from vision.state.vessel import Material
from vision.training.views import boxes_of_masks, forget_boxes

CORE = 0.22
"""Of a cap's box, on each side, may be something else."""
NO_VESSELS = ("mold",)
"""Kinds of boxes around what photographs with masks call background."""
TWIN = "sdl_"
"""A photograph with masks of this name is the frame of the rest of its name."""


@dataclass(frozen=True)
class Frames:
    """Frames of a working laboratory, ready to teach."""

    frames: LabelledPictures
    caps: dict[str, list[BoxPx]]
    """Boxes of caps by the frame's name."""

    @classmethod
    def open(cls, path: Path) -> "Frames":
        """Read boxes and states.

        Raises:
            DataUnreadable: a list is missing, or does not say what it should.
        """
        return cls(open_sdl_states(path), _caps(path))

    @property
    def path(self) -> Path:
        """Where they lie."""
        return self.frames.path

    @property
    def truths(self) -> tuple[PictureTruth, ...]:
        """What is known of each; where vessels have no boxes, that not all are known."""
        return tuple(_teaching(truth) for truth in self.frames.truths)

    def load(self, truth: PictureTruth) -> LabelledPicture:
        """Read one, with what its boxes say of its pixels."""
        picture = self.frames.load(truth)
        material = np.zeros(picture.pixels.shape[:2], np.uint8)
        forget_boxes(material, truth)
        if not truth.all_vessels:
            material[:] = IGNORE
        for left, top, right, bottom in self.caps.get(truth.name, ()):
            across, along = CORE * (right - left), CORE * (bottom - top)
            core = (
                slice(round(top + along), round(bottom - along)),
                slice(round(left + across), round(right - across)),
            )
            material[core] = Material.CAP
        return replace(picture, truth=truth, material=material)


@dataclass(frozen=True)
class Masked:
    """A folder of photographs, some of which are frames, too."""

    folder: LabelledFolder
    frames: Frames | None

    @property
    def path(self) -> Path:
        """Where they lie."""
        return self.folder.path

    @property
    def truths(self) -> tuple[PictureTruth, ...]:
        """What is known of each; a frame belongs to the group of its pose."""
        poses = {} if self.frames is None else {truth.name: truth.group for truth in self.frames.truths}
        return tuple(
            truth if _twin(truth) not in poses else truth.model_copy(update={"group": poses[_twin(truth)]})
            for truth in self.folder.truths
        )

    def load(self, truth: PictureTruth) -> LabelledPicture:
        """Read one; a vessel whose mask lies in the box of a frame's has that box, hidden part included."""
        picture = self.folder.load(truth)
        twin = None if self.frames is None else next((t for t in self.frames.truths if t.name == _twin(truth)), None)
        if twin is None or picture.vessel is None:
            return picture
        of_masks = boxes_of_masks(picture.vessel)
        vessels = tuple(_with_box(each, of_masks.get(each.id), twin.vessels) for each in truth.vessels)
        return replace(picture, truth=truth.model_copy(update={"vessels": vessels}))


def without_vessels(path: Path, fold: Fold | None) -> tuple[Path, ...]:
    """Frames of that folder, but for those of a fold, in which no vessel is: real places to put composed ones into.

    Raises:
        DataUnreadable: a list is missing, or does not say what it should.
    """
    return tuple(
        path / IMAGES / f"{truth.name}.jpg"
        for truth in open_sdl_states(path).truths
        if truth.all_boxed and not truth.vessels and not (fold and fold.holds(truth))
    )


def _teaching(truth: PictureTruth) -> PictureTruth:
    """Leave out what photographs call background; where no mould is in view, nothing was spilled from one."""
    vessels = tuple(each for each in truth.vessels if each.kind not in NO_VESSELS)
    dry = truth.spill is None and len(vessels) == len(truth.vessels)
    return truth.model_copy(
        update={"vessels": vessels, "all_vessels": truth.all_boxed, "spill": False if dry else truth.spill}
    )


def _twin(truth: PictureTruth) -> str:
    return truth.name.removeprefix(TWIN) if truth.name.startswith(TWIN) else ""


def _with_box(vessel: VesselTruth, of_mask: BoxPx | None, others: tuple[VesselTruth, ...]) -> VesselTruth:
    """A vessel with the box and kind of the one, of others, whose box holds its mask and fits best."""
    if of_mask is None:
        return vessel
    fitting = [other for other in others if other.box_px is not None and _fits(of_mask, other.box_px)]
    if not fitting:
        return vessel
    best = max(fitting, key=lambda other: shared_px(of_mask, other.box_px or of_mask) / _area(other.box_px or of_mask))
    box = best.box_px or of_mask
    around = (min(box[0], of_mask[0]), min(box[1], of_mask[1]), max(box[2], of_mask[2]), max(box[3], of_mask[3]))
    return vessel.model_copy(update={"box_px": around, "kind": vessel.kind or best.kind})


def _fits(of_mask: BoxPx, box: BoxPx) -> bool:
    """Does a mask's box lie in a box, and is it about as wide?"""
    wide = (of_mask[2] - of_mask[0]) / max(1.0, box[2] - box[0])
    return shared_px(of_mask, box) > 0.8 * _area(of_mask) and wide > 0.65


def _area(box: BoxPx) -> float:
    return max(1.0, (box[2] - box[0]) * (box[3] - box[1]))


def _caps(path: Path) -> dict[str, list[BoxPx]]:
    try:
        coco = json.loads((path / BOXES).read_bytes())
        names = {each["id"]: Path(each["file_name"]).stem for each in coco["images"]}
        cap = next(each["id"] for each in coco["categories"] if each["name"] == CAP)
        found = defaultdict[str, list[BoxPx]](list)
        for each in coco["annotations"]:
            if each["category_id"] == cap:
                left, top, width, height = each["bbox"]
                found[names[each["image_id"]]].append((left, top, left + width, top + height))
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as err:
        raise DataUnreadable(f"{path / BOXES}: no boxes of caps can be read ({err}). Restore it") from err
    return dict(found)
