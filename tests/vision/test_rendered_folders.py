import numpy as np
import pytest

from hardware_sim.render.labelled import Style, write_labelled
from vision.labelled.folder import LabelledFolder

COUNT = 30
FILLED = (2, 3, 4, 5, 254)


@pytest.fixture(scope="module", params=["photographs", "bench"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LabelledFolder:
    style: Style = request.param
    path = tmp_path_factory.mktemp(style)
    write_labelled(path, COUNT, seed=7, style=style)
    return LabelledFolder.open(path)


def test_the_eyes_read_all_that_rendering_writes(folder: LabelledFolder) -> None:
    pictures = list(folder)

    assert len(pictures) == COUNT
    assert all(plane is not None for picture in pictures for plane in (picture.vessel, picture.material, picture.phase))


def test_every_number_in_the_vessel_mask_is_told_of_and_the_other_way_round(folder: LabelledFolder) -> None:
    for picture in folder:
        assert {vessel.id for vessel in picture.truth.vessels} == set(np.unique(picture.vessel)) - {0}


def test_material_lies_in_vessels_and_phases_in_material(folder: LabelledFolder) -> None:
    for picture in folder:
        assert picture.vessel is not None
        assert picture.material is not None
        assert picture.phase is not None
        assert set(np.unique(picture.material[picture.vessel == 0])) <= {0, 255}
        assert np.all(np.isin(picture.material[picture.phase > 0], FILLED))
        assert np.all(picture.phase[np.isin(picture.material, FILLED)] > 0)


def test_a_vessel_has_as_many_phases_as_it_is_told_to_have(folder: LabelledFolder) -> None:
    for picture in folder:
        assert picture.vessel is not None
        assert picture.phase is not None
        for vessel in picture.truth.vessels:
            shown = set(np.unique(picture.phase[picture.vessel == vessel.id])) - {0}
            assert vessel.n_material_regions in (None, len(shown))


def test_boxes_hold_their_masks(folder: LabelledFolder) -> None:
    for picture in folder:
        for vessel in picture.truth.vessels:
            rows, columns = np.nonzero(picture.vessel == vessel.id)
            if vessel.box_px is not None:
                left, top, right, bottom = vessel.box_px
                assert left - 2 <= columns.min()
                assert columns.max() + 1 <= right + 2
                assert top - 2 <= rows.min()
                assert rows.max() + 1 <= bottom + 2


def test_fill_heights_told_are_those_in_the_mask(folder: LabelledFolder) -> None:
    for picture in folder:
        for vessel in picture.truth.vessels:
            if vessel.fill_height_fraction is None or vessel.occluded or vessel.cut_off:
                continue
            own = picture.vessel == vessel.id
            rows = np.flatnonzero(own.any(axis=1))
            filled = np.flatnonzero((own & np.isin(picture.material, FILLED)).any(axis=1))
            hidden = vessel.cap == "on" or (own & (picture.material == 255)).any()
            if len(filled) and not hidden:
                seen = (rows[-1] + 1 - filled[0]) / (rows[-1] + 1 - rows[0])
                assert vessel.fill_height_fraction == pytest.approx(seen, abs=0.03 + 3 / len(rows))
