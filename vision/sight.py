"""What eyes ask of their networks: two looks, a wide one and a close one."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import Box, Closer, Seen

Pixels = NDArray[np.uint8]
"""(H, W, 3), RGB."""


class Sight(Protocol):
    """The networks behind the eyes. Same pixels, same answer; chances are calibrated."""

    def see(self, picture: Pixels) -> Seen:
        """Look at a whole picture."""

    def look_closer(self, picture: Pixels, seen: Seen, boxes: Sequence[Box]) -> Sequence[Closer]:
        """Look at each of some vessels in that picture; `boxes` are some of `seen.boxes`."""
