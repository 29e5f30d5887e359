"""One vessel's reading, from what both networks say of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.errors import NothingSeen
from vision.segmentation.seen import CONTENTS, Box, Closer
from vision.state.colour import content_colour
from vision.state.contents import filled_bottom, materials_upwards
from vision.state.instances import CAP, filled_share
from vision.state.kinds import kind_of
from vision.state.outline import Outline, outline_of, require_measurable, share_on_edge
from vision.state.paint import OwnPixels
from vision.state.reading import Spread, VesselReading
from vision.state.surface import Surface, find_surface
from vision.state.trust import Trust
from vision.state.volume import volume_fraction

EMPTY_FOR_SURE = 0.9
LEAST_STD = 1e-3
AGREES_WITHIN = 2.0
"""Standard deviations that two readings of a level may lie apart; beyond, both are wrong by what they differ."""


@dataclass(frozen=True)
class Measured:
    """What can be measured of a vessel that stands in full view."""

    height: Spread
    volume: Spread


def read_vessel(box: Box, closer: Closer, own: OwnPixels, pixels: NDArray[np.uint8], trust: Trust) -> VesselReading:
    """Read one vessel.

    Args:
        box: where it stands.
        closer: what both networks say of it (`blended`).
        own: the same at the picture's pixels.
        pixels: the picture (H, W, 3), RGB.
        trust: of the networks.
    """
    layers = int(closer.layers.argmax())
    try:
        outline: Outline | None = outline_of(closer)
    except NothingSeen:
        outline = None
    colour = content_colour(pixels[own.window], own.filled) if layers else None
    on_edge = share_on_edge(own.area, own.window, (pixels.shape[0], pixels.shape[1]))
    measured = measure(outline, closer, box, on_edge, trust) if outline else None
    return VesselReading(
        box_px=_rounded(box.px),
        score=round(box.score, 4),
        kind=kind_of(outline, closer) if outline else "vessel",
        cap_on=round(closer.cap, 4),
        content=dict(zip(CONTENTS, (round(float(chance), 4) for chance in closer.content), strict=True)),
        fill_height_fraction=measured.height if measured else None,
        fill_volume_fraction=measured.volume if measured else None,
        layers=layers,
        layers_chance=round(float(closer.layers[layers]), 4),
        materials=materials_upwards(closer, outline, layers) if outline else (),
        colour_lab=colour.lab if colour else None,
        turbidity=round(closer.turbidity, 4) if layers else None,
        tipped=round(closer.tipped, 4),
    )


def measure(outline: Outline, closer: Closer, box: Box, on_edge: float, trust: Trust) -> Measured | None:
    """Measure how full a vessel is; None if it is tilted, cut off or hidden, unless it is empty anyhow."""
    if closer.content[CONTENTS.index("empty")] * closer.layers[0] > EMPTY_FOR_SURE**2:
        return Measured(Spread(mean=0.0, std=trust.surface_std_floor), Spread(mean=0.0, std=trust.surface_std_floor))
    try:
        require_measurable(outline, closer, box.px, on_edge)
    except NothingSeen:
        return None
    body = closer.vessel * (1 - closer.material[CAP])
    surface = find_surface(filled_share(closer.material), body, closer.interface, outline)
    floor = filled_bottom(closer, outline)
    height = combined(_height(surface, floor, outline, trust), closer.fill_height)
    bulge = (surface.wall - surface.top) / outline.height
    level = floor - max(0.0, height.mean - bulge) * outline.height
    return Measured(height, volume_fraction(outline, floor, level, height.std * outline.height))


def combined(first: Spread, second: tuple[float, float]) -> Spread:
    """Weigh two readings of one figure by what they know; where they contradict each other, doubt covers both.

    >>> combined(Spread(mean=0.4, std=0.02), (0.44, 0.02))
    Spread(mean=0.42, std=0.01414)
    >>> combined(Spread(mean=0.4, std=0.02), (0.6, 0.02)).std > 0.09
    True
    """
    mean, std = second[0], max(second[1], LEAST_STD)
    weights = np.array([first.std**-2, std**-2])
    both = float(weights @ (first.mean, mean) / weights.sum())
    apart = abs(first.mean - mean) / float(np.hypot(first.std, std))
    widened = apart if apart > AGREES_WITHIN else 1.0
    return Spread(mean=round(both, 5), std=round(float(weights.sum() ** -0.5) * widened, 5))


def _height(surface: Surface, floor: float, outline: Outline, trust: Trust) -> Spread:
    share = max(0.0, floor - surface.top) / outline.height
    std = np.hypot(trust.surface_std_floor, trust.surface_std_scale * surface.std / outline.height)
    return Spread(mean=share, std=float(std))


def _rounded(box_px: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(edge, 1) for edge in box_px)
    return left, top, right, bottom
