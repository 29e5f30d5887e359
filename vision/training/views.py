"""Views of labelled pictures: moved, turned, mirrored, nearer or farther, and the truth with them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import IGNORE, PictureTruth, VesselTruth
from vision.segmentation.crops import Matrix, Sides, cut, cut_plane

Bytes = NDArray[np.uint8]
AROUND_PX = 5
"""Boxes are drawn by hand: so far around them nothing is sure."""
UNKNOWN_SPILL = 1
"""Where nobody has looked for spills; 0 is none, 255 spilled."""


@dataclass(frozen=True)
class Planes:
    """Masks of a view, all (H, W)."""

    vessel: Bytes
    """Number of the vessel; 0 elsewhere."""
    material: Bytes
    """`Material`, 254, 255. Beyond the picture's edges 255."""
    phase: Bytes
    spill: Bytes
    """0, 255 or `UNKNOWN_SPILL`."""
    beyond: NDArray[np.bool_]
    """Where the picture does not reach."""


@dataclass(frozen=True)
class Shown:
    """A vessel in a view."""

    number: int
    box: Sides
    """In pixels of the view, cut at the edges of view and picture."""
    part_in_view: float
    """Of its box's area."""
    masked: bool
    """Is its mask known, or its box alone?"""
    truth: VesselTruth


@dataclass(frozen=True)
class Prepared:
    """A picture with complete masks and the boxes of its vessels, in its own pixels; made once, viewed often."""

    picture: LabelledPicture
    masks: tuple[Bytes, Bytes, Bytes, Bytes]
    """Vessel, material, phase and spill; what nobody has drawn says so."""
    boxes: tuple[tuple[VesselTruth, Sides, Sides | None], ...]
    """Each vessel with its box, hidden part included, and the box of its mask, if it has one."""

    @classmethod
    def of(cls, picture: LabelledPicture) -> Self:
        """Prepare a picture."""
        shape = picture.pixels.shape[:2]
        vessel = np.zeros(shape, np.uint8) if picture.vessel is None else picture.vessel
        material = picture.material
        if material is None:
            material = np.where(vessel > 0, IGNORE, 0).astype(np.uint8)
            if picture.vessel is None:
                forget_boxes(material, picture.truth)
        phase = np.zeros(shape, np.uint8) if picture.phase is None else picture.phase
        spill = picture.spill
        if spill is None:
            spill = np.full(shape, 0 if picture.truth.spill is False else UNKNOWN_SPILL, np.uint8)
        of_masks = boxes_of_masks(vessel)
        boxes = tuple(
            (each, each.box_px or of_masks[each.id], of_masks.get(each.id))
            for each in picture.truth.vessels
            if each.box_px is not None or each.id in of_masks
        )
        return cls(picture, (vessel, material, phase, spill), boxes)


def view(prepared: Prepared, matrix: Matrix, height_px: int, width_px: int
         ) -> tuple[Bytes, Planes, tuple[Shown, ...]]:  # fmt: skip
    """Show a picture through `matrix`, which turns its pixels into those of the view.

    Returns:
        colours (height_px, width_px, 3), masks, and the vessels in view.
    """
    pixels = prepared.picture.pixels
    vessel, material, phase, spill = prepared.masks
    inside = np.full(material.shape, 255, np.uint8)
    vessel, material, phase, spill, inside = (
        cut_plane(plane, matrix, height_px, width_px, beyond=beyond)
        for plane, beyond in ((vessel, 0), (material, IGNORE), (phase, 0), (spill, UNKNOWN_SPILL), (inside, 0))
    )
    planes = Planes(vessel, material, phase, spill, inside == 0)
    moved = boxes_of_masks(planes.vessel)
    found = []
    for truth, box, of_mask in prepared.boxes:
        whole = _moved(box, of_mask, moved.get(truth.id), matrix)
        clipped = _clipped(whole, planes.beyond.shape, pixels.shape, matrix)
        part = _area(clipped) / max(_area(whole), 1.0)
        if part > 0:
            found.append(Shown(truth.id, clipped, part, of_mask is not None, truth))
    return cut(pixels, matrix, height_px, width_px), planes, tuple(found)


def random_matrix(size: tuple[int, int], to: tuple[int, int], rng: np.random.Generator, focus: Sides | None,
                  long_side_px: tuple[float, float], turn_deg: float) -> Matrix:  # fmt: skip
    """Draw a move: scale, place, mirror, turn.

    Args:
        size: height and width of the picture.
        to: height and width of the view.
        focus: a box that should be in view; None: anywhere.
        long_side_px: the picture's longer side becomes as long as something between these.
        turn_deg: standard deviation of the turn; with 0, mirrored at most.
    """
    low, high = np.log(long_side_px)
    scale = float(np.exp(rng.uniform(low, high))) / max(size)
    angle = np.deg2rad(rng.normal(0, turn_deg)) if turn_deg else 0.0
    stretch = float(np.exp(rng.normal(0, 0.06)))
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    linear = turn @ np.diag((mirror * scale * stretch, scale / stretch))
    if focus is None:
        spare = np.maximum(0.0, np.array((size[1], size[0])) - np.array((to[1], to[0])) / scale)
        middle = np.array((size[1], size[0])) / 2 + (rng.random(2) - 0.5) * spare
        middle += rng.normal(0, 0.05, 2) * size[0]
        target = np.array((to[1], to[0])) / 2
    else:
        middle = np.array(((focus[0] + focus[2]) / 2, (focus[1] + focus[3]) / 2))
        target = np.array((to[1], to[0])) * rng.uniform(0.25, 0.75, 2)
    return np.column_stack((linear, target - linear @ middle))


def boxes_of_masks(vessel: Bytes) -> dict[int, Sides]:
    """Left, top, right, bottom of each vessel's visible part, by its number."""
    found = ndimage.find_objects(vessel)
    return {
        number: (float(where[1].start), float(where[0].start), float(where[1].stop), float(where[0].stop))
        for number, where in enumerate(found, start=1) if where is not None
    }  # fmt: skip


def forget_boxes(material: Bytes, truth: PictureTruth) -> None:
    """In boxes without masks, and just around them, nobody has said what is vessel and what is not."""
    for each in truth.vessels:
        if each.box_px is not None:
            left, top, right, bottom = (round(side) for side in each.box_px)
            above, before = max(0, top - AROUND_PX), max(0, left - AROUND_PX)
            material[above : bottom + AROUND_PX, before : right + AROUND_PX] = IGNORE


def _moved(box: Sides, of_mask: Sides | None, moved_mask: Sides | None, matrix: Matrix) -> Sides:
    """A box after the move: as its mask's, grown by the hidden part; without a mask, as its corners'."""
    if of_mask is not None and moved_mask is not None:
        scale = np.abs(np.diag(matrix[:, :2])) + 1e-9
        mirrored = matrix[0, 0] < 0
        hidden = np.maximum(0.0, (of_mask[0] - box[0], of_mask[1] - box[1], box[2] - of_mask[2], box[3] - of_mask[3]))
        left, top, right, bottom = hidden * np.tile(scale, 2)
        left, right = (right, left) if mirrored else (left, right)
        return moved_mask[0] - left, moved_mask[1] - top, moved_mask[2] + right, moved_mask[3] + bottom
    corners = np.array([(x, y, 1.0) for x in box[::2] for y in box[1::2]]) @ matrix.T
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def _clipped(box: Sides, shape: tuple[int, ...], size: tuple[int, ...], matrix: Matrix) -> Sides:
    """A box cut at the edges of the view and of the picture in it."""
    edges = np.array([(x, y, 1.0) for x in (0, size[1]) for y in (0, size[0])]) @ matrix.T
    low = np.maximum(edges.min(axis=0), 0.0)
    high = np.minimum(edges.max(axis=0), (shape[1], shape[0]))
    x0, y0 = np.clip(box[:2], low, high)
    x1, y1 = np.clip(box[2:], low, high)
    return float(x0), float(y0), float(x1), float(y1)


def _area(box: Sides) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
