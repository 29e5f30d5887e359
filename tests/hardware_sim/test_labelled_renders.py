from pathlib import Path

import numpy as np
import pytest

from hardware_sim.render.labelled import Style, write_labelled

every_style = pytest.mark.parametrize("style", ["photographs", "bench"])


@every_style
def test_the_same_seed_writes_the_same_files_with_any_number_of_processes(tmp_path: Path, style: Style) -> None:
    write_labelled(tmp_path / "first", 3, seed=4, style=style)
    write_labelled(tmp_path / "second", 3, seed=4, style=style, processes=2)

    for path in sorted((tmp_path / "first").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()


def test_progress_is_told_after_each_picture(tmp_path: Path) -> None:
    told = []

    write_labelled(tmp_path, 3, seed=4, progress=lambda done, of, text: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_photograph_is_put_behind_some(tmp_path: Path) -> None:
    write_labelled(tmp_path / "real", 1, seed=1)

    write_labelled(tmp_path / "plain", 6, seed=4)
    write_labelled(tmp_path / "mixed", 6, seed=4, behind=tmp_path / "real" / "images")

    pairs = [(path.read_bytes(), (tmp_path / "plain" / "images" / path.name).read_bytes())
             for path in sorted((tmp_path / "mixed" / "images").iterdir())]  # fmt: skip
    assert any(mixed != plain for mixed, plain in pairs)


def test_planes_are_bytes_of_the_pictures_size() -> None:
    from hardware_sim.render.labelled import draw_picture

    pixels, planes, _ = draw_picture(np.random.default_rng(3), size_px=(200, 120))

    assert pixels.shape == (120, 200, 3)
    assert {name: (plane.shape, plane.dtype.name) for name, plane in planes.items()} == dict.fromkeys(
        ("vessel", "material", "phase", "spill"), ((120, 200), "uint8")
    )
