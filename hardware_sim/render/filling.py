"""What is in random vessels and on them: contents, caps, labels, walls. Colours are drawn from all hues, always."""

import colorsys
from dataclasses import replace

import numpy as np

from hardware_sim.render.glassware import random_profile
from hardware_sim.render.profiles import Profile
from hardware_sim.render.scene import Rgb
from hardware_sim.render.still_life import (
    Closure,
    ClosureShape,
    Label,
    LabelPattern,
    Layer,
    Material,
    Point,
    Vessel,
    Wall,
)

Rng = np.random.Generator
UPRIGHT: Point = (0.0, 0.0, 1.0)
TAKES_NO_CAP = {"beaker", "crucible", "graduated cylinder", "well", "dish", "cup", "funnel", "column"}
LAYERS_OF: tuple[tuple[Material, ...], ...] = ((), ("liquid",), ("suspension",), ("solid",), ("solid", "liquid"), ("liquid", "liquid"),
             ("solid", "suspension"), ("liquid", "suspension"), ("suspension", "liquid"), ("liquid", "foam"),
             ("solid", "liquid", "liquid"), ("liquid", "liquid", "liquid"), ("solid", "solid"))  # fmt: skip
_SHARES = np.array([9, 15, 5, 5, 2.5, 3, 1, 0.7, 1, 1.5, 0.6, 0.6, 0.5])


def random_vessel(rng: Rng, *, kinds: tuple[str, ...] = (), profile: Profile | None = None) -> Vessel:
    """Draw a vessel with all that is in and on it; it stands upright at the origin."""
    profile = profile or random_profile(rng, kinds)
    wall = random_wall(rng, profile)
    closure = random_closure(rng, profile, wall)
    condensation = float(rng.uniform(0.05, 0.6)) if rng.random() < 0.1 else 0.0
    return Vessel(
        profile, wall, (0.0, 0.0, 0.0), UPRIGHT, random_layers(rng, profile), closure,
        takes_cap=closure is not None or profile.kind not in TAKES_NO_CAP,
        labels=random_labels(rng, profile, wall), condensation=condensation, seed=int(rng.integers(2**31)),
    )  # fmt: skip


def any_hue(rng: Rng, saturation: tuple[float, float], value: tuple[float, float]) -> Rgb:
    """Draw a colour of any hue, saturation and value within bounds."""
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(*saturation), rng.uniform(*value))


def grey(rng: Rng, low: float, high: float, tint: float = 0.03) -> Rgb:
    """Draw a grey with a slight tint."""
    red, green, blue = np.clip(rng.uniform(low, high) + rng.normal(0, tint, 3), 0.01, 1.0).tolist()
    return red, green, blue


def random_layers(rng: Rng, profile: Profile) -> tuple[Layer, ...]:
    """Draw contents; the last reaches any height up to nearly the brim."""
    materials = LAYERS_OF[rng.choice(len(LAYERS_OF), p=_SHARES / _SHARES.sum())]
    if not materials:
        return ()
    room = profile.height_mm - profile.floor_mm
    total = room * (rng.beta(1.6, 1.9) * 0.9 + 0.04)
    shares = np.cumsum(rng.dirichlet([2.5] * len(materials)))
    tops = np.maximum(profile.floor_mm + total * shares, profile.floor_mm + room * 0.03 * np.arange(1, len(shares) + 1))
    return tuple(
        _random_layer(rng, material, float(top), profile) for material, top in zip(materials, tops, strict=True)
    )


def _random_layer(rng: Rng, material: Material, top_mm: float, profile: Profile) -> Layer:
    match material:
        case "liquid":
            return Layer("liquid", top_mm, _dye(rng), float(rng.beta(0.6, 4) * 0.5))
        case "suspension":
            return Layer("suspension", top_mm, _pigment(rng), float(rng.uniform(0.35, 1.0)))
        case "foam":
            return Layer("foam", top_mm, _pigment(rng, 0.75), 0.9, grain_mm=float(rng.uniform(0.4, 2.5)))
        case "solid":
            lean = float(rng.normal(0, 0.12)) if rng.random() < 0.6 else float(rng.normal(0, 0.35))
            heap = float(rng.normal(0.05, 0.2)) if rng.random() < 0.5 else 0.0
            grain = float(rng.choice((0.05, 0.3, 1.0, 2.5), p=(0.5, 0.25, 0.15, 0.1)) * rng.uniform(0.6, 1.5))
            return Layer("solid", top_mm, _pigment(rng), 1.0, grain_mm=min(grain, profile.widest_mm / 3),
                         slope=float(np.clip(lean, -0.7, 0.7)), heap=heap)  # fmt: skip


def _dye(rng: Rng) -> Rgb:
    """Of a liquid: often as clear as water, else any hue from pale to ink."""
    match rng.choice(4, p=(0.34, 0.18, 0.38, 0.1)):
        case 0:
            return grey(rng, 0.96, 1.0, 0.01)
        case 1:
            return any_hue(rng, (0.05, 0.35), (0.85, 1.0))
        case 2:
            return any_hue(rng, (0.4, 1.0), (0.4, 1.0))
        case _:
            return any_hue(rng, (0.2, 1.0), (0.02, 0.3))


def _pigment(rng: Rng, white: float = 0.5) -> Rgb:
    """Of a powder, a foam or a slurry: often white, else of any hue, grey or black."""
    if rng.random() < white:
        return grey(rng, 0.82, 0.98, 0.015)
    if rng.random() < 0.2:
        return grey(rng, 0.03, 0.6)
    return any_hue(rng, (0.2, 0.95), (0.25, 1.0))


def random_wall(rng: Rng, profile: Profile) -> Wall:
    """Draw what a kind of vessel is made of."""
    glass = Wall("glass", grey(rng, 0.9, 1.0, 0.02), float(rng.beta(0.5, 8) * 0.3))
    match profile.kind:
        case "crucible":
            return Wall("opaque", grey(rng, 0.5, 0.97), 1.0) if rng.random() < 0.75 else glass
        case "wash bottle":
            tint = grey(rng, 0.82, 0.97, 0.02)
            return (
                Wall("opaque", tint, 1.0)
                if rng.random() < 0.5
                else Wall("frosted", tint, float(rng.uniform(0.65, 0.92)))
            )
        case "bottle" if rng.random() < 0.5:
            if rng.random() < 0.5:
                return Wall("opaque", any_hue(rng, (0.0, 0.8), (0.1, 1.0)), 1.0)
            return Wall("frosted", grey(rng, 0.8, 0.97), float(rng.uniform(0.3, 0.7)))
        case "test tube" | "cup" | "well" | "jar" | "dish" if rng.random() < 0.6:
            return Wall("plastic", grey(rng, 0.85, 1.0, 0.015), float(rng.beta(1.2, 3)))
        case _ if rng.random() < 0.07:
            return Wall("glass", (0.75, float(rng.uniform(0.35, 0.5)), 0.12), 0.0)  # amber
        case _:
            return glass


def random_closure(rng: Rng, profile: Profile, wall: Wall) -> Closure | None:
    """Draw a cap of any colour that fits, or none."""
    chance = {"wash bottle": 0.97, "vial": 0.55, "test tube": 0.5, "bottle": 0.65, "jar": 0.5}.get(profile.kind, 0.25)
    if profile.kind in {"beaker", "crucible", "graduated cylinder", "dish", "cup", "well"}:
        chance = 0.05
    if rng.random() > chance:
        return None
    colour = grey(rng, 0.85, 0.98) if rng.random() < 0.22 else any_hue(rng, (0.5, 1.0), (0.35, 1.0))
    if rng.random() < 0.18:
        colour = grey(rng, 0.03, 0.3)
    top, rim = profile.height_mm, float(profile.outer[-1][1])
    shape = _closure_shape(rng, profile)
    closure = Closure(shape, profile.neck_mm, top * 1.01, rim * rng.uniform(1.06, 1.2), colour,
                      ribs=int(rng.integers(20, 90)) if rng.random() < 0.6 else 0, gloss=float(rng.uniform(0.05, 0.6)))  # fmt: skip
    high = top + rim * rng.uniform(0.03, 0.25)
    match shape:
        case "stopper" | "cork" | "septum":
            brown = (0.72, 0.52, 0.33) if shape == "cork" else colour
            return replace(closure, low_mm=top - 0.5, high_mm=top + rim * rng.uniform(0.4, 1.6),
                           radius_mm=rim * rng.uniform(0.85, 1.15), colour_rgb=brown, ribs=0)  # fmt: skip
        case "crimp" | "film":
            silver = grey(rng, 0.7, 0.92) if rng.random() < 0.6 else colour
            return replace(
                closure, low_mm=top - max(rim * 0.6, 3.0), high_mm=high, radius_mm=rim * 1.05, colour_rgb=silver, ribs=0
            )
        case "nozzle":
            return replace(closure, high_mm=top + rim * rng.uniform(0.8, 1.6), radius_mm=rim * 1.15)
        case _:
            return replace(closure, low_mm=min(profile.neck_mm, top - rim * 0.4), high_mm=high)


def _closure_shape(rng: Rng, profile: Profile) -> ClosureShape:
    shapes: dict[str, tuple[ClosureShape, ...]] = {
        "wash bottle": ("nozzle",),
        "vial": ("screw", "screw", "screw", "crimp", "snap"),
        "test tube": ("screw", "screw", "screw", "stopper", "snap", "cork"),
        "bottle": ("screw", "screw", "nozzle"),
        "jar": ("screw",),
    }
    usual = shapes.get(profile.kind, ("stopper", "cork", "septum", "film"))
    return usual[rng.integers(len(usual))]


def random_labels(rng: Rng, profile: Profile, wall: Wall) -> tuple[Label, ...]:
    """Draw graduations, a paper label, a coloured band, or nothing."""
    labels = []
    usual = {"beaker": 0.6, "erlenmeyer flask": 0.6, "graduated cylinder": 0.95, "test tube": 0.4}.get(
        profile.kind, 0.15
    )
    if wall.kind != "opaque" and rng.random() < usual:
        ink = grey(rng, 0.85, 1.0) if rng.random() < 0.55 else any_hue(rng, (0.0, 0.8), (0.05, 0.6))
        labels.append(_label(rng, profile, "marks", (1, 1, 1), ink, (0.15, 0.8), (30, 70)))
    chance = {"wash bottle": 0.7, "bottle": 0.6}.get(profile.kind, 0.2)
    if rng.random() < chance and profile.kind not in {"well", "crucible"}:
        paper = grey(rng, 0.85, 1.0) if rng.random() < 0.75 else any_hue(rng, (0.2, 1.0), (0.4, 1.0))
        ink = grey(rng, 0.02, 0.2) if rng.random() < 0.7 else any_hue(rng, (0.4, 1.0), (0.2, 0.7))
        patterns: tuple[LabelPattern, ...] = ("text", "code", "blank", "band")
        pattern = patterns[rng.choice(4, p=(0.5, 0.15, 0.1, 0.25))]
        low = rng.uniform(0.1, 0.6)
        bounds = (low, low + (rng.uniform(0.05, 0.12) if pattern == "band" else rng.uniform(0.12, 0.4)))
        labels.append(_label(rng, profile, pattern, paper, ink, bounds, (360, 361) if pattern == "band" else (60, 200)))
    return tuple(labels)


def _label(rng: Rng, profile: Profile, pattern: LabelPattern, paper: Rgb, ink: Rgb, bounds: tuple[float, float],
           span: tuple[float, float]) -> Label:  # fmt: skip
    room = profile.neck_mm
    return Label(room * bounds[0], min(room * bounds[1], room), float(rng.normal(0, 45)), float(rng.uniform(*span)),
                 paper, ink, pattern)  # fmt: skip
