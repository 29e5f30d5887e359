from collections.abc import Callable

import numpy as np
import pytest

from vision.labelled.folder import LabelledPicture
from vision.segmentation.crops import matrix_of
from vision.training.crop_targets import crop_lesson
from vision.training.streams import view_lesson
from vision.training.targets import Arrays, targets
from vision.training.views import Prepared, view

MakePicture = Callable[..., LabelledPicture]
AS_IT_IS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def _targets(picture: LabelledPicture, matrix: np.ndarray = AS_IT_IS) -> Arrays:
    _, planes, shown = view(Prepared.of(picture), matrix, 160, 200)
    return targets(planes, shown, picture.truth.all_vessels)


def test_a_box_is_said_from_its_middle(make_picture: MakePicture) -> None:
    made = _targets(make_picture())

    y, x = np.unravel_index(made["centre"].argmax(), made["centre"].shape)
    left, up, right, down = made["sides"][:, y, x].astype(float)
    assert (x + 0.5 - left, y + 0.5 - up, x + 0.5 + right, y + 0.5 + down) == (15.0, 7.5, 25.0, 32.5)


def test_every_cell_of_a_vessel_points_to_its_middle(make_picture: MakePicture) -> None:
    made = _targets(make_picture())

    y, x = np.nonzero(made["to_centre_weight"])
    assert np.allclose(x + 0.5 + made["to_centre"][0, y, x], 20.0, atol=0.02)
    assert np.allclose(y + 0.5 + made["to_centre"][1, y, x], 20.0, atol=0.02)


def test_a_surface_lies_where_the_material_ends(make_picture: MakePicture) -> None:
    made = _targets(make_picture(filled=0.5))

    rows = np.nonzero(made["interface"][:, 20] > 0.3)[0]
    assert set(rows.tolist()) <= {19, 20}


def test_ignored_cells_are_not_known(make_picture: MakePicture) -> None:
    plain = make_picture()
    assert plain.material is not None
    material = plain.material.copy()
    material[:, 120:] = 255

    made = _targets(make_picture(material=material))

    assert not made["vessel_known"][:, 31:].any()
    assert made["vessel_known"][:, :29].all()


def test_where_not_all_vessels_are_labelled_only_vessels_are_known(make_picture: MakePicture) -> None:
    picture = make_picture()
    partly = picture.truth.model_copy(update={"all_vessels": False})

    made = _targets(make_picture(truth=partly))

    assert (made["vessel_known"] == made["vessel"]).all()
    assert made["centre_known"][0, 0] == 0


def test_a_box_without_a_mask_says_nothing_of_its_inside_and_all_of_its_outside(make_picture: MakePicture) -> None:
    truth = make_picture().truth
    boxed = truth.vessels[0].model_copy(update={"box_px": (60.0, 30.0, 100.0, 130.0)})
    frame = make_picture(vessel=None, material=None, phase=None, truth=truth.model_copy(update={"vessels": (boxed,)}))

    made = _targets(frame)

    assert made["vessel_known"][20, 20] == 0
    assert made["vessel_known"][20, 40] == 1
    assert made["outlines"][0].tolist() == [15.0, 7.5, 25.0, 32.5]


def test_the_hidden_part_of_a_vessel_belongs_to_its_box_in_a_mirror_too(make_picture: MakePicture) -> None:
    truth = make_picture().truth
    boxed = truth.vessels[0].model_copy(update={"box_px": (60.0, 30.0, 120.0, 130.0)})
    mirrored = np.array([[-1.0, 0.0, 200.0], [0.0, 1.0, 0.0]])

    _, _, shown = view(
        Prepared.of(make_picture(truth=truth.model_copy(update={"vessels": (boxed,)}))), mirrored, 160, 200
    )

    assert shown[0].box == pytest.approx((80.0, 30.0, 140.0, 130.0))


def test_a_crop_shows_its_vessel_and_what_is_known_of_it(make_picture: MakePicture) -> None:
    lesson = crop_lesson(Prepared.of(make_picture(filled=0.3)), np.random.default_rng(1), recoloured=0.0)

    assert lesson["crop"].shape == (160, 128, 4)
    assert 0.1 < lesson["crop_vessel"].astype(float).mean() < 0.5
    assert (float(lesson["fill"]), float(lesson["layers"]), float(lesson["cap"])) == (pytest.approx(0.3), 1.0, 0.0)


def test_into_an_opaque_bottle_nobody_can_look(make_picture: MakePicture) -> None:
    truth = make_picture().truth
    opaque = truth.vessels[0].model_copy(
        update={"fill_area_fraction": None, "fill_height_fraction": None, "n_material_regions": 0, "content": "unknown"}
    )
    picture = make_picture(truth=truth.model_copy(update={"vessels": (opaque,)}))

    lesson = crop_lesson(Prepared.of(picture), np.random.default_rng(1), recoloured=0.0)

    assert (float(lesson["layers"]), float(lesson["content"]), float(lesson["fill"])) == (-1, -1, -1)


def test_the_same_draw_gives_the_same_lesson(make_picture: MakePicture) -> None:
    prepared = Prepared.of(make_picture())

    first, second = (view_lesson(prepared, np.random.default_rng(4), 0.5, 128) for _ in range(2))

    assert all((first[name] == second[name]).all() for name in first)


def test_a_crop_of_a_box_keeps_its_proportions() -> None:
    matrix = matrix_of((10.0, 20.0, 74.0, 100.0))

    assert matrix[0, 0] == pytest.approx(matrix[1, 1])
    assert (matrix @ (10.0, 20.0, 1.0)).tolist() == [0.0, 0.0]
