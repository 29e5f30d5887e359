from pathlib import Path

import pytest

from console.commands.vision import render
from hardware_sim.render.pathtracer.backend import LLVM_ENV, load_mitsuba
from planning.errors import Refused


def test_without_llvm_the_tracer_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_mitsuba.cache_clear()
    monkeypatch.setenv(LLVM_ENV, str(tmp_path / "nowhere.so"))

    with pytest.raises(Refused, match="apt install libllvm19"):
        render(tmp_path / "out", count=1, traced=True)

    load_mitsuba.cache_clear()


def test_a_traced_picture_has_no_photograph_behind_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--behind"):
        render(tmp_path / "out", traced=True, behind=tmp_path)
