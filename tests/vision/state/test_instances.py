"""Which cell belongs to which vessel."""

import numpy as np

from vision.segmentation.seen import Box, Seen
from vision.state.instances import number_cells

COLUMNS, ROWS = np.meshgrid(np.arange(80) + 0.5, np.arange(60) + 0.5)


def seen(parts: list[tuple[np.ndarray, Box]], noise: float = 0.0) -> Seen:
    """Vessels as areas of cells with their boxes, cells of 4 pixels."""
    vessel, to_centre = np.zeros((60, 80), np.float32), np.zeros((2, 60, 80), np.float32)
    for area, box in parts:
        left, top, right, bottom = (edge / 4 for edge in box.px)
        vessel[area] = 0.9
        to_centre[0][area], to_centre[1][area] = ((left + right) / 2 - COLUMNS)[area], ((top + bottom) / 2 - ROWS)[area]
    to_centre += np.random.default_rng(0).normal(0, noise, to_centre.shape).astype(np.float32)
    nothing = np.zeros((60, 80), np.float32)
    boxes = tuple(box for _, box in parts)
    return Seen(vessel, np.full((6, 60, 80), 1 / 6, np.float32), nothing, nothing, nothing, to_centre, boxes, 4.0)


def block(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    return (left < COLUMNS) & (right > COLUMNS) & (top < ROWS) & (bottom > ROWS)


def boxed(left: int, top: int, right: int, bottom: int) -> Box:
    return Box((4.0 * left, 4.0 * top, 4.0 * right, 4.0 * bottom), 0.9)


def test_touching_vessels_are_told_apart_by_where_their_cells_point() -> None:
    left, right = block(10, 10, 20, 50), block(20, 10, 30, 50)

    numbers = number_cells(
        view := seen([(left, boxed(10, 10, 20, 50)), (right, boxed(20, 10, 30, 50))], 1.0), view.boxes
    )

    assert (numbers[left] == 1).mean() > 0.98
    assert (numbers[right] == 2).mean() > 0.98


def test_a_vessel_in_front_of_a_larger_one_keeps_its_cells() -> None:
    small = block(30, 30, 40, 50)
    large = block(20, 10, 60, 50) & ~small

    numbers = number_cells(view := seen([(large, boxed(20, 10, 60, 50)), (small, boxed(30, 30, 40, 50))]), view.boxes)

    assert (numbers[large] == 1).all()
    assert (numbers[small] == 2).all()


def test_pieces_on_both_sides_of_a_rack_are_one_vessel() -> None:
    pieces = block(10, 10, 20, 25) | block(10, 35, 20, 50)

    numbers = number_cells(view := seen([(pieces, boxed(10, 10, 20, 50))]), view.boxes)

    assert (numbers[pieces] == 1).all()
    assert (numbers[~pieces] == 0).all()


def test_cells_far_from_any_box_belong_to_none() -> None:
    vessel, clutter = block(10, 10, 20, 50), block(60, 10, 70, 50)
    view = seen([(vessel, boxed(10, 10, 20, 50)), (clutter, boxed(60, 10, 70, 50))])

    numbers = number_cells(view, view.boxes[:1])

    assert set(np.unique(numbers)) == {0, 1}
    assert (numbers[clutter] == 0).all()


def test_without_boxes_there_are_no_vessels() -> None:
    assert not number_cells(seen([(block(10, 10, 20, 50), boxed(10, 10, 20, 50))]), ()).any()
