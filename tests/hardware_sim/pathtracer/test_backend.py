from pathlib import Path

import pytest

from hardware_sim.render.pathtracer.backend import LLVM_ENV, TracerMissing, llvm_library


def test_a_missing_llvm_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LLVM_ENV, raising=False)

    with pytest.raises(TracerMissing, match="apt install libllvm19"):
        llvm_library(places=())


def test_an_llvm_that_was_named_but_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(LLVM_ENV, str(tmp_path / "libLLVM.so"))

    with pytest.raises(TracerMissing, match=r"libLLVM\.so is no file"):
        llvm_library()


def test_an_llvm_that_was_named_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "libLLVM.so"
    named.touch()
    monkeypatch.setenv(LLVM_ENV, str(named))

    assert llvm_library() == named
