from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from hardware_sim.render.compositor import Scene, View, render
from hardware_sim.render.truth import write_dataset
from vision.eyes import Eyes
from vision.frame import Frame
from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import PictureTruth, VesselTruth
from vision.state.vessel import VesselState

torch.set_num_threads(1)
Look = Callable[..., VesselState]
SHAPE = (240, 320)
Draw = Callable[..., LabelledPicture]


@pytest.fixture(scope="session")
def eyes() -> Eyes:
    return Eyes.load()


@pytest.fixture(scope="session")
def look(eyes: Eyes) -> Look:
    """Look at a scene through the bench camera of that seed."""

    def at(scene: Scene, seed: int) -> VesselState:
        picture, _ = render(scene, np.random.default_rng(seed), view=View.fixed(seed))
        return eyes.look(Frame(picture, "camera", 0.0), scene.labware)

    return at


def draw_tubes(
    *tubes: tuple[int, float, int], half: int = 24, top: int = 60, bottom: int = 200, cap: str = "off",
    materials: tuple[int, ...] = (2,), colour: tuple[int, int, int] = (200, 60, 40), bar: tuple[int, int] = (0, 0),
    lean: float = 0.0, content: str = "coloured", spill: bool = False,
) -> LabelledPicture:  # fmt: skip
    """Draw upright tubes on a grey wall, each at (column of its axis, fill height fraction, rows its surface bulges up).

    Layers of `materials` share the filled height, the lowest first; a `bar` of rows hides what is behind; tubes `lean` by
    columns per row. The truth is as exact as the pixels.
    """
    pixels = np.full((*SHAPE, 3), 130, np.uint8)
    vessel, material, phase = (np.zeros(SHAPE, np.uint8) for _ in range(3))
    rows, columns = np.mgrid[:240, :320] + 0.5
    truths = []
    for number, (axis, fill, bulge) in enumerate(tubes, 1):
        u = (columns - axis - lean * (rows - bottom)) / half
        body = (np.abs(u) < 1) & (rows > top) & (rows < bottom)
        head = (np.abs(u) < 1.1) & (rows > top - 24) & (rows <= top) & (cap == "on")
        vessel[body | head], material[body], material[head] = number, 1, 6
        pixels[body], pixels[head] = (170, 180, 185), (60, 60, 65)
        arch = bulge * np.sqrt(np.clip(1 - u**2, 0, None))
        surface = bottom - fill * (bottom - top) + bulge
        for layer, kind in enumerate(materials if fill else ()):
            begins = bottom - (bottom - surface) * (layer + 1) / len(materials)
            ends = bottom - (bottom - surface) * layer / len(materials)
            part = body & (rows > begins - arch * (layer == len(materials) - 1)) & (rows <= ends)
            material[part], phase[part], pixels[part] = kind, len(materials) - layer, colour
        left, up = min(axis - half, axis - half - lean * (bottom - top)), top - (24 if cap == "on" else 0)
        right = max(axis + half, axis + half - lean * (bottom - top))
        truths.append(
            VesselTruth(id=number, box_px=(left, up, right, bottom), cap=cap, content=content if fill else "empty",
                        n_material_regions=len(materials) if fill else 0, fill_height_fraction=fill)
        )  # fmt: skip
    for plane in (vessel, material, phase):
        plane[bar[0] : bar[1]] = 0
    spilled = np.zeros(SHAPE, np.uint8)
    spilled[215:230, 20:80] = 255 * spill
    truth = PictureTruth(name="drawn", width=320, height=240, vessels=tuple(truths), spill=spill)
    return LabelledPicture(truth, pixels, vessel, material, phase, spilled)


@pytest.fixture(scope="session")
def draw() -> Draw:
    return draw_tubes


@pytest.fixture(scope="session")
def renders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of eighteen pictures with truth."""
    folder = tmp_path_factory.mktemp("renders")
    write_dataset(folder, 18, seed=11)
    return folder
