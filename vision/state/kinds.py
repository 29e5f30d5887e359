"""What kind of vessel an outline is, in a plain word, by its proportions."""

import numpy as np

from vision.segmentation.seen import KINDS, Closer
from vision.state.outline import Outline

SLENDER, SQUAT, FLAT = 3.2, 1.3, 0.35
"""Height over width from which a vessel is a tube, below which a beaker, below which a dish."""
KNOWN_FROM = 0.4
"""Chance from which the network's word counts."""
NARROW = 0.7
"""Width of the mouth over the widest, below which there is a neck."""


def kind_of(outline: Outline, closer: Closer) -> str:
    """Name the kind: as the second network does, if it can tell; else one of some words by the proportions."""
    likeliest = int(closer.kind.argmax())
    if closer.kind[likeliest] >= KNOWN_FROM and KINDS[likeliest] != "other":
        return KINDS[likeliest]
    rows, columns = outline.area.shape
    left_px, top_px, right_px, bottom_px = closer.crop_px
    widths = 2 * outline.half[outline.area.any(axis=1)] * (right_px - left_px) / columns
    slenderness = outline.height * (bottom_px - top_px) / rows / widths.max()
    mouth, foot = np.median(widths[: max(1, len(widths) // 8)]), np.median(widths[-max(1, len(widths) // 4) :])
    has_neck = mouth < NARROW * widths.max()
    if slenderness < FLAT:
        return "plate"
    if slenderness >= SLENDER:
        return "test tube"
    if has_neck:
        return "bottle" if slenderness > 2.2 else "flask" if foot > mouth else "funnel"
    return "beaker" if slenderness < SQUAT else "vial"
