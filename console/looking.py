"""`athanor vision look`: what the eyes see in pictures, for programs, for people, and as masks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2

from planning.errors import Refused
from vision.eyes import Eyes
from vision.frame import Frame
from vision.overlay import caption, headline, overlay
from vision.sources import pictures_at
from vision.state.reading import Masks, PictureReading


@dataclass(frozen=True)
class Wanted:
    """Where the results go."""

    as_json: bool
    overlay: Path | None
    masks: Path | None


def look_at(source: str, eyes: Eyes, wanted: Wanted, progress: Callable[[int, int, str], None]) -> None:
    """Look at every picture of a source.

    Raises:
        DataUnreadable: a picture cannot be read.
        Refused: the results have nowhere to go.
    """
    frames = pictures_at(source)
    overlays = _overlays(wanted.overlay, Path(source).is_dir())
    if wanted.masks is not None:
        wanted.masks.mkdir(parents=True, exist_ok=True)
    for done, frame in enumerate(frames, 1):
        reading, masks = eyes.read(frame)
        if overlays is not None:
            _write(overlays(frame), overlay(frame, reading, masks)[:, :, ::-1])
        if wanted.masks is not None:
            _write_masks(wanted.masks, frame, masks)
        print(reading.model_dump_json() if wanted.as_json else _in_words(reading))
        progress(done, len(frames), frame.camera)


def _in_words(reading: PictureReading) -> str:
    shown = [
        f"  {number}: {caption(vessel)}" for number, vessel in enumerate(reading.vessels, 1) if vessel.score >= 0.5
    ]
    return "\n".join([f"{reading.image}   {headline(reading)}", *shown]).replace("+-", "±")


def _overlays(out: Path | None, many: bool) -> Callable[[Frame], Path] | None:
    """Where the overlay of each picture goes: a file for one picture, a folder for many."""
    if out is None:
        return None
    if many:
        if out.is_file():
            raise Refused(f"{out} is a file, and there are many pictures", "Name a folder for their overlays")
        out.mkdir(parents=True, exist_ok=True)
        return lambda frame: out / f"{Path(frame.camera).stem}.jpg"
    if not out.parent.is_dir():
        raise Refused(f"{out.parent} is no folder", "Make it, or write elsewhere")
    return lambda frame: out / f"{Path(frame.camera).stem}.jpg" if out.is_dir() else out


def _write_masks(folder: Path, frame: Frame, masks: Masks) -> None:
    stem = Path(frame.camera).stem
    for part, plane in (("vessel", masks.vessel), ("material", masks.material), ("spill", masks.spill)):
        _write(folder / f"{stem}.{part}.png", plane)


def _write(path: Path, pixels: cv2.typing.MatLike) -> None:
    try:
        done = cv2.imwrite(str(path), pixels)
    except cv2.error as err:
        raise Refused(f"{path} cannot be written: it names no kind of picture", "End it in .jpg or .png") from err
    if not done:
        raise Refused(f"{path} cannot be written", "Choose a folder that you may write to")
