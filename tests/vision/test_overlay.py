import numpy as np

from vision.frame import Frame
from vision.overlay import caption, headline, overlay
from vision.state.reading import Masks, PictureReading, SpillReading, Spread, VesselReading

FRAME = Frame(np.full((240, 320, 3), 90, np.uint8), "camera", 0.0)
VIAL = VesselReading(
    box_px=(100, 60, 160, 200), score=0.97, kind="vial", cap_on=0.01,
    content={"empty": 0.01, "transparent": 0.04, "coloured": 0.93, "two_layer": 0.02},
    fill_height_fraction=Spread(mean=0.41, std=0.03), layers=1, layers_chance=0.95, materials=("liquid",),
    colour_lab=(45.0, 50.0, 40.0), turbidity=0.1, tipped=0.01,
)  # fmt: skip


def reading(*vessels: VesselReading, spill: float = 0.02, quality: str = "ok") -> PictureReading:
    said = SpillReading(probability=spill, area_px=0)
    return PictureReading(image="a.jpg", vessels=vessels, spill=said, quality=quality)  # type: ignore[arg-type]


def masks() -> Masks:
    vessel, material, spill = (np.zeros((240, 320), np.uint8) for _ in range(3))
    vessel[60:200, 100:160] = 1
    material[60:200, 100:160] = 1
    material[150:195, 102:158] = 2
    return Masks(vessel=vessel, material=material, spill=spill)


def test_the_mask_shows_in_the_picture_and_the_rest_stays() -> None:
    shown = overlay(FRAME, reading(VIAL), masks())

    assert shown.shape[0] > 240
    assert np.array_equal(shown[220:240], FRAME.pixels[220:])
    assert shown[170, 130, 2] > FRAME.pixels[170, 130, 2]


def test_the_frame_itself_is_not_drawn_upon() -> None:
    overlay(FRAME, reading(VIAL), masks())

    assert (FRAME.pixels == 90).all()


def test_the_level_is_drawn_along_the_surface() -> None:
    with_level = overlay(FRAME, reading(VIAL), masks())
    without = overlay(FRAME, reading(VIAL.model_copy(update={"fill_height_fraction": None})), masks())

    assert set(np.flatnonzero((with_level != without).any(axis=(1, 2)))) & {149, 150, 151}


def test_what_is_hardly_there_is_not_drawn() -> None:
    faint = VIAL.model_copy(update={"score": 0.2})
    nothing = np.zeros((240, 320), np.uint8)

    shown = overlay(FRAME, reading(faint), Masks(vessel=nothing, material=nothing, spill=nothing))

    assert np.array_equal(shown[:240], FRAME.pixels)


def test_a_vessel_is_said_in_one_line() -> None:
    assert caption(VIAL) == "vial  0.97   fill 0.41 +- 0.03   1 layer 0.95, liquid   cap off 0.99"


def test_what_cannot_be_told_is_said_so() -> None:
    lying = VIAL.model_copy(update={"fill_height_fraction": None, "tipped": 0.93, "cap_on": 0.5})

    assert "fill unknown" in caption(lying)
    assert "cap unknown" in caption(lying)
    assert "tipped 0.93" in caption(lying)


def test_spills_and_bad_pictures_are_said_first() -> None:
    assert headline(reading(VIAL, VIAL, spill=0.96, quality="dark")) == "2 vessels   spill 0.96   dark picture"
