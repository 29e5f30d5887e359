"""A page of pictures that were read worst: as they are, with the truth, with the reading, and what went wrong in words."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vision.labelled.folder import Plane
from vision.labelled.pictures import LabelledPictures
from vision.labelled.truth import IGNORE, UNSURE_MATERIAL, BoxPx
from vision.overlay import COLOURS, FONT, TINT, WHITE
from vision.scores.case import Case, Pixels, Reader
from vision.scores.evaluate import Seen

WIDTH_PX = 400
JPEG_QUALITY = 78
SPILL_COLOUR, UNSURE_COLOUR, IGNORED_COLOUR = (230, 40, 120), (150, 150, 150), (0, 0, 0)


@dataclass(frozen=True)
class Exhibit:
    """One picture of the page. Pictures are data addresses."""

    name: str
    group: str
    badness: float
    flaws: tuple[str, ...]
    picture: str
    truth: str
    reading: str


def write_gallery(out: Path, pictures: LabelledPictures, seen: Sequence[Seen], reader: Reader, count: int) -> int:
    """Write a self-contained page of the `count` worst pictures, worst first; return how many it shows.

    Pictures that were read without a flaw are not shown.
    """
    worst = sorted((each for each in seen if each.flaws), key=lambda each: -each.badness)[:count]
    exhibits = [_exhibit(pictures, each, reader) for each in worst]
    template = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True
    ).get_template("gallery.html.j2")
    legend = {material.name.lower(): f"rgb{colour}" for material, colour in COLOURS.items()}
    legend |= {"filled, class unsure": f"rgb{UNSURE_COLOUR}", "spill": f"rgb{SPILL_COLOUR}"}
    out.write_text(
        template.render(exhibits=exhibits, of=len(seen), folder=pictures.path.name, legend=legend), encoding="utf-8"
    )
    return len(exhibits)


def _exhibit(pictures: LabelledPictures, seen: Seen, reader: Reader) -> Exhibit:
    picture = pictures.load(seen.truth)
    case = Case(picture, *reader(seen.truth.name, picture.pixels))
    return Exhibit(
        seen.truth.name, seen.truth.group or "", seen.badness, tuple(flaw.words for flaw in seen.flaws),
        _address(picture.pixels), _address(truth_overlay(case)), _address(reading_overlay(case)),
    )  # fmt: skip


def truth_overlay(case: Case) -> Pixels:
    """The picture with its true masks, boxes and states: (H, W, 3), RGB."""
    picture = case.picture
    drawn = _tinted(picture.pixels, picture.material, picture.spill)
    for vessel in picture.truth.vessels:
        words: list[str] = [word for word in (vessel.cap, vessel.content) if word not in ("unknown", "none")]
        if vessel.fill_height_fraction is not None:
            words.append(f"{vessel.fill_height_fraction:.2f}")
        _draw_box(drawn, case.box_of(vessel), " ".join(words))
    return drawn


def reading_overlay(case: Case) -> Pixels:
    """The picture with what was read: (H, W, 3), RGB."""
    planes = (None, None) if case.masks is None else (case.masks.material, case.masks.spill)
    drawn = _tinted(case.picture.pixels, *planes)
    for vessel in case.reading.vessels:
        content = max(vessel.content, key=lambda each: vessel.content[each], default="")
        words = [f"{vessel.score:.2f}", f"cap {vessel.cap_on:.2f}", content]
        if vessel.fill_height_fraction is not None:
            words.append(f"{vessel.fill_height_fraction.mean:.2f}")
        _draw_box(drawn, vessel.box_px, " ".join(words))
    return drawn


def _tinted(pixels: Pixels, material: Plane | None, spill: Plane | None) -> Pixels:
    layer = pixels.copy()
    if material is not None:
        for value, colour in (*COLOURS.items(), (UNSURE_MATERIAL, UNSURE_COLOUR), (IGNORE, IGNORED_COLOUR)):
            layer[material == value] = colour
    if spill is not None:
        layer[spill > 0] = SPILL_COLOUR
    return np.asarray(cv2.addWeighted(pixels, 1 - TINT, layer, TINT, 0), np.uint8)


def _draw_box(picture: Pixels, box: BoxPx | None, words: str) -> None:
    if box is None:
        return
    left, top, right, bottom = (round(value) for value in box)
    size = picture.shape[1] / 1000
    cv2.rectangle(picture, (left, top), (right, bottom), WHITE, 1)
    cv2.putText(picture, words, (left, max(12, top - 3)), FONT, size, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(picture, words, (left, max(12, top - 3)), FONT, size, WHITE, 1, cv2.LINE_AA)


def _address(pixels: Pixels) -> str:
    height = max(1, round(pixels.shape[0] * WIDTH_PX / pixels.shape[1]))
    small = cv2.resize(pixels, (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(bytes(jpeg)).decode()}"
