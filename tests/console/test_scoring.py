"""`athanor vision evaluate`, as people and programs call it."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from console.__main__ import main
from vision.labelled.folder import LabelledPicture, LabelledWriter
from vision.labelled.truth import PictureTruth, VesselTruth


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, each with one vessel that is orange above and red below; only one of the caps is called one."""
    writer = LabelledWriter(tmp_path / "photographs")
    for name, cap in (("a", "on"), ("b", "off")):
        pixels, vessel, material = (
            np.full((80, 60, 3), 200, np.uint8),
            *(np.zeros((80, 60), np.uint8) for _ in range(2)),
        )
        vessel[10:70, 20:40] = material[10:70, 20:40] = 1
        pixels[10:20, 20:40], material[10:20, 20:40] = (240, 120, 10), 6
        pixels[20:70, 20:40], material[20:70, 20:40] = (200, 10, 20), 2
        truth = PictureTruth(
            name=name, width=60, height=80, vessels=(VesselTruth(id=1, cap=cap, n_material_regions=1),)
        )
        writer.add(LabelledPicture(truth, pixels, vessel, material, None, None), quality=100)
    writer.close()
    return tmp_path / "photographs"


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["athanor", "vision", "evaluate", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code or ended.value.code == 1


def test_programs_get_every_score_with_its_interval(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, str(folder), "--baseline", "hue", "--json")

    said = json.loads(capsys.readouterr().out)
    assert said["pictures"] == said["groups"] == 2
    assert said["scores"]["vessel_iou"]["value"] > 0.9
    assert set(said["scores"]["liquid_iou"]) == {"value", "low", "high", "n"}


def test_people_get_a_table_beside_what_is_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, str(folder), "--baseline", "constant")

    said = capsys.readouterr().out
    assert all(word in said for word in ("vessel IoU", "at least", "excellent", "0.82"))


def test_the_page_of_the_worst_is_written(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call(monkeypatch, str(folder), "--baseline", "constant", "--gallery", str(tmp_path / "worst.html"), "--json")

    assert "vessel 1: the cap is off" in (tmp_path / "worst.html").read_text()


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (["--baseline", "astrology"], ["astrology", "hue, constant"]),
        (["--baseline", "hue", "--readings", "lines.jsonl"], ["Name one of them"]),
        (["--masks", "masks"], ["--readings"]),
        (["--readings", "lines.jsonl", "--hue-shifts"], ["--hue-shifts", "Leave it out"]),
        (["--readings", "nowhere.jsonl"], ["nowhere.jsonl", "No such file"]),
        (["--baseline", "hue", "--gallery", "nowhere/worst.html"], ["nowhere", "no folder"]),
    ],
)
def test_wishes_that_cannot_be_are_refused(
    wishes: list[str],
    words: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    call(monkeypatch, str(folder), *wishes)

    said = capsys.readouterr().err
    assert all(word in said for word in words), said


def test_a_folder_of_no_known_layout_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(monkeypatch, str(tmp_path))

    assert "no layout that is known" in capsys.readouterr().err
