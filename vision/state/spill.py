"""Was anything spilled beside the vessels?"""

import numpy as np

from vision.segmentation.seen import Seen

LEAST_CELLS = 12
"""The smallest spill that counts; one doubtful cell is none."""


def chance_of_spill(seen: Seen) -> float:
    """Chance that something was spilled: what the likeliest few cells outside vessels say together."""
    outside = np.sort((seen.spill * (1 - seen.vessel)).ravel())
    return float(outside[-LEAST_CELLS:].mean())
