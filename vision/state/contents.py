"""What lies on what in one vessel, from the lowest up, and where it ends."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import MATERIALS, Closer
from vision.state.instances import FILLED, filled_share
from vision.state.outline import Outline

THINNEST_SHARE = 0.06
"""Of the filled height; what is thinner is an edge between two materials."""


def filled_bottom(closer: Closer, outline: Outline) -> float:
    """Row where the lowest material ends; the vessel's foot, if it is filled down to there or empty."""
    rows = np.flatnonzero(_filled(closer, outline).any(axis=1))
    last_of_body = np.flatnonzero(outline.area.any(axis=1))[-1]
    return outline.bottom - float(last_of_body - rows[-1]) if rows.size else outline.bottom


def materials_upwards(closer: Closer, outline: Outline, layers: int) -> tuple[str, ...]:
    """Name as many materials as there are layers, from the lowest up.

    Two layers of one material, such as oil on water, are told apart by the second network's count alone.
    """
    runs = _runs(closer, outline)
    if not layers or not runs:
        return ()
    while len(runs) > layers:
        runs.pop(min(range(len(runs)), key=lambda index: runs[index][1]))
    while len(runs) < layers:
        thickest = max(range(len(runs)), key=lambda index: runs[index][1])
        name, rows = runs[thickest]
        runs[thickest : thickest + 1] = [(name, rows / 2), (name, rows / 2)]
    return tuple(name for name, _ in runs)


def _runs(closer: Closer, outline: Outline) -> list[tuple[str, float]]:
    """Materials that follow each other upwards, with the rows of each; thin ones are left out."""
    filled = _filled(closer, outline)
    rows = np.flatnonzero(filled.any(axis=1))[::-1]
    if not rows.size:
        return []
    weights = filled[rows].astype(np.float32)
    shares = np.einsum("mrc,rc->mr", closer.material[FILLED][:, rows], weights)  # (4, rows)
    likeliest = (shares.argmax(axis=0) + FILLED.start).tolist()
    runs = [(number, float(len(list(same)))) for number, same in groupby(likeliest)]
    thick = [run for run in runs if run[1] >= THINNEST_SHARE * len(rows)] or [max(runs, key=lambda run: run[1])]
    joined = [(number, sum(rows for _, rows in same)) for number, same in _by_material(thick)]
    return [(MATERIALS[number], rows) for number, rows in joined]


def _by_material(runs: list[tuple[int, float]]) -> list[tuple[int, list[tuple[int, float]]]]:
    return [(number, list(same)) for number, same in groupby(runs, key=lambda run: run[0])]


def _filled(closer: Closer, outline: Outline) -> NDArray[np.bool_]:
    return np.asarray((filled_share(closer.material) > 0.5) & outline.area)
