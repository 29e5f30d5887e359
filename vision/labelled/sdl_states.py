"""The layout `sdl_states`: boxes, states of test tubes, spills and checks of a working laboratory.

    FOLDER/images/NNNN.jpg
    FOLDER/annotations.coco.json   boxes by category
    FOLDER/states.json             by file name: where the camera looked, tubes, spill, checks
    FOLDER/spill_masks/NNNN.png    0 or 255, for some

States are listed without saying which tube's they are. A box with the box of a cap on it is that of a tube whose cap is
on; what even that does not tell is unknown.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from vision.errors import DataUnreadable
from vision.labelled.folder import IMAGES, LabelledPicture
from vision.labelled.pictures import ForeignPictures, read_colours, read_mask
from vision.labelled.truth import BoxPx, CapState, Check, Content, Known, PictureTruth, VesselTruth, shared_px

STATES, BOXES, SPILLS = "states.json", "annotations.coco.json", "spill_masks"
TUBE, CAP = "test tube", "test tube cap"
VESSELS = (TUBE, "silicone container", "pigment container", "mold")
"""Boxes of other categories are no vessels."""


class Tube(Known):
    """The state of a tube at the station."""

    cap: CapState
    content: Content


class Frame(Known):
    """What is known of one frame."""

    camera: str
    station: str
    view: str
    distance: str
    tubes: tuple[Tube, ...] = ()
    tubes_all_boxed: bool = True
    spill: str | None = None
    spill_visible: bool = True
    tipped: bool = False
    checks: tuple[Check, ...] = ()


def open_sdl_states(path: Path) -> ForeignPictures:
    """Read boxes and states.

    Raises:
        DataUnreadable: a list is missing, or does not say what it should.
    """
    try:
        frames = TypeAdapter(dict[str, Frame]).validate_json((path / STATES).read_bytes())
        coco = json.loads((path / BOXES).read_bytes())
        truths = tuple(_truth(image, _boxes(coco, image["id"]), frames) for image in coco["images"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as err:
        raise DataUnreadable(f"{path}: {STATES} and {BOXES} do not fit together ({err}). Restore them") from err
    return ForeignPictures(path, truths, lambda truth: _load(path, truth))


def _load(path: Path, truth: PictureTruth) -> LabelledPicture:
    pixels = read_colours(path / IMAGES / f"{truth.name}.jpg")
    spill = read_mask(path / SPILLS / f"{truth.name}.png", pixels.shape)
    return LabelledPicture(truth, pixels, None, None, None, spill)


def _boxes(coco: dict[str, Any], image_id: int) -> dict[str, list[BoxPx]]:
    """Boxes in a picture, by category."""
    names = {each["id"]: each["name"] for each in coco["categories"]}
    found = defaultdict[str, list[BoxPx]](list)
    for each in coco["annotations"]:
        if each["image_id"] == image_id:
            left, top, width, height = each["bbox"]
            found[names[each["category_id"]]].append((left, top, left + width, top + height))
    return found


def _truth(image: dict[str, Any], boxes: dict[str, list[BoxPx]], frames: dict[str, Frame]) -> PictureTruth:
    file = Path(image["file_name"])
    frame = frames[file.name]
    states = states_of_boxes(boxes[TUBE], boxes[CAP], frame.tubes if frame.tubes_all_boxed else ())
    listed = [(TUBE, box, state) for box, state in zip(boxes[TUBE], states, strict=True)]
    listed += [(kind, box, Tube(cap="unknown", content="unknown")) for kind in VESSELS[1:] for box in boxes[kind]]
    vessels = tuple(
        VesselTruth(id=number, kind=kind, box_px=box, cap=state.cap, content=state.content,
                    tipped=None if frame.tipped else False)
        for number, (kind, box, state) in enumerate(listed, start=1)
    )  # fmt: skip
    spill = None if frame.spill is None or not frame.spill_visible else frame.spill != "none"
    return PictureTruth(
        name=file.stem, width=image["width"], height=image["height"], source="sdl", licence="CC BY 4.0",
        group=f"{frame.camera}, {frame.station}, {frame.view}, {frame.distance}", vessels=vessels, all_vessels=False,
        all_boxed=frame.tubes_all_boxed, spill=spill, checks=frame.checks,
    )  # fmt: skip


def states_of_boxes(boxes: list[BoxPx], caps: list[BoxPx], tubes: tuple[Tube, ...]) -> list[Tube]:
    """Which box has which state, as far as boxes of caps tell. `tubes` may be none, if nothing is known of them."""
    unknown = Tube(cap="unknown", content="unknown")
    if len(tubes) != len(boxes):
        return [unknown] * len(boxes)
    bare = [tube for tube in tubes if tube.cap == "off"]
    others = [tube for tube in tubes if tube.cap != "off"]
    capped = {max(range(len(boxes)), key=lambda b: shared_px(boxes[b], cap)) for cap in caps} if boxes else set()
    if not others or not bare:
        return [_common(tubes)] * len(boxes)
    if len(capped) != len(others):
        return [_common(tubes)] * len(boxes)
    return [_common(others if number in capped else bare) for number in range(len(boxes))]


def _common(tubes: tuple[Tube, ...] | list[Tube]) -> Tube:
    """What is the same in all of them."""
    caps, contents = {tube.cap for tube in tubes}, {tube.content for tube in tubes}
    return Tube(
        cap=caps.pop() if len(caps) == 1 else "unknown", content=contents.pop() if len(contents) == 1 else "unknown"
    )
