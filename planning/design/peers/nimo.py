"""NIMS-OS (the package nimo): its tools read a table of candidates and write a table of proposals, from pools only."""

import random
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from planning.design.candidates import read_proposals, write_candidates
from planning.design.polytope import Array
from planning.design.strategies import SAME, Situation


def propose(situation: Situation, name: str) -> Array:
    """The candidate, (d,), that a tool proposes: `nimo_physbo`, `nimo_blox`, `nimo_pdc` or `nimo_re`.

    What is under way or failed is told as the worst result there is, so that it is not proposed again.

    Raises:
        ValueError: there is no pool.
    """
    import nimo

    random.seed(situation.seed + len(situation.occupied))
    np.random.seed(situation.seed + len(situation.occupied))  # it draws from both
    if situation.space.pool is None:
        raise ValueError(f"{name} chooses from a list; give a pool")
    rows = situation.space.candidate_rows
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        candidates, proposals = Path(folder) / "candidates.csv", Path(folder) / "proposals.csv"
        write_candidates(candidates, rows, situation.space.free, _known(situation, rows))
        nimo.selection(
            method=name.removeprefix("nimo_").upper(),
            input_file=str(candidates),
            output_file=str(proposals),
            num_objectives=situation.utilities.shape[1],
            num_proposals=1,
        )
        return np.asarray(rows[read_proposals(proposals)[0]])


def _known(situation: Situation, rows: Array) -> list[list[float] | None]:
    worst = situation.utilities.min(axis=0).tolist() if len(situation.utilities) else [0.0]
    known: list[list[float] | None] = []
    for row in rows:
        measured = np.linalg.norm(situation.tried - row, axis=1) <= SAME
        awaited = (np.linalg.norm(situation.awaited - row, axis=1) <= SAME).any()
        known.append(
            situation.utilities[measured].mean(axis=0).tolist() if measured.any() else worst if awaited else None
        )
    return known
