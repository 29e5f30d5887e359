"""What a program wrote as JSON lines and masks, as a reader."""

from pathlib import Path

import numpy as np
from pydantic import ValidationError

from vision.errors import DataUnreadable
from vision.labelled.pictures import read_mask
from vision.scores.case import Pixels, Reader
from vision.state.reading import Masks, PictureReading, SpillReading


def nothing_seen(name: str, shape: tuple[int, ...]) -> tuple[PictureReading, Masks]:
    """The reading of a picture without vessels, and its empty masks."""
    planes = {part: np.zeros(shape[:2], np.uint8) for part in ("vessel", "material", "spill")}
    spill = SpillReading(probability=0.0, area_px=0)
    return PictureReading(image=name, vessels=(), spill=spill, quality="ok"), Masks(**planes)


def written_by_a_program(lines: Path, masks: Path | None) -> Reader:
    """A reader that looks up what a program said: JSON lines as of `athanor vision look --json`, masks as of `--masks`.

    Pictures are told by the stem of `image`. A plane that is missing is empty.

    Raises:
        DataUnreadable: a line is no reading; or, when asked, a picture has no line, or a mask is damaged.
    """
    readings = _lines(lines)

    def read(name: str, pixels: Pixels) -> tuple[PictureReading, Masks | None]:
        if name not in readings:
            raise DataUnreadable(f"{lines}: no line for the picture {name}. Read all pictures before scoring")
        if masks is None:
            return readings[name], None
        _, empty = nothing_seen(name, pixels.shape)
        planes = {
            part: read_mask(masks / f"{name}.{part}.png", pixels.shape) for part in ("vessel", "material", "spill")
        }
        return readings[name], empty.model_copy(
            update={part: plane for part, plane in planes.items() if plane is not None}
        )

    return read


def _lines(path: Path) -> dict[str, PictureReading]:
    """Readings by stem of the picture's name."""
    readings, number = dict[str, PictureReading](), 0
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            number += 1
            if line.strip():
                reading = PictureReading.model_validate_json(line)
                readings[Path(reading.image).stem] = reading
    except OSError as err:
        raise DataUnreadable(f"{path}: {err.strerror}. Name a file of JSON lines") from err
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataUnreadable(
            f"{path}, line {number}: {where or 'the line'}: {first['msg'].lower()}. "
            "Each line is what `athanor vision look --json` prints"
        ) from err
    return readings
