"""Composes pictures of still lifes with OpenCV, fast enough to train on as they are drawn, with the truth of each."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.arranging import random_still_life
from hardware_sim.render.backgrounds import background
from hardware_sim.render.glasswork import IGNORE, Drawn, draw_vessel
from hardware_sim.render.ground import draw_shadow, draw_spill, draw_table, mirror
from hardware_sim.render.photographing import Pinhole, Rng, expose
from hardware_sim.render.still_life import Block, Disc, Rod, StillLife, Thing, Vessel
from hardware_sim.render.telling import Planes, Told, tell
from hardware_sim.render.things import Easel, draw_thing

Picture = NDArray[np.uint8]
STEEP = 0.82
"""Sine of the elevation from which things are drawn from the lowest up, not from the farthest on."""

THIN_MM = 2.0
"""What is thinner in front of a vessel, nobody would cut out of it."""


def compose(rng: Rng, size_px: tuple[int, int] | None = None, *, kind: str | None = None,
            photograph: Picture | None = None) -> tuple[Picture, Planes, Told]:  # fmt: skip
    """Arrange something, and photograph it.

    Args:
        rng: decides all; the same state gives the same picture.
        size_px: width and height; drawn, too, if left out.
        kind: one of `arranging.ARRANGERS`; drawn, too, if left out.
        photograph: (H, W, 3) RGB, a real picture without vessels to be put behind.

    Returns:
        Pixels (H, W, 3) RGB; planes "vessel", "material", "phase", "spill", (H, W) bytes each;
        and what `vision.labelled.PictureTruth` says of it, without name and size.
    """
    return compose_still_life(random_still_life(rng, size_px, kind), rng, photograph=photograph)


def compose_still_life(
    still: StillLife, rng: Rng, *, photograph: Picture | None = None
) -> tuple[Picture, Planes, Told]:
    """Photograph an arrangement: pixels, planes, truth, as `compose`."""
    canvas = _canvas(still, photograph)
    places = _in_order(still, canvas.easel.pinhole)
    for vessel in still.vessels:
        if still.table.present:
            draw_shadow(canvas.easel, vessel)
    for item in places:
        match item:
            case Vessel():
                canvas.put_vessel(item, still)
            case Block() | Rod() | Disc():
                canvas.put_thing(item)
    picture = expose(canvas.easel.picture, still.camera, rng)
    return picture, canvas.planes, tell(still, canvas.drawn, canvas.planes)


@dataclass(frozen=True)
class _Canvas:
    """A picture in the making, and what each of its pixels shows so far."""

    easel: Easel
    planes: Planes
    drawn: dict[int, tuple[Vessel, Drawn]]
    wet: bool
    """Is there a spill?"""

    def put_vessel(self, vessel: Vessel, still: StillLife) -> None:
        """Draw a vessel over all that is there."""
        seen = draw_vessel(self.easel.picture, vessel, self.easel.pinhole, still.light)
        if seen is None:
            return
        if not self.drawn:
            self.easel.cover[:] = 0
        number = max(self.drawn, default=0) + 1
        self.drawn[number] = (vessel, seen)
        if still.table.present:
            mirror(self.easel.picture, seen, still, self.easel.pinhole, vessel)
        where = seen.whole > 127
        window = seen.region.slices
        first = max((drawn.regions[-1] for _, drawn in self.drawn.values() if drawn.regions), default=0)
        phase = np.where(seen.phase > 0, seen.phase + np.uint8(first), 0).astype(np.uint8)
        seen.regions[:] = [region + first for region in seen.regions]
        for plane, value in (
            ("vessel", np.uint8(number)),
            ("material", seen.material),
            ("phase", phase),
            ("spill", np.uint8(0)),
        ):
            np.copyto(self.planes[plane][window], value, where=where)

    def put_thing(self, thing: Thing) -> None:
        """Draw a thing over all that is there; what it hides of vessels is nobody's."""
        draw_thing(self.easel, thing)
        if not self.drawn and not self.wet:
            return
        hides = self.easel.cover > 127
        self.easel.cover[:] = 0
        if isinstance(thing, Rod) and thing.radius_mm < THIN_MM:
            return
        self.planes["spill"][hides] = 0
        hidden = hides & (self.planes["vessel"] > 0)
        self.planes["vessel"][hidden], self.planes["phase"][hidden] = 0, 0
        self.planes["material"][hidden] = IGNORE


def _canvas(still: StillLife, photograph: Picture | None) -> _Canvas:
    camera, rng = still.camera, np.random.default_rng((still.seed, 31))
    size = (camera.width_px, camera.height_px)
    if photograph is None:
        picture = background(rng, still.backdrop, *size)
    else:
        picture = np.ascontiguousarray(cv2.resize(photograph, size, interpolation=cv2.INTER_AREA))
    pinhole = Pinhole.of(camera)
    shape = (camera.height_px, camera.width_px)
    planes = {name: np.zeros(shape, np.uint8) for name in ("vessel", "material", "phase", "spill")}
    easel = Easel(picture, np.zeros(shape, np.uint8), pinhole, still.light)
    if still.table.present and photograph is None:
        draw_table(easel, still.table, rng)
    canvas = _Canvas(easel, planes, {}, wet=bool(still.spills))
    flat = [thing for thing in still.things if _is_flat(thing)]
    for thing in flat:
        canvas.put_thing(thing)
    easel.cover[:] = 0
    for spill in still.spills:
        draw_spill(easel, spill, planes["spill"], rng)
    return canvas


def _is_flat(thing: Thing) -> bool:
    return isinstance(thing, Block) and thing.centre_mm[2] + thing.size_mm[2] / 2 < 4.5


def _in_order(still: StillLife, pinhole: Pinhole) -> list[Vessel | Thing]:
    """Sort what stands upright from the farthest to the nearest; seen from high above, from the lowest up."""
    look = pinhole.turn[2]
    level = np.array((look[0], look[1], 0.0))
    level /= max(float(np.linalg.norm(level)), 1e-9)

    def depth(item: Vessel | Thing) -> float:
        if look[2] < -STEEP:
            return -_top_mm(item)
        match item:
            case Vessel():
                return float((np.array(item.foot_mm) + np.array(item.axis) * item.profile.height_mm / 2) @ level)
            case Block():
                return float(np.array(item.centre_mm) @ level)
            case Rod():
                return float((np.array(item.points_mm) @ level).min())
            case Disc():
                return float(np.array(item.foot_mm) @ level)

    return sorted((*still.vessels, *(thing for thing in still.things if not _is_flat(thing))), key=depth, reverse=True)


def _top_mm(item: Vessel | Thing) -> float:
    match item:
        case Vessel():
            return max(item.foot_mm[2], item.foot_mm[2] + item.axis[2] * item.top_mm)
        case Block():
            return item.centre_mm[2] + item.size_mm[2] / 2
        case Rod():
            return max(point[2] for point in item.points_mm)
        case Disc():
            return item.foot_mm[2] + item.height_mm
