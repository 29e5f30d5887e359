"""Pictures with their truth, written to files: how what the simulator knows reaches the training of eyes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from hardware_sim.render.compositor import render
from hardware_sim.render.scene import PlateScene, Rgb, Scene, VialScene
from hardware_sim.render.view import View
from robot.labware import LIBRARY, Labware

Progress = Callable[[int, int, str], None]
"""How many of how many are done, and what is worth saying about it."""
INDEX = "index.json"
BENCH_SHARE = 0.65
"""Of pictures as a bench's camera takes them; the rest are from anywhere."""
P3HT: Rgb = (0.80, 0.28, 0.08)
NANOTUBES: Rgb = (0.12, 0.12, 0.13)


def write_dataset(folder: Path, count: int, seed: int, progress: Progress = lambda done, of, text: None) -> None:
    """Write `count` pictures, their masks and an index; the same seed writes the same files.

    `images/*.jpg` are (480, 640) RGB, `masks/*.png` the class indices that `compositor.render` returns.
    `index.json` tells of each picture what it was made from and what is to be seen.
    """
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    pictures = []
    for number in range(count):
        pictures.append(_write_picture(folder, number, (seed, number)))
        progress(number + 1, count, f"drawn: {pictures[-1]['image']}")
    (folder / INDEX).write_text(json.dumps({"seed": seed, "count": count, "pictures": pictures}, indent=1))


def random_scene(rng: np.random.Generator) -> Scene:
    """Draw what may stand before a bench's camera: mostly what a campaign shows it, sometimes anything."""
    colour = _random_colour(rng)
    if rng.random() < 0.4:
        film: Literal["none", "wet", "dry"] = ("none", "wet", "dry")[rng.choice(3, p=(0.2, 0.4, 0.4))]
        return PlateScene(_random_plate(rng), rng.random() < 0.88, film, colour, rng.uniform(0.15, 0.95))
    fill = rng.choice((0.0, rng.uniform(0.03, 0.6), rng.uniform(0.6, 0.97)), p=(0.12, 0.68, 0.2))
    present = rng.random() < 0.88
    return VialScene(_random_vial(rng), float(fill) if present else None, colour, rng.uniform(), rng.random() < 0.25)


def content(scene: Scene) -> Literal["empty", "liquid", "solid"] | None:
    """What is in the vessel or on the plate; None where there is neither."""
    match scene:
        case VialScene(fill_height_fraction=None) | PlateScene(present=False):
            return None
        case VialScene():
            return "liquid" if scene.fill_height_fraction else "empty"
        case PlateScene():
            films: dict[str, Literal["empty", "liquid", "solid"]] = {"none": "empty", "wet": "liquid", "dry": "solid"}
            return films[scene.film]


def _write_picture(folder: Path, number: int, seed: tuple[int, int]) -> dict[str, str | float | bool | None]:
    rng = np.random.default_rng(seed)
    from_bench = rng.random() < BENCH_SHARE
    view = View.fixed(int(rng.integers(1000, 2**31))) if from_bench else View.random(rng)
    scene = random_scene(rng)
    picture, mask = render(scene, rng, view=view)
    image_name, mask_name = f"images/{number:05}.jpg", f"masks/{number:05}.png"
    cv2.imwrite(str(folder / image_name), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    cv2.imwrite(str(folder / mask_name), mask)
    return {
        "image": image_name,
        "mask": mask_name,
        "kind": scene.labware.kind,
        "labware": scene.labware.model_dump_json(),
        "present": content(scene) is not None,
        "content": content(scene),
        "fill_height_fraction": scene.fill_height_fraction if isinstance(scene, VialScene) else None,
        "view": "bench" if from_bench else "random",
        "occluded": view.occluders > 0,
        "seed": number,
    }


def _random_vial(rng: np.random.Generator) -> Labware:
    if rng.random() < 0.6:
        return LIBRARY["vial-8ml"] if rng.random() < 0.75 else LIBRARY["vial-20ml"]
    width, height = rng.uniform(10, 30), rng.uniform(32, 65)
    return Labware(
        name="any-vial", kind="vial", outer_width_mm=width, inner_width_mm=width * rng.uniform(0.8, 0.93),
        height_mm=height, inner_height_mm=height * rng.uniform(0.68, 0.85), capacity_ul=1.0, max_temperature_c=100.0,
    )  # fmt: skip


def _random_plate(rng: np.random.Generator) -> Labware:
    glass = LIBRARY["glass-25mm"]
    if rng.random() < 0.6:
        return glass
    width = rng.uniform(14, 28)
    return glass.model_copy(update={"name": "any-plate", "outer_width_mm": width, "inner_width_mm": width})


def _random_colour(rng: np.random.Generator) -> Rgb:
    """Draw an ink, a blend of inks, water, or any dye."""
    dye = rng.uniform(0.02, 1.0, 3)
    blend = (np.array(P3HT), np.array(NANOTUBES), rng.uniform() * np.array(P3HT) + rng.uniform(0, 0.2))
    match rng.choice(3, p=(0.55, 0.1, 0.35)):
        case 0:
            dye = blend[rng.integers(3)] * rng.uniform(0.4, 1.2, 3)
        case 1:
            dye = rng.uniform(0.9, 1.0, 3)
    red, green, blue = np.clip(dye, 0.005, 1.0).tolist()
    return red, green, blue
