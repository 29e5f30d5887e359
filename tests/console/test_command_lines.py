"""An odd command line gives one plain error, asks nothing, and leaves nothing behind."""

import sys
from pathlib import Path

import pytest

from console.__main__ import main

FILM_BENCH = Path(__file__).parents[2] / "examples" / "film_bench"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--out", "a_file"], ["a_file", "cannot be made a folder"]),
        (["--out", "a_file/below"], ["a_file/below", "cannot be made a folder"]),
        (["--out", "run", "--strategy", "astrology"], ["--strategy", "astrology", "log_ei"]),
        (["--out", "run", "--real", "--pty"], ["--real", "--pty"]),
        (["--out", "run", "--real", "--faults", "lost-reply"], ["--real", "--faults"]),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_nothing_is_left(
    options: list[str],
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a_file").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command = ["athanor", "campaign", "run", str(FILM_BENCH / "campaign.yaml"), "--samples", "1", *options]
    monkeypatch.setattr(sys, "argv", command)

    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert all(word in said for word in words), said
    assert [path.name for path in tmp_path.iterdir()] == ["a_file"]
