from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vision.errors import DataUnreadable
from vision.labelled.folder import LabelledFolder, LabelledPicture, LabelledWriter
from vision.labelled.opening import open_labelled
from vision.labelled.truth import PictureTruth, VesselTruth
from vision.scores.baselines import constant, hue_rules
from vision.scores.case import hue_shifted
from vision.scores.evaluate import by_source, look_at_all, scores_of
from vision.scores.gallery import write_gallery
from vision.scores.readers import nothing_seen, written_by_a_program

Make = Callable[..., Any]
PHOTOGRAPHS = Path(__file__).parents[4] / "shared" / "data" / "vision"
VESSEL = (10, 5, 20, 35)


@pytest.fixture
def folder(tmp_path: Path, plane: Make) -> LabelledFolder:
    """Four pictures of two sources, each with one half-full vessel."""
    writer = LabelledWriter(tmp_path / "labelled")
    for name in ("lls_1", "lls_2", "sdl_1", "sdl_2"):
        vessel = VesselTruth(id=1, cap="on", n_material_regions=1, fill_height_fraction=0.5)
        truth = PictureTruth(name=name, width=40, height=40, vessels=(vessel,))
        material = plane({1: VESSEL, 2: (10, 20, 20, 35)})
        pixels = np.full((40, 40, 3), 120, np.uint8)
        writer.add(LabelledPicture(truth, pixels, plane({1: VESSEL}), material, None, None))
    writer.close()
    return LabelledFolder.open(tmp_path / "labelled")


def test_a_reader_that_repeats_the_truth_is_perfect(folder: LabelledFolder) -> None:
    def truth(name: str, pixels: Any) -> Any:
        picture = folder.load(next(each for each in folder.truths if each.name == name))
        reading, masks = constant(folder)(name, pixels)
        assert masks is not None
        return reading, masks.model_copy(update={"material": picture.material})

    scores = scores_of(look_at_all(folder, truth), np.random.default_rng(0), draws=20)

    assert {scores[key].value for key in ("vessel_iou", "instance_pq", "filled_iou", "liquid_iou", "layers_exact")} == {
        1.0
    }
    assert (scores["vessel_iou"].low, scores["vessel_iou"].high) == (1.0, 1.0)


def test_a_reader_that_sees_nothing_scores_nothing(folder: LabelledFolder) -> None:
    scores = scores_of(look_at_all(folder, lambda name, pixels: nothing_seen(name, pixels.shape)))

    assert scores["vessel_iou"].value == scores["instance_pq"].value == scores["layers_exact"].value == 0
    assert scores["fill_error_median"].value == pytest.approx(0.15)


def test_what_pictures_do_not_tell_is_left_out(folder: LabelledFolder) -> None:
    scores = scores_of(look_at_all(folder, constant(folder)))

    assert not {"verdicts", "spill", "tube_ap50", "volume_error", "cap_hue_shifted"} & set(scores)


def test_pictures_are_scored_by_source(folder: LabelledFolder) -> None:
    parts = by_source(look_at_all(folder, constant(folder)))

    assert {source: len(part) for source, part in parts.items()} == {"lls": 2, "sdl": 2}


def test_intervals_are_drawn_over_groups(folder: LabelledFolder) -> None:
    def blind_to_lls(name: str, pixels: Any) -> Any:
        return nothing_seen(name, pixels.shape) if name.startswith("lls") else constant(folder)(name, pixels)

    seen = look_at_all(folder, blind_to_lls)
    one_group = [replace(each, truth=each.truth.model_copy(update={"group": "bench"})) for each in seen]

    apart, together = (scores_of(each, np.random.default_rng(0), draws=50)["vessel_iou"] for each in (seen, one_group))

    assert (apart.low, apart.high) == (0.0, 1.0)
    assert together.low == together.high == together.value


def test_shifting_hues_leaves_grey_alone_and_turns_red_green(make_case: Make) -> None:
    picture = make_case().picture
    picture.pixels[0, 0], picture.pixels[0, 1] = (200, 0, 0), (90, 90, 90)

    turned = hue_shifted(picture, 120).pixels

    assert turned[0, 1].tolist() == [90, 90, 90]
    assert turned[0, 0, 1] > 190
    assert turned[0, 0, 0] < 20


def test_a_program_is_scored_by_what_it_wrote(folder: LabelledFolder, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    readings = [constant(folder)(truth.name, np.zeros((40, 40, 3), np.uint8))[0] for truth in folder.truths]
    lines.write_text("\n".join(r.model_copy(update={"image": f"{r.image}.jpg"}).model_dump_json() for r in readings))

    scores = scores_of(look_at_all(folder, written_by_a_program(lines, None)))

    assert "layers_exact" in scores
    assert "vessel_iou" not in scores


def test_a_picture_that_a_program_left_out_is_named(folder: LabelledFolder, tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text("")

    with pytest.raises(DataUnreadable, match="no line for the picture lls_1"):
        look_at_all(folder, written_by_a_program(tmp_path / "lines.jsonl", None))


def test_a_line_that_is_no_reading_is_named(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_text('{"image": "a.jpg", "vessels": []}\n')

    with pytest.raises(DataUnreadable, match=r"lines.jsonl, line 1: spill: field required"):
        written_by_a_program(tmp_path / "lines.jsonl", None)


def test_the_page_of_the_worst_says_what_went_wrong(folder: LabelledFolder, tmp_path: Path) -> None:
    def blind(name: str, pixels: Any) -> Any:
        return nothing_seen(name, pixels.shape)

    count = write_gallery(tmp_path / "worst.html", folder, look_at_all(folder, blind), blind, 3)
    page = (tmp_path / "worst.html").read_text()

    assert count == 3
    assert page.count("vessel 1 was missed") == 3
    assert page.count("data:image/jpeg;base64,") == 9
    assert "http" not in page


def test_hue_rules_find_an_orange_cap_on_a_red_liquid() -> None:
    pixels = np.full((120, 80, 3), 220, np.uint8)
    pixels[20:40, 30:50], pixels[40:90, 30:50] = (240, 120, 10), (200, 10, 20)

    reading, masks = hue_rules("a", pixels)

    assert len(reading.vessels) == 1
    assert reading.vessels[0].cap_on > 0.5
    assert masks is not None
    assert (masks.material[45:85, 32:48] == 2).all()


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="the labelled photographs are not beside this repository")
def test_always_one_layer_is_worth_on_real_photographs_what_is_said_of_it() -> None:
    pictures = open_labelled(PHOTOGRAPHS / "vessel_masks")

    scores = scores_of(look_at_all(pictures, constant(pictures)))

    assert scores["layers_exact"].value == pytest.approx(0.56, abs=0.005)
    assert scores["cap_masked"].value == 0.5
