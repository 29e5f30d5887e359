"""With networks that make no mistake, what is read is what was drawn: boxes, levels, layers, colours, and what cannot be told."""

from collections.abc import Callable

import numpy as np
import pytest

from robot.labware import LIBRARY
from vision.eyes import Eyes
from vision.frame import Frame
from vision.labelled.folder import LabelledPicture
from vision.labelled.oracle import Oracle
from vision.state.reading import Masks, PictureReading
from vision.state.trust import Trust

Draw = Callable[..., LabelledPicture]
EVERYTHING = Trust(tells=("present", "cap", "fill", "layers", "colour", "empty", "wet", "dry", "spill"))


def read(picture: LabelledPicture) -> tuple[PictureReading, Masks]:
    return Eyes(Oracle(picture), EVERYTHING).read(Frame(picture.pixels, "drawn.jpg", 0.0))


@pytest.mark.parametrize("fill", [0.08, 0.33, 0.71, 0.95])
@pytest.mark.parametrize("bulge", [0, 6])
def test_a_fill_height_is_read_as_it_was_drawn(draw: Draw, fill: float, bulge: int) -> None:
    reading, _ = read(draw((100, fill, bulge)))

    level = reading.vessels[0].fill_height_fraction
    assert level is not None
    assert level.mean == pytest.approx(fill, abs=0.012)
    assert level.std < 0.04


def test_a_cap_counts_neither_for_the_height_nor_for_the_content(draw: Draw) -> None:
    reading, masks = read(draw((100, 0.5, 4), cap="on"))

    assert reading.vessels[0].cap_on == 1.0
    assert reading.vessels[0].fill_height_fraction.mean == pytest.approx(0.5, abs=0.015)  # type: ignore[union-attr]
    assert masks.material[45, 100] == 6


def test_the_volume_of_a_straight_tube_is_its_level_at_the_wall(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.5, 10)))

    volume = reading.vessels[0].fill_volume_fraction
    assert volume is not None
    assert volume.mean == pytest.approx(0.5 - 10 / 140, abs=0.02)


def test_neighbours_that_touch_keep_their_numbers(draw: Draw) -> None:
    picture = draw((100, 0.3, 2), (149, 0.6, 2), (198, 0.0, 0))
    reading, masks = read(picture)

    assert len(reading.vessels) == 3
    assert (masks.vessel == picture.vessel).mean() > 0.99
    levels = [vessel.fill_height_fraction.mean for vessel in reading.vessels]  # type: ignore[union-attr]
    assert levels == pytest.approx([0.3, 0.6, 0.0], abs=0.02)


def test_a_tube_cut_in_two_by_a_gripper_keeps_one_number_and_its_level(draw: Draw) -> None:
    reading, masks = read(draw((100, 0.7, 3), (200, 0.2, 3), bar=(120, 140)))

    assert set(np.unique(masks.vessel[70:110, 90:110])) == {1}
    assert set(np.unique(masks.vessel[150:190, 90:110])) == {1}
    assert reading.vessels[0].fill_height_fraction.mean == pytest.approx(0.7, abs=0.02)  # type: ignore[union-attr]


def test_a_level_behind_a_bar_is_told_with_more_doubt(draw: Draw) -> None:
    free, _ = read(draw((100, 0.5, 3)))
    hidden, _ = read(draw((100, 0.5, 3), bar=(115, 150)))

    assert hidden.vessels[0].fill_height_fraction.std > free.vessels[0].fill_height_fraction.std  # type: ignore[union-attr]


def test_a_tube_whose_foot_is_behind_a_rack_has_no_level(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.5, 3), bar=(165, 240)))

    assert reading.vessels[0].fill_height_fraction is None


def test_a_leaning_tube_has_no_level(draw: Draw) -> None:
    reading, _ = read(draw((160, 0.5, 3), lean=0.5))

    assert reading.vessels[0].fill_height_fraction is None


def test_a_tube_cut_by_the_picture_has_no_level(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.5, 3), top=0, bottom=240))

    assert reading.vessels[0].fill_height_fraction is None


def test_layers_are_named_from_the_lowest_up(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.6, 3), materials=(4, 2)))

    assert reading.vessels[0].layers == 2
    assert reading.vessels[0].materials == ("solid", "liquid")


def test_two_layers_of_liquid_are_named_twice(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.6, 3), materials=(2, 2)))

    assert reading.vessels[0].materials == ("liquid", "liquid")


def test_an_empty_tube_has_level_zero_and_neither_layers_nor_colour(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.0, 0)))

    (vessel,) = reading.vessels
    assert vessel.fill_height_fraction.mean == 0.0  # type: ignore[union-attr]
    assert (vessel.layers, vessel.materials, vessel.colour_lab, vessel.turbidity) == (0, (), None, None)


def test_the_colour_is_that_of_the_content_alone(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.6, 3), colour=(200, 60, 40)))

    lightness, a, b = reading.vessels[0].colour_lab  # type: ignore[misc]
    assert (lightness, a, b) == pytest.approx((45.6, 53.6, 43.3), abs=1.5)


def test_a_spill_is_found_outside_the_vessels_alone(draw: Draw) -> None:
    spilled, masks = read(draw((100, 0.5, 3), spill=True))
    clean, _ = read(draw((100, 0.5, 3)))

    assert spilled.spill.probability > 0.9
    assert spilled.spill.area_px == pytest.approx(15 * 60, rel=0.1)
    assert not masks.spill[:200].any()
    assert (clean.spill.probability, clean.spill.area_px) == (0.0, 0)


def test_a_picture_without_vessels_has_none(draw: Draw) -> None:
    reading, masks = read(draw())

    assert reading.vessels == ()
    assert not masks.vessel.any()


def test_the_line_of_json_is_what_was_promised(draw: Draw) -> None:
    reading, _ = read(draw((100, 0.5, 3)))

    assert PictureReading.model_validate_json(reading.model_dump_json()) == reading
    assert set(reading.model_dump()) == {"image", "vessels", "spill", "quality"}


def test_a_bench_gets_a_state_with_all_that_these_eyes_can_tell(draw: Draw) -> None:
    picture = draw((100, 0.5, 3), half=20, cap="on", spill=True)
    state = Eyes(Oracle(picture), EVERYTHING).look(Frame(picture.pixels, "side", 0.0), LIBRARY["vial-8ml"])

    assert (state.present, state.cap_on, state.tipped) == (1.0, 1.0, 0.0)
    assert state.content["liquid"] > 0.99
    assert state.layers == (0.0, 1.0, 0.0, 0.0)
    assert max(state.colour, key=state.colour.__getitem__) == "red"  # type: ignore[union-attr, arg-type]
    assert state.spill > 0.9  # type: ignore[operator]


def test_what_eyes_were_not_taught_to_tell_stays_untold(draw: Draw) -> None:
    picture = draw((100, 0.5, 3), cap="on")
    state = Eyes(Oracle(picture), Trust()).look(Frame(picture.pixels, "side", 0.0), LIBRARY["vial-8ml"])

    assert (state.cap_on, state.layers, state.colour, state.spill) == (None, None, None, None)


def test_only_the_vessel_at_its_place_counts(draw: Draw) -> None:
    picture = draw((60, 0.5, 3), (200, 0.0, 0))
    frame = Frame(picture.pixels, "side", 0.0)
    eyes = Eyes(Oracle(picture), EVERYTHING)

    at_place = eyes.look(frame, LIBRARY["vial-8ml"], place_px=(150, 0, 320, 240))
    elsewhere = eyes.look(frame, LIBRARY["vial-8ml"], place_px=(260, 0, 320, 240))

    assert at_place.content["empty"] > 0.9
    assert elsewhere.present == 0.0


def test_the_volume_of_known_labware_comes_with_an_interval(draw: Draw) -> None:
    picture = draw((100, 0.4, 0), half=20, top=60, bottom=201)
    state = Eyes(Oracle(picture), EVERYTHING).look(Frame(picture.pixels, "side", 0.0), LIBRARY["vial-8ml"])

    assert state.fill_height_fraction is not None
    assert state.volume is not None
    assert state.volume.low_ul < state.volume.mean_ul < state.volume.high_ul
    assert state.volume.mean_ul == pytest.approx(LIBRARY["vial-8ml"].volume_ul(state.fill_height_fraction.mean))
