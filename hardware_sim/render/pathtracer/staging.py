"""Everything of a still life but its vessels and its light: table, backdrop, things, spills."""

from dataclasses import replace

import numpy as np

from hardware_sim.render.backgrounds import background
from hardware_sim.render.pathtracer import textures
from hardware_sim.render.pathtracer.matter import AIR, INTERFACE, PUDDLE, Medium, Surface, Tag
from hardware_sim.render.pathtracer.mesh import Floats, Patch
from hardware_sim.render.pathtracer.solids import decal, disc, paint, picture, puddle, rounded_box, tube
from hardware_sim.render.pathtracer.stuff import absorption_per_mm
from hardware_sim.render.pathtracer.textures import Image, Wardrobe
from hardware_sim.render.still_life import Block, Camera, Disc, Pattern, Rod, Spill, StillLife, Table, Thing

WHITE, INK = (1.0, 1.0, 1.0), (0.12, 0.12, 0.14)
TABLE_HALF_MM, TABLE_FRONT_MM, TABLE_TILE_MM = 1800.0, -900.0, 110.0
MILKY = 0.55
"""Turbidity from which spilled liquid is paint."""
ON_TOP = ("holes", "grid")


def stage_patches(scene: StillLife, wardrobe: Wardrobe) -> list[Patch]:
    """Make all that stands around, behind and below the vessels."""
    rng = np.random.default_rng((scene.seed, 11))
    patches = _wall(scene, wardrobe, rng)
    if scene.table.present and scene.camera.eye_mm[2] > 0:  # from below, it would hide all
        deep = max(scene.table.depth_mm, _reach(scene, np.array([0.0, 1.0, 0.0]), np.zeros(3)))
        patches += _table(replace(scene.table, depth_mm=deep), wardrobe, rng)
    for thing in scene.things:
        patches += _thing(thing, wardrobe)
    for spill in scene.spills:
        patches += _spill(spill, rng)
    return patches


def _thing(thing: Thing, wardrobe: Wardrobe) -> list[Patch]:
    match thing:
        case Block():
            return _block(thing, wardrobe)
        case Rod():
            return tube(thing, paint(thing.colour_rgb, thing.gloss, metal=thing.gloss > 0.6))
        case Disc():
            return disc(thing, paint(thing.colour_rgb, 0.35))


def _block(block: Block, wardrobe: Wardrobe) -> list[Patch]:
    rng = np.random.default_rng((block.seed, 12))
    gloss = float(rng.uniform(0.1, 0.7))
    if block.pattern == "brushed":
        return [rounded_box(block, paint(block.colour_rgb, 0.55, wardrobe.add(textures.brushed(rng)), metal=True))]
    patches = [rounded_box(block, paint(block.colour_rgb, gloss))]
    if block.pattern != "blank":
        worn = paint(block.colour_rgb, gloss, wardrobe.add(_pattern(block.pattern, rng)))
        patches.append(decal(block, block.pattern in ON_TOP, worn))
    return patches


def _pattern(pattern: Pattern, rng: np.random.Generator) -> Image:
    match pattern:
        case "text":
            return textures.writing(rng, tuple(rng.uniform(0.05, 0.5, 3).tolist()), WHITE)
        case "code":
            return textures.code(rng, INK, WHITE)
        case "screen":
            return textures.screen(rng, WHITE)
        case "holes":
            return textures.holes(rng)
        case "grid":
            return textures.grid(rng)
        case "brushed":
            return textures.brushed(rng)
        case "blank":
            return textures.cloudy(rng, 0.02)


def _table(table: Table, wardrobe: Wardrobe, rng: np.random.Generator) -> list[Patch]:
    """The table's top, which repeats its pattern, over a block as thick as tables are."""
    image = _pattern("blank" if table.pattern == "text" else table.pattern, rng) * textures.cloudy(
        rng, float(rng.uniform(0.0, 0.035))
    )
    surface = paint(table.colour_rgb, table.gloss, wardrobe.add(image))
    half, front, back = TABLE_HALF_MM, TABLE_FRONT_MM, table.depth_mm
    repeats = (2 * half / TABLE_TILE_MM, (back - front) / TABLE_TILE_MM)
    top = picture([(-half, front, 0), (half, front, 0), (-half, back, 0), (half, back, 0)], surface, repeats)
    body = Block((0.0, (front + back) / 2, -20.2), (2 * half, back - front, 40.0), 0.0, table.colour_rgb)
    return [top, rounded_box(body, paint(table.colour_rgb, table.gloss))]


def _wall(scene: StillLife, wardrobe: Wardrobe, rng: np.random.Generator) -> list[Patch]:
    """The backdrop, painted on a wall behind the table that faces the camera and fills its view."""
    camera = scene.camera
    eye, target = np.array(camera.eye_mm), np.array(camera.target_mm)
    flat = (target - eye) * (1, 1, 0)
    look = flat / np.linalg.norm(flat) if np.linalg.norm(flat) > 1 else np.array([0.0, 1.0, 0.0])
    behind = float(rng.uniform(30, 900)) + max(
        scene.table.depth_mm if scene.table.present else 150.0, _reach(scene, look, target)
    )
    middle = target + look * behind
    reach = np.linalg.norm(middle - eye) * np.tan(np.deg2rad(camera.fov_deg / 2)) * 1.5 + 300
    right, up = np.array([look[1], -look[0], 0.0]) * reach * max(1.0, _aspect(camera)), np.array([0, 0, reach])
    painted = background(rng, scene.backdrop, 512, 512).astype(np.float32) / 255
    surface = paint(WHITE, float(rng.uniform(0, 0.3)), wardrobe.add(painted))
    corners = [middle - right - up, middle + right - up, middle - right + up, middle + right + up]
    return [picture(corners, surface)]


def _reach(scene: StillLife, way: Floats, start: Floats) -> float:
    """How far the vessels reach along a way (3,) from a point."""
    ends = [np.array(v.foot_mm) + share * v.top_mm * np.array(v.axis) for v in scene.vessels for share in (0, 1)]
    margin = max((v.profile.widest_mm for v in scene.vessels), default=0.0) + 15.0
    return max((float((end - start) @ way) for end in ends), default=0.0) + margin


def _aspect(camera: Camera) -> float:
    return camera.width_px / camera.height_px


def _spill(spill: Spill, rng: np.random.Generator) -> list[Patch]:
    depth = float(rng.uniform(0.5, 1.6))
    tag = Tag(sight=PUDDLE)
    if spill.turbidity > MILKY:
        surface = replace(paint(spill.colour_rgb, 0.9), tag=tag)
    else:
        liquid = Medium(1.34, absorption_per_mm(spill.colour_rgb, 2 * depth), 0.8 * spill.turbidity)
        surface = Surface(INTERFACE, front=AIR, back=liquid, tag=tag)
    return [puddle(outline, spill.z_mm, depth, surface) for outline in spill.outlines_mm]
