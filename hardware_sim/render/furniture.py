"""Things that are no vessels, made of blocks, rods and discs: racks, stands, grippers, hands, scales, clutter."""

from collections.abc import Sequence

import numpy as np

from hardware_sim.render.filling import Rng, any_hue, grey
from hardware_sim.render.scene import Rgb
from hardware_sim.render.still_life import Block, Disc, Pattern, Point, Rod, Thing

SKIN: tuple[Rgb, ...] = (
    (0.89, 0.70, 0.58),
    (0.62, 0.42, 0.30),
    (0.35, 0.22, 0.15),
    (0.15, 0.35, 0.75),
    (0.9, 0.9, 0.88),
)
"""Of bare hands and of gloves."""


def paint(rng: Rng) -> Rgb:
    """Draw the colour of a piece of equipment: white, grey, black or, less often, of any hue."""
    match rng.choice(4, p=(0.35, 0.2, 0.25, 0.2)):
        case 0:
            return grey(rng, 0.8, 0.97)
        case 1:
            return grey(rng, 0.3, 0.8)
        case 2:
            return grey(rng, 0.06, 0.22)
        case _:
            return any_hue(rng, (0.3, 1.0), (0.2, 0.95))


def rack(rng: Rng, at: Sequence[tuple[float, float]], hole_mm: float, height_mm: float) -> list[Thing]:
    """Build a rack around places in a row or a grid: open with two plates, or one block with holes.

    Args:
        rng: decides its build and colour.
        at: (x, y) of each place's axis, rows along x.
        hole_mm: radius of a hole.
        height_mm: how high the upper plate is over the table.
    """
    colour, margin = paint(rng), hole_mm + rng.uniform(2, 8)
    xs, ys = sorted({x for x, _ in at}), sorted({y for _, y in at})
    left, right = xs[0] - margin, xs[-1] + margin
    massive = rng.random() < 0.3
    thick = height_mm if massive else rng.uniform(3, 14)
    things: list[Thing] = []
    for top in (height_mm,) if massive else (height_mm, height_mm * rng.uniform(0.1, 0.35)):
        things += _perforated(xs, ys, hole_mm, margin, (top, min(thick, top)), colour)
    if not massive:
        front, back = ys[0] - margin, ys[-1] + margin
        post = rng.uniform(4, 12)
        for x in (left, right, *([(left + right) / 2] if rng.random() < 0.3 else [])):
            ends = (front + 1, back - 1) if rng.random() < 0.5 else ((front + back) / 2,)
            deep = post if len(ends) == 2 else back - front
            things += [Block((x, y, height_mm / 2), (post, deep, height_mm), 0.0, colour) for y in ends]
    return things


def _perforated(xs: Sequence[float], ys: Sequence[float], hole_mm: float, margin_mm: float,
                top_and_thickness_mm: tuple[float, float], colour: Rgb) -> list[Thing]:  # fmt: skip
    """A plate with square holes, in bars that can be drawn before and behind what stands in them."""
    top, thick = top_and_thickness_mm
    left, right = xs[0] - margin_mm, xs[-1] + margin_mm
    z = top - thick / 2
    edges = [ys[0] - margin_mm, *[y for y in ys for _ in (0, 1)], ys[-1] + margin_mm]
    edges[1:-1] = [y + side * hole_mm for y in ys for side in (-1, 1)]
    bars: list[Thing] = []
    for front, back in zip(edges[::2], edges[1::2], strict=True):
        if back > front:
            bars.append(
                Block(((left + right) / 2, (front + back) / 2, z), (right - left, back - front, thick), 0.0, colour)
            )
    stops = [left, *[x + side * hole_mm for x in xs for side in (-1, 1)], right]
    for y in ys:
        for low, high in zip(stops[::2], stops[1::2], strict=True):
            if high > low:
                bars.append(Block(((low + high) / 2, y, z), (high - low, 2 * hole_mm, thick), 0.0, colour))
    return bars


def gripper(rng: Rng, at: Point, radius_mm: float) -> list[Thing]:
    """Build two fingers that hold something round at a point, and the hand behind."""
    colour, jaw = paint(rng), paint(rng)
    x, y, z = at
    tall, wide = rng.uniform(6, 30), rng.uniform(5, 16)
    side = rng.choice((-1, 1))
    things: list[Thing] = [
        Block((x + s * (radius_mm + wide * 0.3), y, z), (wide, radius_mm * rng.uniform(0.8, 2.2), tall), 0.0, jaw)
        for s in (-1, 1)
    ]
    if rng.random() < 0.5:
        things.append(
            Block((x, y - radius_mm * 1.05, z), (2 * radius_mm + wide, radius_mm * 0.3, tall * 0.6), 0.0, jaw)
        )
    palm = (rng.uniform(30, 70), rng.uniform(20, 50), rng.uniform(30, 80))
    if rng.random() < 0.5:
        centre = (x + side * (radius_mm + wide + palm[0] / 2), y + 4, z + rng.normal(0, 10))
    else:
        centre = (x, y + radius_mm + palm[1] / 2 + 2, z + rng.normal(0, 10))
    things.append(
        Block(centre, palm, 0.0, colour, ("blank", "code", "text")[rng.integers(3)], int(rng.integers(2**31)))
    )
    arm = [centre]
    for _ in range(2):
        arm.append(
            (
                arm[-1][0] + side * rng.uniform(60, 200),
                arm[-1][1] + rng.uniform(10, 120),
                arm[-1][2] + rng.normal(20, 70),
            )
        )
    things.append(Rod(tuple(arm), float(rng.uniform(10, 28)), grey(rng, 0.7, 0.95)))
    return things


def clamp(rng: Rng, at: Point, radius_mm: float, foot_z_mm: float = 0.0) -> list[Thing]:
    """Build a stand with a rod, an arm and two claws that hold something round at a point."""
    x, y, z = at
    steel, claws = grey(rng, 0.45, 0.85), paint(rng)
    rod_x, rod_y = x + rng.choice((-1, 1)) * rng.uniform(50, 110), y + rng.uniform(0, 40)
    rod = rng.uniform(3.5, 7)
    return [
        Rod(((rod_x, rod_y, foot_z_mm), (rod_x, rod_y, z + rng.uniform(60, 300))), rod, steel, 0.8),
        Block((rod_x, rod_y - 20, foot_z_mm + 5), (rng.uniform(60, 110), rng.uniform(90, 160), 10), 0.0, paint(rng)),
        Rod(((rod_x, rod_y - 4, z), (x + np.sign(rod_x - x) * radius_mm, y, z)), rod * 0.9, steel, 0.7),
        Block((rod_x, rod_y - 6, z), (22, 20, 24), 0.0, claws),
        Rod(((x + np.sign(rod_x - x) * (radius_mm + 14), y - 2, z), (x + np.sign(rod_x - x) * radius_mm * 0.7, y - radius_mm, z),
             (x - np.sign(rod_x - x) * radius_mm * 0.5, y - radius_mm * 1.05, z + 1)), rod * 0.7, claws),
    ]  # fmt: skip


def hand(rng: Rng, at: Point, radius_mm: float) -> list[Thing]:
    """Build fingers around something round, from one side."""
    x, y, z = at
    skin, side, thick = SKIN[rng.integers(len(SKIN))], float(rng.choice((-1, 1))), rng.uniform(6.5, 10)
    things: list[Thing] = []
    for finger in range(rng.integers(2, 5)):
        level = z - finger * thick * 2.0 + rng.normal(0, 1.5)
        tip = (x - side * radius_mm * rng.uniform(-0.2, 0.7), y - radius_mm * 1.1, level)
        knuckle = (x + side * (radius_mm + thick), y - radius_mm * 0.6, level + rng.normal(0, 3))
        wrist = (x + side * (radius_mm + rng.uniform(60, 90)), y + 10, z + rng.normal(-20, 25))
        things.append(Rod((wrist, knuckle, tip), float(thick), skin, 0.1))
    palm = (x + side * (radius_mm + 55), y + 14, z - 15)
    sleeve = (palm[0] + side * 260, palm[1] + 30, palm[2] + rng.normal(-60, 90))
    return [Rod((palm, sleeve), float(rng.uniform(30, 45)), paint(rng) if rng.random() < 0.5 else skin, 0.05), *things]


def scale(rng: Rng, x: float, y: float) -> list[Thing]:
    """Build a balance: a body with a display and keys, and a pan."""
    wide, deep, tall = rng.uniform(120, 240), rng.uniform(120, 220), rng.uniform(35, 70)
    body = grey(rng, 0.75, 0.95) if rng.random() < 0.6 else paint(rng)
    seed = int(rng.integers(2**31))
    return [
        Block((x, y, tall / 2), (wide, deep, tall), 0.0, body, "screen", seed),
        Block((x, y + deep * 0.1, tall + 6), (wide * 0.8, deep * 0.7, 4), 0.0, grey(rng, 0.6, 0.95), "brushed", seed),
    ]


def tray(rng: Rng, wide_mm: float, deep_mm: float, rim_mm: float, colour: Rgb) -> list[Thing]:
    """Build a flat tray with a rim, 4 mm thick, its middle at the origin."""
    floor: Pattern = "holes" if rng.random() < 0.3 else "blank"
    half, back = wide_mm / 2, deep_mm / 2
    rims: list[Thing] = [Block((0, s * back, rim_mm / 2), (wide_mm + 8, 8, rim_mm), 0.0, colour) for s in (1, -1)]
    rims += [Block((s * half, 0, rim_mm / 2), (8, deep_mm, rim_mm), 0.0, colour) for s in (1, -1)]
    return [Block((0, 0, 2), (wide_mm, deep_mm, 4), 0.0, colour, floor, int(rng.integers(2**31))), *rims]


def clutter(rng: Rng, x: float, y: float) -> list[Thing]:
    """Draw one thing that stands around in laboratories and is no vessel."""
    match rng.integers(9):
        case 0:
            return scale(rng, x, y)
        case 1:
            return _box(rng, x, y, ("blank", "text", "code", "screen")[rng.integers(4)])
        case 2:
            return _cable(rng, x, y)
        case 3:
            return mould(rng, x, y)
        case 4:
            return _profile_bar(rng, x, y)
        case 5:
            return _sign(rng, x, y)
        case 6:
            pitch, hole = rng.uniform(18, 40), rng.uniform(5, 15)
            grid = [
                (x + i * pitch, y + j * pitch) for i in range(rng.integers(2, 7)) for j in range(rng.integers(1, 4))
            ]
            return rack(rng, grid, min(hole, pitch * 0.42), float(rng.uniform(25, 75)))
        case 7:
            return _pen(rng, x, y)
        case _:
            return [
                Disc(
                    (x, y, 0.0),
                    float(rng.uniform(8, 45)),
                    float(rng.uniform(3, 40)),
                    paint(rng),
                    bool(rng.random() < 0.4),
                )
            ]


def _box(rng: Rng, x: float, y: float, pattern: Pattern) -> list[Thing]:
    size = rng.uniform((20, 15, 10), (160, 120, 200))
    return [Block((x, y, size[2] / 2), (size[0], size[1], size[2]), float(rng.normal(0, 20)), paint(rng), pattern,
                  int(rng.integers(2**31)))]  # fmt: skip


def _cable(rng: Rng, x: float, y: float) -> list[Thing]:
    walk = np.cumsum(rng.normal(0, 45, (7, 3)) * (1, 0.5, 0.8), axis=0) + np.array((x, y, rng.uniform(0, 150)))
    walk[:, 2] = np.abs(walk[:, 2]) + 2
    return [Rod(tuple(_smooth(walk)), float(rng.uniform(1.2, 5)), paint(rng))]


def mould(rng: Rng, x: float, y: float, z: float = 0.0) -> list[Thing]:
    """Build a flat block with hollows."""
    wide, deep, tall = rng.uniform((25, 25, 6), (90, 90, 16)).tolist()
    return [Block((x, y, z + tall / 2), (wide, deep, tall), float(rng.uniform(-90, 90)), paint(rng),
                  ("holes", "grid")[rng.integers(2)], int(rng.integers(2**31)))]  # fmt: skip


def _profile_bar(rng: Rng, x: float, y: float) -> list[Thing]:
    long, thick = rng.uniform(200, 700), rng.uniform(20, 45)
    upright = rng.random() < 0.5
    size = (thick, thick, long) if upright else (long, thick, thick)
    return [
        Block(
            (x, y + 60, size[2] / 2),
            size,
            float(rng.normal(0, 8)),
            grey(rng, 0.55, 0.85),
            "brushed",
            int(rng.integers(2**31)),
        )
    ]


def _sign(rng: Rng, x: float, y: float) -> list[Thing]:
    wide, tall = rng.uniform(80, 300), rng.uniform(30, 90)
    z, turn = rng.uniform(80, 300), float(rng.normal(0, 20))
    legs: list[Thing] = [
        Rod(((x + s * wide / 4, y + 85, 0.0), (x + s * wide / 4, y + 85, z)), 5.0, grey(rng, 0.02, 0.2))
        for s in (-1, 1)
    ]
    return [*legs, Block((x, y + 80, z), (wide, 4, tall), turn, paint(rng), "text", int(rng.integers(2**31)))]


def _pen(rng: Rng, x: float, y: float) -> list[Thing]:
    turn, long, thick = rng.uniform(0, np.pi), rng.uniform(90, 160), rng.uniform(3, 7)
    across = (np.cos(turn) * long / 2, np.sin(turn) * long / 2)
    ends = ((x - across[0], y - across[1], thick), (x + across[0], y + across[1], thick))
    return [Rod(ends, float(thick), paint(rng), 0.5)]


def _smooth(walk: np.ndarray) -> list[Point]:
    """Cut the corners of a line twice."""
    for _ in range(2):
        near, far = walk[:-1], walk[1:]
        walk = np.stack((0.75 * near + 0.25 * far, 0.25 * near + 0.75 * far), axis=1).reshape(-1, 3)
    return [(float(x), float(y), float(z)) for x, y, z in walk]
