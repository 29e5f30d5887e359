"""A library of vessels, each drawn with its usual proportions a little varied, and vessels that nobody makes.

Sizes follow common catalogue drawings (screw and crimp vials, 15 and 50 ml centrifuge tubes, DIN glassware).
"""

from collections.abc import Callable

import numpy as np

from hardware_sim.render.profiles import Profile, hollow

Rng = np.random.Generator
Points = list[tuple[float, float]]


def random_profile(rng: Rng, kinds: tuple[str, ...] = ()) -> Profile:
    """Draw a vessel of one of these kinds (of `MAKERS`); of any kind, the common ones more often, if none is named."""
    names = kinds or tuple(MAKERS)
    weights = np.array([_WEIGHTS.get(name, 1.0) for name in names])
    return MAKERS[names[rng.choice(len(names), p=weights / weights.sum())]](rng)


def _one(rng: Rng, *sizes: tuple[float, ...]) -> tuple[float, ...]:
    return sizes[rng.integers(len(sizes))]


def _vary(rng: Rng, *values: float, by: float = 0.08) -> list[float]:
    return [float(value * rng.uniform(1 - by, 1 + by)) for value in values]


def _necked(radius: float, height: float, neck_radius: float, shoulder: float, neck: float, foot: float) -> Points:
    """A cylinder with a rounded foot that draws in from the height `shoulder` to a neck at the height `neck`."""
    turn = np.linspace(0, np.pi / 2, 5)
    base = [(foot * (1 - np.cos(t)), radius - foot * (1 - np.sin(t))) for t in turn]
    ease = [(1 - np.cos(np.pi * s)) / 2 for s in np.linspace(0, 1, 6)]
    draw_in = [(shoulder + (neck - shoulder) * s, radius + (neck_radius - radius) * e)
               for s, e in zip(np.linspace(0, 1, 6), ease, strict=True)]  # fmt: skip
    return [*base, *draw_in, (height, neck_radius)]


def _ball(radius: float, low: float, high: float, centre: float, steps: int = 14) -> Points:
    """Part of a sphere around `centre` on the axis, between two heights."""
    turn = np.linspace(np.arcsin((low - centre) / radius), np.arcsin(min((high - centre) / radius, 1.0)), steps)
    return [(float(centre + radius * np.sin(t)), float(radius * np.cos(t))) for t in turn]


def _screw_vial(rng: Rng) -> Profile:
    sizes = ((6.0, 32.0), (7.5, 45.0), (8.5, 60.0), (11.0, 55.0), (13.75, 57.0), (14.0, 72.0), (10.0, 70.0))
    radius, height = _vary(rng, *_one(rng, *sizes))
    neck = radius * rng.uniform(0.62, 0.92)
    shoulder = height * rng.uniform(0.68, 0.8)
    rise = min(radius * rng.uniform(0.2, 0.6), height * 0.92 - shoulder)
    return hollow("vial", _necked(radius, height, neck, shoulder, shoulder + rise, radius * 0.12),
                  radius * 0.09, radius * 0.18, shoulder + rise)  # fmt: skip


def _crimp_vial(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (5.8, 32.0), (11.2, 38.0), (11.5, 75.0), (15.0, 60.0)))
    neck, shoulder = radius * rng.uniform(0.5, 0.65), height * rng.uniform(0.6, 0.72)
    collar = height * 0.93
    points = _necked(radius, collar, neck, shoulder, shoulder + radius * 0.5, radius * 0.12)
    lip = min(neck * 1.35, radius)
    return hollow("vial", [*points, (collar + 0.3, lip), (height, lip)], radius * 0.1, radius * 0.2, collar - 1.5)


def _test_tube(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (5.0, 75.0), (8.0, 150.0), (8.0, 100.0), (10.0, 180.0), (12.5, 150.0)))
    points = [*_ball(radius, 0.0, radius, radius, 9)[:-1], (radius, radius), (height - 2, radius),
              (height - 0.8, radius * 1.1), (height, radius * 1.1)]  # fmt: skip
    return hollow("test tube", points, radius * 0.1, radius * 0.14, height * 0.93, stands=False)


def _centrifuge_tube(rng: Rng) -> Profile:
    radius, height, cone = _vary(rng, *_one(rng, (14.5, 114.0, 15.0), (8.3, 118.0, 22.0), (5.4, 40.0, 17.0)), by=0.05)
    tip = radius * rng.uniform(0.15, 0.3)
    rim = radius * rng.uniform(1.0, 1.12)
    points = [(0.0, tip * 0.7), (0.8, tip), (cone, radius * 0.96), (cone + 2, radius * 0.99), (height * 0.87, radius),
              (height * 0.88, rim), (height, rim)]  # fmt: skip
    return hollow("test tube", points, radius * 0.07, 1.4, height * 0.87, stands=False)


def _standing_tube(rng: Rng) -> Profile:
    radius, height, cone = _vary(rng, 14.2, 114.0, 14.0)
    skirt = [(0.0, radius * 0.95), (cone, radius), (height * 0.88, radius), (height, radius)]
    inside = [(2.0, 0.5), (cone, radius * 0.92), (height, radius * 0.93)]
    return Profile("test tube", tuple(skirt), tuple(inside), height * 0.87)


def _nmr_tube(rng: Rng) -> Profile:
    radius, height = _vary(rng, 2.5, rng.uniform(100, 180))
    points = [*_ball(radius, 0.0, radius, radius, 5)[:-1], (radius, radius), (height, radius)]
    return hollow("test tube", points, radius * 0.15, radius * 0.2, height * 0.95, stands=False)


def _beaker(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (17.0, 50.0), (25.0, 70.0), (34.0, 95.0), (45.0, 120.0), (30.0, 60.0)))
    foot, lip = radius * 0.18, radius * rng.uniform(1.03, 1.15)
    base = _necked(radius, height * 0.9, radius, height * 0.4, height * 0.5, foot)
    return hollow("beaker", [*base, (height * 0.96, (radius + lip) / 2), (height, lip)], 1.4, 1.8, height)


def _erlenmeyer(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (25.0, 78.0), (32.0, 108.0), (42.0, 140.0)))
    neck, bend = radius * rng.uniform(0.35, 0.5), height * rng.uniform(0.66, 0.76)
    foot = radius * 0.16
    turn = [(foot * (1 - float(np.cos(t))), radius - foot * (1 - float(np.sin(t)))) for t in np.linspace(0, 2.2, 7)]
    throat = [(bend, neck * 1.08), (bend + 4, neck), (height - 3, neck)]
    return hollow(
        "erlenmeyer flask", [*turn, *throat, (height, neck * rng.uniform(1.05, 1.25))], 1.4, 1.8, height * 0.93
    )


def _round_bottom(rng: Rng) -> Profile:
    radius, neck, rise = _vary(rng, *_one(rng, (21.0, 8.0, 30.0), (32.0, 10.0, 38.0), (42.0, 13.0, 45.0)))
    meet = radius + float(np.sqrt(radius**2 - neck**2))
    body = [(z, max(r, neck if z > radius else 0.0)) for z, r in _ball(radius, 0.0, meet, radius, 20)]
    return hollow("round-bottom flask", [*body, (meet + rise * 0.5, neck), (meet + rise * 0.55, neck * 1.12),
                                         (meet + rise, neck * 1.2)], 1.4, 1.6, meet + rise * 0.9, stands=False)  # fmt: skip


def _volumetric(rng: Rng) -> Profile:
    radius, neck, rise = _vary(rng, *_one(rng, (17.0, 5.0, 75.0), (25.0, 6.0, 95.0), (35.0, 8.0, 115.0)))
    low = -radius * 0.82  # stands on a flattened ball
    meet = float(np.sqrt(radius**2 - neck**2))
    body = [(z - low, max(r, neck)) for z, r in _ball(radius, low, meet, 0.0, 20)]
    top = meet - low + rise
    return hollow(
        "volumetric flask", [*body, (top - 6, neck), (top - 5, neck * 1.3), (top, neck * 1.3)], 1.2, 1.6, top - 5
    )


def _separating_funnel(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (24.0, 150.0), (33.0, 190.0)))
    stem, neck = 4.5, radius * 0.35
    low = height * 0.22
    pear = [(low + (height * 0.62 - low) * s, stem + (radius - stem) * float(np.sin(np.pi / 2 * s)) ** 1.2)
            for s in np.linspace(0, 1, 10)]  # fmt: skip
    dome = _ball(radius, 0.0, float(np.sqrt(radius**2 - neck**2)), 0.0, 9)[1:]
    upper = [(z + pear[-1][0], max(r, neck)) for z, r in dome]
    inside = tuple((z, max(r - 1.3, 1.0)) for z, r in [*pear, *upper, (height, neck)])
    return Profile(
        "separating funnel", ((0.0, stem), *pear, *upper, (height, neck)), inside, height * 0.95, stands=False
    )


def _graduated_cylinder(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (7.0, 130.0), (10.0, 170.0), (15.0, 230.0)))
    base = radius * 2.1
    outer = (
        (0.0, base),
        (3.0, base),
        (5.0, radius * 1.1),
        (8.0, radius),
        (height - 2, radius),
        (height, radius * 1.15),
    )
    inside = ((8.0, radius - 1.2), (height - 2, radius - 1.2), (height, radius * 1.15 - 1.2))
    return Profile("graduated cylinder", outer, inside, height)


def _crucible(rng: Rng) -> Profile:
    low, high, height = _vary(rng, 8.0, 16.0, 28.0, by=0.25)
    points = [(0.0, low), *[(height * s, low + (high - low) * s**0.7) for s in np.linspace(0.1, 1, 7)]]
    return hollow("crucible", points, 1.6, 2.0, height)


def _jar(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (20.0, 45.0), (30.0, 70.0), (35.0, 110.0), (42.0, 60.0)))
    return hollow("jar", _necked(radius, height, radius * rng.uniform(0.8, 0.97), height * 0.75, height * 0.82, radius * 0.15),
                  2.2, 3.0, height * 0.8)  # fmt: skip


def _bottle(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (23.0, 105.0), (35.0, 140.0), (43.0, 180.0), (28.0, 90.0)))
    neck, shoulder = radius * rng.uniform(0.4, 0.62), height * rng.uniform(0.58, 0.72)
    return hollow("bottle", _necked(radius, height, neck, shoulder, shoulder + radius * rng.uniform(0.5, 0.9), radius * 0.12),
                  1.8, 2.2, height * 0.88)  # fmt: skip


def _wash_bottle(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (28.0, 115.0), (36.0, 150.0)))
    neck, shoulder = radius * 0.42, height * rng.uniform(0.68, 0.78)
    return hollow("wash bottle", _necked(radius, height, neck, shoulder, height * 0.93, radius * 0.12),
                  1.2, 1.5, height * 0.92)  # fmt: skip


def _plastic_cup(rng: Rng) -> Profile:
    low, high, height = _vary(rng, *_one(rng, (16.0, 21.0, 32.0), (25.0, 36.0, 90.0), (14.0, 24.0, 28.0)))
    return hollow(
        "cup", [(0.0, low), (height - 2.5, high), (height - 2, high * 1.06), (height, high * 1.06)], 0.8, 1.0, height
    )


def _well(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (3.3, 10.7), (8.0, 17.0), (17.0, 18.0)))
    return hollow("well", [(0.0, radius), (height, radius * 1.05)], 0.6, 1.0, height)


def _dish(rng: Rng) -> Profile:
    radius, height = _vary(rng, *_one(rng, (45.0, 14.0), (30.0, 12.0), (35.0, 40.0)))
    return hollow("dish", [(0.0, radius), (height, radius * rng.uniform(1.0, 1.15))], 1.3, 1.5, height)


def _column(rng: Rng) -> Profile:
    """A chromatography column or a burette."""
    radius, height = _vary(rng, *_one(rng, (6.0, 330.0), (12.0, 260.0), (20.0, 300.0)))
    tip = radius * rng.uniform(0.2, 0.4)
    points = [(0.0, tip), (height * 0.12, tip), (height * 0.15, radius), (height * 0.93, radius)]
    bulb = radius * rng.choice((1.0, 1.5))
    points += [(height * 0.95, bulb), (height, bulb)]
    inside = ((height * 0.13, tip * 0.7), *((z, r - min(1.2, r * 0.2)) for z, r in points[2:]))
    return Profile("column", tuple(points), inside, height * 0.93, stands=False)


def _funnel(rng: Rng) -> Profile:
    radius, height, stem = _vary(rng, *_one(rng, (25.0, 85.0, 35.0), (38.0, 110.0, 45.0)))
    bore = radius * rng.uniform(0.1, 0.2)
    return Profile("funnel", ((0.0, bore * 0.8), (stem, bore), (height - 2, radius), (height, radius)),
                   ((stem * 0.7, bore * 0.6), (stem + 1, bore * 0.7), (height - 2, radius - 1.2), (height, radius - 1.2)),
                   height, stands=False)  # fmt: skip


def _cuvette_like(rng: Rng) -> Profile:
    radius, height = _vary(rng, 6.0, 60.0, by=0.4)
    return hollow("vial", [(0.0, radius), (height, radius)], radius * 0.12, radius * 0.15, height * 0.9)


def _anything(rng: Rng) -> Profile:
    """A vessel that nobody makes: a smooth random curve over its height."""
    height, width = rng.uniform(25, 180), rng.uniform(6, 40)
    knots = np.cumsum(rng.normal(0, 0.22, 6)) + 1
    heights = np.linspace(0, height, 18)
    radii = np.interp(heights, np.linspace(0, height, 6), np.clip(knots, 0.35, 1.6)) * width
    radii = np.convolve(np.pad(radii, 2, mode="edge"), np.array([1, 4, 6, 4, 1]) / 16, mode="valid")
    points = [(float(z), float(r)) for z, r in zip(heights, radii, strict=True)]
    return hollow("vessel", points, float(radii.min() * 0.12), 1.5, height * rng.uniform(0.85, 1.0))


MAKERS: dict[str, Callable[[Rng], Profile]] = {
    "screw vial": _screw_vial, "crimp vial": _crimp_vial, "test tube": _test_tube,
    "centrifuge tube": _centrifuge_tube, "standing tube": _standing_tube, "nmr tube": _nmr_tube, "beaker": _beaker,
    "erlenmeyer": _erlenmeyer, "round-bottom": _round_bottom, "volumetric": _volumetric,
    "separating funnel": _separating_funnel, "graduated cylinder": _graduated_cylinder, "crucible": _crucible,
    "jar": _jar, "bottle": _bottle, "wash bottle": _wash_bottle, "cup": _plastic_cup, "well": _well, "dish": _dish,
    "straight": _cuvette_like, "column": _column, "funnel": _funnel, "anything": _anything,
}  # fmt: skip
_WEIGHTS = {"screw vial": 5.0, "centrifuge tube": 5.0, "test tube": 3.0, "beaker": 3.0, "erlenmeyer": 2.5,
            "anything": 2.0, "wash bottle": 1.5, "well": 0.3, "nmr tube": 0.5, "column": 0.7,
            "funnel": 0.5}  # fmt: skip
