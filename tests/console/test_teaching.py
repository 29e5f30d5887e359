from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from console.commands.vision import app
from console.composing import compose, composed
from planning.errors import Refused
from vision.state.vessel import Material


def test_composed_pictures_come_with_all_their_planes() -> None:
    for _, make in composed().values():
        picture = make(np.random.default_rng(3))

        for plane in (picture.vessel, picture.material, picture.phase, picture.spill):
            assert plane is not None
            assert plane.shape == picture.pixels.shape[:2] == (picture.truth.height, picture.truth.width)


def test_a_fill_height_of_a_capped_vessel_leaves_the_cap_out() -> None:
    draw = partial(compose, style="photographs")
    pictures = (draw(np.random.default_rng(seed)) for seed in range(40))
    picture, vessel = next(
        (picture, vessel) for picture in pictures for vessel in picture.truth.vessels
        if vessel.cap == "on" and not vessel.occluded and not vessel.cut_off and vessel.n_material_regions == 1
        and vessel.fill_height_fraction and vessel.fill_height_fraction > 0.2
    )  # fmt: skip
    assert picture.material is not None
    own = picture.vessel == vessel.id
    body = np.flatnonzero((own & (picture.material != Material.CAP)).any(axis=1))
    filled = np.flatnonzero((own & (np.asarray(picture.phase) > 0)).any(axis=1))

    measured = (body[-1] + 1 - filled[0]) / (body[-1] + 1 - body[0])

    assert vessel.fill_height_fraction == pytest.approx(measured, abs=0.12)


def test_how_long_to_train_must_be_said_once(tmp_path: Path) -> None:
    for said in ([], ["--hours", "1", "--steps", "9"]):
        answer = CliRunner().invoke(app, ["teach", "--out", str(tmp_path / "own.safetensors"), *said])

        assert isinstance(answer.exception, Refused)


def test_a_fold_that_is_none_is_refused(tmp_path: Path) -> None:
    words = ["teach", "--out", str(tmp_path / "own.safetensors"), "--steps", "5", "--fold", "6/5"]

    answer = CliRunner().invoke(app, words)

    assert isinstance(answer.exception, Refused)
    assert "1/5 to 5/5" in str(answer.exception)
