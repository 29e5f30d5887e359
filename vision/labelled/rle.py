"""Masks as COCO writes them: runs down the columns, as numbers or packed into text; polygons."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def mask_of(segmentation: Any, height: int, width: int) -> NDArray[np.bool_]:
    """Draw a segmentation: a list of polygons, or runs.

    Raises:
        ValueError: it is neither, or its runs do not fill the picture.
    """
    if isinstance(segmentation, dict):
        counts = segmentation["counts"]
        return mask_of_runs(unpacked(counts) if isinstance(counts, str) else counts, height, width)
    mask = np.zeros((height, width), np.uint8)
    for polygon in segmentation:
        points = np.round(np.reshape(polygon, (-1, 2))).astype(np.int32)
        cv2.fillPoly(mask, [points], 1)
    return mask > 0


def mask_of_runs(counts: Sequence[int], height: int, width: int) -> NDArray[np.bool_]:
    """Draw runs of off, on, off ... down the columns: (height, width).

    >>> mask_of_runs([1, 2, 3], 3, 2).astype(int).tolist()
    [[0, 0], [1, 0], [1, 0]]
    """
    if sum(counts) != height * width:
        raise ValueError(f"runs of {sum(counts)} pixels in a picture of {height * width}")
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape(width, height).T


def unpacked(text: str) -> list[int]:
    """Unpack runs: six bits a letter from "0" on, five of number, one for more; from the third on, less the last but one.

    >>> unpacked("041")
    [0, 4, 1]
    """
    numbers = list[int]()
    value = shift = 0
    for letter in text.encode("ascii"):
        bits = letter - 48
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            numbers.append(value - (1 << shift) if bits & 16 else value)
            value = shift = 0
    return _undone(numbers)


def _undone(numbers: list[int]) -> list[int]:
    """Add to each, from the fourth on, the one two before."""
    counts = list[int]()
    for place, number in enumerate(numbers):
        counts.append(number + counts[place - 2] if place > 2 else number)
    return counts


def runs_of(mask: NDArray[np.bool_]) -> list[int]:
    """The runs of a mask (H, W): what `mask_of_runs` draws."""
    column_by_column = mask.T.ravel().astype(np.int8)
    ends = [*(np.flatnonzero(np.diff(column_by_column)) + 1).tolist(), column_by_column.size]
    starts = [0, *ends[:-1]]
    counts = [end - start for start, end in zip(starts, ends, strict=True)]
    return [0, *counts] if mask.size and mask.T.ravel()[0] else counts
