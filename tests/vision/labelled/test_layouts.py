"""Small made-up copies of the layouts, read back."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.errors import DataUnreadable
from vision.labelled.opening import open_labelled
from vision.labelled.rle import mask_of, runs_of
from vision.labelled.sdl_states import Tube, states_of_boxes

HEIGHT, WIDTH = 24, 32
Box = tuple[int, int, int, int]
VESSEL, CONTENT, CAP = (4, 4, 12, 22), (4, 12, 12, 22), (4, 4, 12, 8)


def area(box: Box, value: int = 255) -> NDArray[np.uint8]:
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    drawn[box[1] : box[3], box[0] : box[2]] = value
    return drawn


def write(path: Path, pixels: NDArray[np.uint8] | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((HEIGHT, WIDTH, 3), 128, np.uint8) if pixels is None else pixels)


def sdl_states(folder: Path, **frame: Any) -> None:
    write(folder / "images" / "0001.jpg")
    boxes = [(1, [4, 4, 8, 18]), (1, [20, 4, 8, 18]), (2, [4, 4, 8, 4]), (6, [0, 0, 3, 3]), (3, [13, 4, 6, 18])]
    names = {1: "test tube", 2: "test tube cap", 3: "silicone container", 6: "mold brush"}
    coco = {
        "categories": [{"id": number, "name": name} for number, name in names.items()],
        "images": [{"id": 7, "file_name": "images/0001.jpg", "width": WIDTH, "height": HEIGHT}],
        "annotations": [{"id": n, "image_id": 7, "category_id": c, "bbox": box} for n, (c, box) in enumerate(boxes)],
    }
    (folder / "annotations.coco.json").write_text(json.dumps(coco))
    told = {"camera": "arm", "station": "scale", "view": "front", "distance": "near", "tipped": False, **frame}
    (folder / "states.json").write_text(json.dumps({"0001.jpg": told}))


def test_states_of_tubes_are_given_to_their_boxes_by_their_caps(tmp_path: Path) -> None:
    tubes = [{"cap": "off", "content": "empty"}, {"cap": "on", "content": "coloured"}]
    sdl_states(
        tmp_path, tubes=tubes, tubes_all_boxed=True, checks=[{"question": "Is it?", "ok": True, "failure": None}]
    )

    truth = open_labelled(tmp_path).truths[0]

    assert [(v.kind, v.cap, v.content) for v in truth.vessels] == [
        ("test tube", "on", "coloured"), ("test tube", "off", "empty"), ("silicone container", "unknown", "unknown"),
    ]  # fmt: skip
    assert truth.group == "arm, scale, front, near"
    assert truth.checks[0].question == "Is it?"


@pytest.mark.parametrize(
    ("told", "spill"),
    [
        ({}, None),
        ({"spill": "none"}, False),
        ({"spill": "large"}, True),
        ({"spill": "large", "spill_visible": False}, None),
    ],
)
def test_a_spill_is_known_only_where_somebody_could_see(
    told: dict[str, Any], spill: bool | None, tmp_path: Path
) -> None:
    sdl_states(tmp_path, **told)
    write(tmp_path / "spill_masks" / "0001.png", area(CONTENT))

    pictures = open_labelled(tmp_path)

    assert pictures.truths[0].spill is spill
    picture = pictures.load(pictures.truths[0])
    assert picture.spill is not None
    assert picture.spill.max() == 255
    assert picture.vessel is picture.material is None


def test_states_that_caps_cannot_tell_apart_are_unknown() -> None:
    boxes = [(0.0, 0.0, 9.0, 30.0), (20.0, 0.0, 29.0, 30.0)]
    tubes = (Tube(cap="on", content="empty"), Tube(cap="on", content="coloured"))

    states = states_of_boxes(boxes, [(0, 0, 9, 5), (20, 0, 29, 5)], tubes)

    assert states == [Tube(cap="on", content="unknown")] * 2


def test_a_hidden_tube_leaves_all_states_unknown(tmp_path: Path) -> None:
    sdl_states(tmp_path, tubes=[{"cap": "on", "content": "empty"}], tubes_all_boxed=False)

    truth = open_labelled(tmp_path).truths[0]

    assert not truth.all_boxed
    assert {vessel.cap for vessel in truth.vessels} == {"unknown"}


def coco(folder: Path, segmentations: Mapping[str, Any]) -> None:
    write(folder / "images" / "a.jpg")
    names = {1: "beaker", 2: "liquid", 3: "cork", 4: "robot"}
    boxes = {"beaker": VESSEL, "liquid": CONTENT, "cork": CAP, "robot": (0, 0, 4, 4)}
    labels = [
        {"id": n, "image_id": 1, "category_id": n, "bbox": [b[0], b[1], b[2] - b[0], b[3] - b[1]], "iscrowd": 0,
         **({"segmentation": segmentations[name]} if name in segmentations else {})}
        for n, name in names.items() for b in [boxes[name]]
    ]  # fmt: skip
    listed = {"images": [{"id": 1, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}], "annotations": labels,
              "categories": [{"id": n, "name": name} for n, name in names.items()]}  # fmt: skip
    (folder / "labels.json").write_text(json.dumps(listed))


def test_coco_boxes_are_vessels_without_masks(tmp_path: Path) -> None:
    coco(tmp_path, {})

    picture = next(iter(open_labelled(tmp_path)))

    assert [(vessel.kind, vessel.box_px) for vessel in picture.truth.vessels] == [("beaker", (4, 4, 12, 22))]
    assert picture.vessel is None


def test_coco_polygons_and_runs_become_masks_and_facts(tmp_path: Path) -> None:
    polygon = [[4, 4, 11, 4, 11, 21, 4, 21]]
    runs = {"size": [HEIGHT, WIDTH], "counts": runs_of(area(CONTENT) > 0)}
    coco(tmp_path, {"beaker": polygon, "liquid": runs, "cork": [[4, 4, 11, 4, 11, 7, 4, 7]]})

    picture = next(iter(open_labelled(tmp_path)))

    assert picture.vessel is not None
    assert picture.material is not None
    assert (picture.vessel == (area(VESSEL) > 0)).all()
    assert np.unique(picture.material).tolist() == [0, 1, 2, 6]
    vessel = picture.truth.vessels[0]
    assert vessel.fill_height_fraction == pytest.approx(10 / 14)
    assert (vessel.n_material_regions, vessel.materials) == (1, ("liquid",))


def test_packed_runs_are_those_of_coco() -> None:
    """A square of 5 x 5 with a hole in the middle of 9 x 9, as pycocotools 2.0.11 packs it."""
    mask = np.zeros((9, 9), np.bool_)
    mask[2:7, 2:7] = True
    mask[3, 4] = False

    assert (mask_of({"counts": "d05400LM23200`0"}, 9, 9) == mask).all()


@pytest.mark.parametrize("seed", range(5))
def test_runs_draw_the_mask_that_they_came_from(seed: int) -> None:
    mask = np.random.default_rng(seed).random((7, 5)) < 0.4

    assert (mask_of({"counts": runs_of(mask)}, 7, 5) == mask).all()


def heinsight(folder: Path, lines: str) -> None:
    write(folder / "train" / "images" / "a.jpg")
    (folder / "data.yaml").write_text("names: [Empty, Residue, Solid, Homo, Hetero, Vessel]\n")
    (folder / "train" / "labels").mkdir()
    (folder / "train" / "labels" / "a.txt").write_text(lines)


def test_boxes_of_heinsight_tell_a_fill_height(tmp_path: Path) -> None:
    heinsight(tmp_path, "0 0.5 0.25 0.5 0.5\n3 0.5 0.625 0.5 0.25\n2 0.5 0.875 0.5 0.25\n")

    vessel = open_labelled(tmp_path).truths[0].vessels[0]

    assert vessel.box_px == (8, 0, 24, 24)
    assert vessel.fill_height_fraction == pytest.approx(0.5)
    assert vessel.materials == ("solid", "liquid")
    assert vessel.n_material_regions == 2


def test_a_line_of_heinsight_that_is_no_box_is_named(tmp_path: Path) -> None:
    heinsight(tmp_path, "9 0.5 0.5 0.5 0.5\n")

    with pytest.raises(DataUnreadable, match=r"a.txt, line 1"):
        open_labelled(tmp_path)


def test_labpics_1_tells_instances_and_classes(tmp_path: Path) -> None:
    write(tmp_path / "Image" / "a.jpg")
    write(tmp_path / "Instance" / "a.png", np.dstack([area(CONTENT, 1), area((0, 0, 0, 0)), area(VESSEL, 1)]))
    write(tmp_path / "Semantic" / "16_Filled" / "a.png", area(CONTENT, 1))
    write(tmp_path / "Semantic" / "6_Liquid GENERAL" / "a.png", area(CONTENT, 1))
    write(tmp_path / "Semantic" / "5_Ignore" / "a.png", area((28, 0, 32, 4), 1))

    picture = next(iter(open_labelled(tmp_path)))

    assert picture.material is not None
    assert np.unique(picture.material).tolist() == [0, 1, 2, 255]
    assert picture.truth.vessels[0].fill_height_fraction == pytest.approx(10 / 18)


def labpics_2(folder: Path, classes: list[str]) -> None:
    write(folder / "a" / "Image.jpg")
    write(folder / "a" / "Vessels" / "1.png", area(VESSEL))
    write(folder / "a" / "MaterialsAndParts" / "1.png", area(CONTENT))
    write(folder / "a" / "MaterialsAndParts" / "2.png", area(CAP))
    part = {"IsOnSurface": False, "IsScattered": False}
    data = {
        "Vessels": {"1": {"MaskFilePath": "/Vessels/1.png", "VesselType_ClassNames": ["Vessel", "Flask"]}},
        "MaterialsAndParts": {
            "1": {
                "MaskFilePath": "/MaterialsAndParts/1.png",
                "IsPart": False,
                "MaterialType_ClassNames": classes,
                **part,
            },
            "2": {"MaskFilePath": "/MaterialsAndParts/2.png", "IsPart": True, "MaterialType_ClassNames": [], **part},
        },
    }
    (folder / "a" / "Data.json").write_text(json.dumps(data))


@pytest.mark.parametrize(("classes", "value"), [(["Liquid", "Filled"], 2), (["Liquid", "Solid", "Filled"], 254)])
def test_labpics_2_tells_vessels_parts_and_materials(classes: list[str], value: int, tmp_path: Path) -> None:
    labpics_2(tmp_path, classes)

    picture = next(iter(open_labelled(tmp_path)))

    assert picture.material is not None
    assert np.unique(picture.material).tolist() == [0, 1, *sorted([value, 6])]
    assert picture.truth.vessels[0].kind == "flask"


def test_transproteus_ignores_what_is_seen_past_the_glass(tmp_path: Path) -> None:
    write(tmp_path / "7" / "VesselWithContent_Frame_0_RGB.jpg")
    write(tmp_path / "7" / "VesselMask.png", area(VESSEL))
    content = np.dstack([area(CONTENT), area((0, 0, 0, 0)), area((20, 0, 24, 4))])
    write(tmp_path / "7" / "Content_Frame_0_Mask.png", content)

    picture = next(iter(open_labelled(tmp_path)))

    assert picture.material is not None
    assert np.unique(picture.material).tolist() == [0, 1, 254, 255]
    assert picture.truth.group == "7"


def test_a_folder_of_something_else_says_what_it_holds_and_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "holiday.mp4").touch()

    with pytest.raises(DataUnreadable, match=r"holds holiday.mp4.*sdl_states.*LabPics 2.*COCO"):
        open_labelled(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="nowhere: no such folder"):
        open_labelled(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "states.json").write_text("{}"),
        lambda folder: (folder / "states.json").write_text("no JSON"),
        lambda folder: (folder / "annotations.coco.json").unlink(),
    ],
)
def test_lists_that_do_not_fit_together_give_one_clear_error(spoil: Callable[[Path], Any], tmp_path: Path) -> None:
    sdl_states(tmp_path)
    spoil(tmp_path)

    with pytest.raises(DataUnreadable, match=r"states.json and annotations.coco.json do not fit together"):
        open_labelled(tmp_path)


def test_a_mask_of_another_size_is_named(tmp_path: Path) -> None:
    labpics_2(tmp_path, ["Liquid"])
    write(tmp_path / "a" / "Vessels" / "1.png", np.zeros((5, 5), np.uint8))

    with pytest.raises(DataUnreadable, match=r"1.png: \(5, 5\), the picture \(24, 32\)"):
        list(open_labelled(tmp_path))
