import numpy as np
import pytest

from vision.state.colour import CAMERA_STD, ColourSeen, content_colour, name_chances, to_lab


def seen(rgb: tuple[int, int, int]) -> ColourSeen:
    lightness, a, b = to_lab(np.array([rgb], np.uint8))[0].tolist()
    return ColourSeen((lightness, a, b), CAMERA_STD)


@pytest.mark.parametrize(
    ("rgb", "word"),
    [
        ((210, 25, 35), "red"), ((235, 120, 15), "orange"), ((248, 225, 40), "yellow"), ((40, 140, 60), "green"),
        ((35, 80, 200), "blue"), ((125, 40, 160), "violet"), ((95, 55, 25), "brown"), ((20, 20, 22), "black"),
        ((130, 130, 132), "grey"), ((248, 248, 246), "white"),
    ],
)  # fmt: skip
def test_a_plain_colour_has_its_plain_name(rgb: tuple[int, int, int], word: str) -> None:
    chances = name_chances(seen(rgb), colourless=0.0)

    assert max(chances, key=chances.__getitem__) == word
    assert sum(chances.values()) == pytest.approx(1.0)


def test_between_two_colours_neither_is_sure() -> None:
    chances = name_chances(seen((222, 72, 28)), colourless=0.0)

    assert chances["orange"] < 0.95
    assert chances.get("red", 0.0) + chances.get("brown", 0.0) > 0.02


def test_a_clear_liquid_has_no_colour_whatever_stands_behind_it() -> None:
    chances = name_chances(seen((40, 140, 60)), colourless=0.97)

    assert chances["colourless"] == 0.97
    assert chances["green"] < 0.03


def test_edges_and_highlights_do_not_count() -> None:
    pixels = np.full((60, 60, 3), (40, 90, 180), np.uint8)
    pixels[:, :14] = 255  # a wall that shines
    pixels[20:24, 30:33] = 255  # a highlight
    content = np.zeros((60, 60), bool)
    content[5:55, 10:50] = True

    colour = content_colour(pixels, content)

    assert colour is not None
    assert colour.lab == pytest.approx(to_lab(np.array([[40, 90, 180]], np.uint8))[0], abs=0.1)


def test_too_little_content_has_no_colour() -> None:
    assert content_colour(np.zeros((20, 20, 3), np.uint8), np.zeros((20, 20), bool)) is None
