from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from hardware_sim.render.compositor import Scene, View, render
from hardware_sim.render.truth import write_dataset
from vision.eyes import Eyes
from vision.frame import Frame
from vision.state.vessel import VesselState

torch.set_num_threads(1)
Look = Callable[..., VesselState]


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


@pytest.fixture(scope="session")
def renders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of eighteen pictures with truth."""
    folder = tmp_path_factory.mktemp("renders")
    write_dataset(folder, 18, seed=11)
    return folder
