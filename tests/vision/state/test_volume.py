"""Volumes from outlines of bodies of revolution whose volumes are known."""

import numpy as np
import pytest

from robot.labware import LIBRARY
from vision.state.outline import Outline
from vision.state.vessel import Estimate
from vision.state.volume import volume_fraction, volume_in


def outline(half_at: np.ndarray) -> Outline:
    """A vessel from row 10 to row 90 of a hundred, as wide as said."""
    every = np.arange(100)
    left, right = 50 - half_at, 50 + half_at
    area = (every[None] >= left[:, None]) & (every[None] < right[:, None]) & ((every >= 10) & (every < 90))[:, None]
    return Outline(area, 10.0, 90.0, left, right, 0.0)


STRAIGHT = outline(np.full(100, 20.0))
CONE = outline(np.clip((np.arange(100) + 0.5 - 10) / 80 * 30, 0, 30))
"""Pointed at its brim, widest at its foot."""


def test_a_straight_vessel_is_as_full_as_it_is_high() -> None:
    assert volume_fraction(STRAIGHT, floor=90, level=60, std=0.5).mean == pytest.approx(30 / 80, abs=0.005)


def test_half_the_height_of_a_cone_holds_seven_eighths() -> None:
    assert volume_fraction(CONE, floor=90, level=50, std=0.5).mean == pytest.approx(7 / 8, abs=0.01)


def test_an_empty_vessel_holds_nothing_for_sure() -> None:
    empty = volume_fraction(STRAIGHT, floor=90, level=90, std=0.0)

    assert (empty.mean, empty.std) == (0.0, 0.0)


def test_doubt_of_the_level_is_doubt_of_the_volume() -> None:
    sharp, vague = (volume_fraction(STRAIGHT, floor=90, level=50, std=std) for std in (0.5, 8.0))

    assert vague.std == pytest.approx(8 / 80, rel=0.1)
    assert sharp.std < vague.std


def test_a_thick_foot_holds_nothing() -> None:
    assert volume_fraction(STRAIGHT, floor=80, level=45, std=0.5).mean == pytest.approx(35 / 70, abs=0.01)


def test_a_volume_in_known_labware_is_never_below_nothing() -> None:
    volume = volume_in(LIBRARY["vial-8ml"], Estimate(0.02, 0.03))

    assert volume.low_ul == 0.0
    assert 0 < volume.mean_ul < volume.high_ul
