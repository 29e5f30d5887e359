"""Random still lifes: what a camera in some laboratory may be pointed at, wider than any one laboratory."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from hardware_sim.render import furniture
from hardware_sim.render.backgrounds import PAINTERS, SHARES
from hardware_sim.render.filling import grey, random_vessel
from hardware_sim.render.glassware import random_profile
from hardware_sim.render.photographing import random_camera
from hardware_sim.render.still_life import Point, Spill, StillLife, Thing, Vessel
from hardware_sim.render.surroundings import random_light, random_spill, random_table

Rng = np.random.Generator
TUBES = ("centrifuge tube", "centrifuge tube", "test tube", "standing tube", "screw vial", "nmr tube")
Arrangement = tuple[list[Vessel], list[Thing], list[Spill]]


def random_still_life(rng: Rng, size_px: tuple[int, int] | None = None, kind: str | None = None) -> StillLife:
    """Arrange anything.

    Args:
        rng: decides all.
        size_px: width and height of the picture; drawn, too, if left out.
        kind: one of `ARRANGERS`; drawn, too, if left out.
    """
    kind = kind or str(rng.choice(list(ARRANGERS), p=_SHARES))
    vessels, things, spills = ARRANGERS[kind](rng)
    target, span_mm, elevation_deg, azimuth_deg = _aim(rng, kind, vessels)
    camera = random_camera(rng, target, span_mm, elevation_deg, azimuth_deg, size_px)
    table = random_table(rng, present=kind not in {"held"} or rng.random() < 0.4)
    dark = rng.random() < 0.09
    backdrop = "dark" if dark else str(rng.choice(list(PAINTERS), p=SHARES))
    if dark:
        table = replace(table, colour_rgb=grey(rng, 0.03, 0.14), pattern="blank")
    return StillLife(kind, tuple(vessels), tuple(things), tuple(spills), table, random_light(rng), camera, backdrop,
                     int(rng.integers(2**31)))  # fmt: skip


def _aim(rng: Rng, kind: str, vessels: Sequence[Vessel]) -> tuple[Point, float, float, float]:
    """Choose where to look, how many millimetres the picture's height shows, and from where (degrees up, around)."""
    elevation = float(rng.choice((rng.uniform(-3, 8), rng.uniform(5, 25), rng.uniform(20, 50)), p=(0.4, 0.4, 0.2)))
    azimuth = float(rng.normal(0, 12))
    if kind == "tray":
        middle_mm = (float(rng.normal(0, 30)), float(rng.normal(0, 30)), 0.0)
        return middle_mm, float(rng.uniform(120, 600)), float(rng.uniform(22, 88)), float(rng.normal(0, 25))
    if not vessels:
        return (
            (float(rng.normal(0, 40)), 0.0, float(rng.uniform(0, 80))),
            float(rng.uniform(150, 600)),
            elevation,
            azimuth,
        )
    feet = np.array([vessel.foot_mm for vessel in vessels])
    tops = feet + np.array([vessel.axis for vessel in vessels]) * np.array([[v.top_mm] for v in vessels])
    corners = np.concatenate((feet, tops))
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    extent = float(
        max(np.ptp(corners[:, 2]), np.ptp(corners[:, 0]) * 0.72, 2 * max(v.profile.widest_mm for v in vessels))
    )
    match kind:
        case "close":
            return (
                _point(middle + rng.normal(0, extent * 0.15, 3)),
                extent * rng.uniform(0.45, 1.15),
                elevation,
                azimuth,
            )
        case "far":
            return _point(middle + rng.normal(0, extent * 0.5, 3)), extent * rng.uniform(3, 7), elevation, azimuth
        case "plate":
            return _point(middle), extent * rng.uniform(1.2, 2.2), float(rng.uniform(25, 88)), float(rng.normal(0, 25))
        case "rack" | "held":
            if rng.random() < 0.25:
                elevation = float(rng.uniform(35, 80) if rng.random() < 0.7 else rng.uniform(-25, 0))
            azimuth = float(rng.normal(0, 30))
    return _point(middle + rng.normal(0, extent * 0.12, 3)), extent * float(rng.uniform(1.1, 2.6)), elevation, azimuth


def _point(values: np.ndarray) -> Point:
    x, y, z = values.tolist()
    return x, y, z


def _at(vessel: Vessel, x: float, y: float, z: float = 0.0, tilt_deg: float = 0.0, lean_deg: float = 0.0) -> Vessel:
    """Put a vessel somewhere; its axis tilts to the right and leans away from the camera."""
    right, away = np.deg2rad(tilt_deg), np.deg2rad(lean_deg)
    axis = (float(np.sin(right)), float(np.cos(right) * np.sin(away)), float(np.cos(right) * np.cos(away)))
    return replace(vessel, foot_mm=(x, y, z), axis=axis)


def _lying(rng: Rng, vessel: Vessel, x: float, y: float) -> Vessel:
    """Lay a vessel on its side."""
    way = rng.uniform(0, 2 * np.pi) if rng.random() < 0.4 else rng.choice((0, np.pi)) + rng.normal(0, 0.3)
    axis = (float(np.cos(way)), float(np.sin(way)), 0.0)
    if vessel.closure is None:
        vessel = replace(vessel, layers=())
    return replace(vessel, foot_mm=(x, y, vessel.profile.widest_mm), axis=axis)


def _clutter(rng: Rng, wide: float, mean: float, behind: float = 60.0) -> list[Thing]:
    """Draw things that stand about, mostly behind y = 0."""
    things: list[Thing] = []
    for _ in range(rng.poisson(mean)):
        things += furniture.clutter(rng, float(rng.normal(0, wide)), float(behind + rng.exponential(80)))
    return things


def _supported(rng: Rng, vessel: Vessel, x: float, y: float) -> tuple[Vessel, list[Thing]]:
    """Stand a vessel on the table, or in what holds it if it cannot stand."""
    if vessel.profile.stands:
        return _at(vessel, x, y), []
    radius, height = vessel.profile.widest_mm, vessel.profile.height_mm
    if radius > 18 or rng.random() < 0.3:
        z = float(rng.uniform(5, 90))
        grip = (x, y, z + vessel.profile.neck_mm * 0.93)
        return _at(vessel, x, y, z), furniture.clamp(
            rng, grip, float(vessel.profile.outer_radius_mm(vessel.profile.neck_mm * 0.93))
        )
    return _at(vessel, x, y, float(rng.uniform(1, 6))), furniture.rack(
        rng, [(x, y)], radius + 0.8, height * rng.uniform(0.3, 0.7)
    )


def _bench(rng: Rng) -> Arrangement:
    """A few vessels of any kind stand side by side, some behind others, one perhaps fallen."""
    vessels, things, x = list[Vessel](), list[Thing](), 0.0
    for _ in range(1 + rng.poisson(1.6)):
        vessel = random_vessel(rng)
        half = vessel.profile.widest_mm
        x += half * rng.uniform(0.9, 2.2)
        y = float(rng.normal(0, 25))
        if rng.random() < 0.07:
            vessels.append(_lying(rng, vessel, x, y))
        else:
            put, support = _supported(rng, vessel, x, y)
            vessels.append(put)
            things += support
        x += half * rng.uniform(0.9, 2.5)
    things += _clutter(rng, 150 + x / 2, 1.8)
    spills = (
        [random_spill(rng, (float(rng.uniform(-20, x + 20)), float(rng.uniform(-60, 40))), 0.1)]
        if rng.random() < 0.12
        else []
    )
    return vessels, things, spills


def _row(rng: Rng) -> Arrangement:
    """Many of one kind in a row or in rows, filled differently."""
    profile = random_profile(
        rng, ("screw vial", "screw vial", "crimp vial", "beaker", "jar", "bottle", "standing tube")
    )
    pitch = profile.widest_mm * rng.uniform(2.1, 3.5)
    model = random_vessel(rng, profile=profile)
    vessels = []
    for row in range(rng.integers(1, 3)):
        for column in range(rng.integers(2, 7)):
            if rng.random() < 0.1:
                continue
            other = random_vessel(rng, profile=profile)
            same_cap = model.closure if other.closure or rng.random() < 0.5 else None
            place = rng.normal((column * pitch, row * pitch * 1.6), pitch * 0.08)
            vessels.append(_at(replace(other, closure=same_cap, wall=model.wall, labels=model.labels), *place.tolist()))
    return vessels, _clutter(rng, 200, 0.8), []


def _rack(rng: Rng) -> Arrangement:
    """Tubes in a rack: some places are empty, or all of them."""
    profile = random_profile(rng, TUBES)
    model = random_vessel(rng, profile=profile)
    radius = profile.widest_mm
    pitch = radius * rng.uniform(2.2, 3.4) + 3
    at = [(column * pitch, row * pitch) for column in range(rng.integers(1, 7)) for row in range(rng.integers(1, 3))]
    things = furniture.rack(rng, at, radius * rng.uniform(1.02, 1.25), profile.height_mm * rng.uniform(0.25, 0.75))
    taken, vessels = rng.uniform(0.1, 1.0), list[Vessel]()
    if rng.random() < 0.3:
        taken = 1.2 / len(at)
    for x, y in at:
        if rng.random() > taken:
            continue
        other = random_vessel(rng, profile=profile)
        tilt, lean = rng.normal(0, 1.5, 2)
        vessels.append(_at(replace(other, wall=model.wall), x, y, float(rng.uniform(2, 8)), float(tilt), float(lean)))
    return vessels, [*things, *_clutter(rng, 200, 1.5)], []


def _held(rng: Rng) -> Arrangement:
    """Something holds one vessel: a gripper, a hand or a clamp; it may be tilted, as when it is poured or shaken."""
    vessel = random_vessel(
        rng,
        kinds=(*TUBES, "screw vial", "erlenmeyer", "round-bottom", "separating funnel", "bottle", "column", "funnel"),
    )
    z = float(rng.uniform(20, 150))
    tilt = float(rng.normal(0, 4)) if rng.random() < 0.7 else float(rng.uniform(-70, 70))
    vessel = _at(vessel, 0.0, 0.0, z, tilt, float(rng.normal(0, 5)))
    share = rng.uniform(0.25, 0.9)
    height = vessel.profile.neck_mm * share
    grip = _point(np.array(vessel.foot_mm) + height * np.array(vessel.axis))
    holders: tuple[Callable[[Rng, Point, float], list[Thing]], ...] = (
        furniture.gripper,
        furniture.gripper,
        furniture.hand,
        furniture.clamp,
    )
    things = holders[rng.integers(len(holders))](rng, grip, float(vessel.profile.outer_radius_mm(height)))
    return [vessel], [*things, *_clutter(rng, 200, 1.5)], []


def _close(rng: Rng) -> Arrangement:
    """One vessel, or two, seen from so near that the frame cuts them."""
    vessels, things, _ = _bench(rng)
    return vessels[: rng.integers(1, 3)], things, []


def _bottles(rng: Rng) -> Arrangement:
    """Wash bottles, bottles and tipped ones on a rail among boxes and moulds."""
    vessels, x = list[Vessel](), 0.0
    for _ in range(rng.integers(1, 4)):
        vessel = random_vessel(rng, kinds=("wash bottle", "wash bottle", "bottle", "jar", "cup"))
        half = vessel.profile.widest_mm
        x += half * rng.uniform(1.1, 2.5)
        vessels.append(_lying(rng, vessel, x, 0.0) if rng.random() < 0.2 else _at(vessel, x, float(rng.normal(0, 15))))
        x += half * rng.uniform(1.1, 2.5)
    return vessels, [*_clutter(rng, 200, 2.5, 30.0), *furniture.clutter(rng, x / 2, 150.0)], []


def _tray(rng: Rng) -> Arrangement:
    """A tray seen from above with moulds, puddles and sometimes a vessel."""
    wide, deep, rim = float(rng.uniform(150, 320)), float(rng.uniform(150, 300)), float(rng.uniform(8, 35))
    colour = grey(rng, 0.75, 0.98) if rng.random() < 0.6 else furniture.paint(rng)
    things = furniture.tray(rng, wide, deep, rim, colour)
    for _ in range(rng.poisson(1.2)):
        x, y = rng.uniform(-0.3, 0.3, 2) * (wide, deep)
        things += furniture.mould(rng, float(x), float(y), 4.0)
    spills = []
    if rng.random() < 0.6:
        x, y = rng.uniform(-0.3, 0.3, 2) * (wide, deep)
        spills.append(random_spill(rng, (float(x), float(y)), 4.05, (wide / 2 - 6, deep / 2 - 6)))
    vessels = []
    if rng.random() < 0.35:
        vessel = random_vessel(rng, kinds=("screw vial", "beaker", "cup", "jar", "dish", "crucible"))
        x, y = rng.uniform(-0.3, 0.3, 2) * (wide, deep)
        vessels.append(
            _lying(rng, vessel, float(x), float(y)) if rng.random() < 0.25 else _at(vessel, float(x), float(y), 4.0)
        )
    return vessels, [*things, *_clutter(rng, 250, 1.0, deep)], spills


def _well_plate(rng: Rng) -> Arrangement:
    """A plate with wells in rows."""
    profile = random_profile(rng, ("well",))
    pitch = profile.widest_mm * 2.35
    rows, columns = int(rng.integers(1, 4)), int(rng.integers(2, 5))
    vessels = [_at(random_vessel(rng, profile=profile), column * pitch, row * pitch, 1.0)
               for column in range(columns) for row in range(rows)]  # fmt: skip
    vessels = [replace(vessel, closure=None, wall=replace(vessels[0].wall), labels=()) for vessel in vessels]
    at = [(column * pitch, row * pitch) for column in range(columns) for row in range(rows)]
    return vessels, furniture.rack(rng, at, profile.widest_mm * 1.01, profile.height_mm * rng.uniform(0.2, 0.95)), []


def _far(rng: Rng) -> Arrangement:
    """A few vessels somewhere in a room full of things."""
    vessels, things, spills = (_rack if rng.random() < 0.5 else _bench)(rng)
    return vessels, [*things, *_clutter(rng, 400, 6.0)], spills


def _nothing(rng: Rng) -> Arrangement:
    """No vessel at all, but much that could be taken for one."""
    spills = (
        [random_spill(rng, (float(rng.normal(0, 60)), float(rng.normal(0, 40))), 0.1)] if rng.random() < 0.15 else []
    )
    return [], _clutter(rng, 130, 5.0, -20.0), spills


def _bare(rng: Rng) -> Arrangement:
    """Nothing at all: a table and what is behind, or a photograph alone."""
    return [], [], []


ARRANGERS: dict[str, Callable[[Rng], Arrangement]] = {
    "bench": _bench, "row": _row, "rack": _rack, "held": _held, "close": _close, "bottles": _bottles, "tray": _tray,
    "plate": _well_plate, "far": _far, "nothing": _nothing, "bare": _bare,
}  # fmt: skip
_SHARES = np.array([0.2, 0.1, 0.2, 0.12, 0.11, 0.07, 0.08, 0.02, 0.04, 0.05, 0.01])
