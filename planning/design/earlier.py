"""Tables of earlier results, which a designer is told before it is asked anything."""

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any

from planning.design.designer import Designer
from planning.design.observation import Observation
from planning.design.pool import read_rows
from planning.design.space import Point

FAILED, BATCH, ERROR = "failed", "batch", "_std_error"
"""Columns besides parameters and figures: why there is no result, made with what else, and a figure's standard error."""


def earlier_results(path: Path, designer: Designer) -> list[Observation]:
    """The rows of a table, each a sample; points that the space does not allow teach all the same.

    A column a parameter (those that are fixed may be left out) and a column a figure; `failed`, `batch` and
    `<figure>_std_error` may stand beside them. A row without figures has failed.

    Raises:
        ValueError: the table cannot be read, or a row lacks a parameter or is of an unknown word.
    """
    told = []
    for number, row in enumerate(read_rows(path), start=2):
        try:
            told.append(_observation(row, designer))
        except (KeyError, ValueError) as err:
            what = f"has no column {err}" if isinstance(err, KeyError) else str(err)
            raise ValueError(f"{path}:{number}: {what}") from err
    return told


def _observation(row: Mapping[str, float | str], designer: Designer) -> Observation:
    space = designer.space
    filled: Mapping[str, Any] = {**space.fixed, **row}
    point: Point = {name: float(filled[name]) for name in space.numeric}
    for name, category in space.categories.items():
        point[name] = str(filled[name])
        if point[name] not in category.choices:
            raise ValueError(f"{name} = {point[name]} is none of {', '.join(category.choices)}")
    names = [*(goal.name for goal in designer.objectives), *(limit.name for limit in designer.limits)]
    values = {name: value for name in names if not isnan(value := float(row[name]))}
    errors = {name: error for name in values if not isnan(error := float(row.get(name + ERROR, "nan")))}
    (nearest,) = space.decode(space.encode([point]))
    asked = None if space.contains(point) else nearest
    failed = _text(row.get(FAILED, "")) or ("" if len(values) == len(names) else "no result in the table")
    return Observation(point, values, failed, errors, asked, _text(row.get(BATCH, "")))


def _text(cell: float | str) -> str:
    """A cell as a word; one that is empty in a column of numbers is not a number."""
    return cell if isinstance(cell, str) else "" if isnan(cell) else f"{cell:g}"
