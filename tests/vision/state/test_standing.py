import numpy as np
import pytest

from robot.labware import LIBRARY
from vision.errors import NothingSeen
from vision.state.standing import largest_part, require_full_view

WARE = LIBRARY["vial-8ml"]


@pytest.fixture
def vessel() -> np.ndarray:
    """As wide and high as the vial, one cell per millimetre."""
    cells = np.zeros((120, 160), np.float32)
    cells[40:100, 70:87] = 1
    return cells


def test_only_the_largest_thing_is_taken_for_the_vessel(vessel: np.ndarray) -> None:
    with_clutter = vessel.copy()
    with_clutter[10:30, 5:15] = 1

    assert np.array_equal(largest_part(with_clutter), vessel)


def test_a_whole_vessel_is_accepted(vessel: np.ndarray) -> None:
    require_full_view(vessel, WARE)


def test_a_vessel_behind_a_bar_is_not_in_full_view(vessel: np.ndarray) -> None:
    vessel[60:80, 70:82] = 0

    with pytest.raises(NothingSeen, match="hidden"):
        require_full_view(vessel, WARE)


def test_half_a_vessel_is_not_in_full_view(vessel: np.ndarray) -> None:
    vessel[70:] = 0

    with pytest.raises(NothingSeen, match="no whole vial-8ml"):
        require_full_view(vessel, WARE)


@pytest.mark.parametrize("shift", [(20, 0), (0, 73), (0, -70)])
def test_a_vessel_at_the_edge_is_not_in_full_view(vessel: np.ndarray, shift: tuple[int, int]) -> None:
    with pytest.raises(NothingSeen, match="cut"):
        require_full_view(np.roll(vessel, shift, axis=(0, 1)), WARE)


def test_nothing_is_not_in_full_view(vessel: np.ndarray) -> None:
    with pytest.raises(NothingSeen, match="no vessel"):
        require_full_view(0 * vessel, WARE)
