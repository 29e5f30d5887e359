"""`athanor vision look`: a line per picture, masks at its size, overlays, and clear refusals."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from console.cli import app
from console.looking import Wanted, look_at
from planning.errors import Refused
from vision.errors import DataUnreadable
from vision.eyes import Eyes
from vision.labelled.folder import LabelledPicture
from vision.labelled.oracle import Oracle
from vision.labelled.truth import PictureTruth, VesselTruth
from vision.state.trust import Trust


@pytest.fixture
def eyes() -> Eyes:
    """Eyes that see one half full vessel in every picture."""
    vessel, material = np.zeros((120, 160), np.uint8), np.zeros((120, 160), np.uint8)
    vessel[20:110, 60:100], material[20:110, 60:100], material[65:110, 60:100] = 1, 1, 2
    vials = (VesselTruth(id=1, content="coloured", cap="off", n_material_regions=1, fill_height_fraction=0.5),)
    truth = PictureTruth(name="any", width=160, height=120, vessels=vials)
    pixels = np.full((120, 160, 3), 128, np.uint8)
    return Eyes(Oracle(LabelledPicture(truth, pixels, vessel, material, material // 2, None)), Trust())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "shots"
    path.mkdir()
    for name in ("b.jpg", "a.png"):
        cv2.imwrite(str(path / name), np.full((120, 160, 3), 128, np.uint8))
    (path / "notes.txt").write_text("no picture")
    return path


def look(
    source: Path, eyes: Eyes, as_json: bool = True, overlay: Path | None = None, masks: Path | None = None
) -> None:
    look_at(str(source), eyes, Wanted(as_json, overlay, masks), lambda done, of, text: None)


def test_a_folder_gives_a_line_of_json_per_picture(
    folder: Path, eyes: Eyes, capsys: pytest.CaptureFixture[str]
) -> None:
    look(folder, eyes)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["image"] for line in lines] == ["a.png", "b.jpg"]
    assert lines[0]["vessels"][0]["fill_height_fraction"]["mean"] == pytest.approx(0.5, abs=0.02)
    assert set(lines[0]["vessels"][0]["content"]) == {"empty", "transparent", "coloured", "two_layer"}


def test_masks_are_written_by_stem_at_the_size_of_the_picture(folder: Path, eyes: Eyes, tmp_path: Path) -> None:
    look(folder, eyes, masks=tmp_path / "masks")

    written = {path.name for path in (tmp_path / "masks").iterdir()}
    assert written == {f"{stem}.{part}.png" for stem in "ab" for part in ("vessel", "material", "spill")}
    vessel, material = (cv2.imread(str(tmp_path / "masks" / f"a.{part}.png"), -1) for part in ("vessel", "material"))
    assert vessel.shape == material.shape == (120, 160)
    assert (vessel[30, 80], material[30, 80], material[100, 80], vessel[5, 5]) == (1, 1, 2, 0)


def test_people_get_words(folder: Path, eyes: Eyes, capsys: pytest.CaptureFixture[str]) -> None:
    look(folder / "a.png", eyes, as_json=False)

    assert "fill 0.50 ± 0.0" in capsys.readouterr().out


def test_overlays_go_to_a_file_for_one_picture_and_to_a_folder_for_many(
    folder: Path, eyes: Eyes, tmp_path: Path
) -> None:
    look(folder / "a.png", eyes, overlay=tmp_path / "one.jpg")
    look(folder, eyes, overlay=tmp_path / "many")

    assert (tmp_path / "one.jpg").is_file()
    assert {path.name for path in (tmp_path / "many").iterdir()} == {"a.jpg", "b.jpg"}


@pytest.mark.parametrize("source", ["nowhere.jpg", "shots/notes.txt", "empty"])
def test_what_is_no_picture_is_said_so(
    folder: Path, eyes: Eyes, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()

    with pytest.raises(DataUnreadable, match=r"Name|camera"):
        look(Path(source), eyes)


def test_an_overlay_that_is_no_kind_of_picture_is_refused(folder: Path, eyes: Eyes, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        look(folder / "a.png", eyes, overlay=tmp_path / "one.doc")


def test_a_board_is_printed_as_a_page(tmp_path: Path) -> None:
    app(["vision", "board", str(tmp_path / "board.pdf")], standalone_mode=False)

    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")


def test_a_board_that_does_not_fit_on_its_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="do not fit on A4"):
        app(["vision", "board", str(tmp_path / "board.pdf"), "--square-mm", "40"], standalone_mode=False)
