import json
from pathlib import Path

import pytest

from hardware_sim.render.pathtracer.series import AnotherSeries, write_traced
from vision.labelled.folder import LabelledFolder

pytestmark = pytest.mark.usefixtures("tracer")


def test_what_was_traced_before_a_break_is_kept(tmp_path: Path) -> None:
    write_traced(tmp_path, 1, seed=9, samples=1)
    before = (tmp_path / "images" / "000000.jpg").stat().st_mtime_ns

    told = list[int]()
    write_traced(tmp_path, 2, seed=9, samples=1, progress=lambda done, of, text: told.append(done))

    folder = LabelledFolder.open(tmp_path)
    assert (tmp_path / "images" / "000000.jpg").stat().st_mtime_ns == before
    assert told == [2]
    assert [picture.truth.name for picture in folder] == ["000000", "000001"]


def test_pictures_of_two_seeds_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "series.json").write_text(json.dumps({"seed": 1, "samples": 8}))

    with pytest.raises(AnotherSeries, match="seed"):
        write_traced(tmp_path, 2, seed=2, samples=8)
