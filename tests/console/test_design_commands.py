"""Choosing experiments without a bench, from the command line."""

import sys
from pathlib import Path

import pytest

from console.__main__ import main


def athanor(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["athanor", *words])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "question.yaml").write_text("question: the best\nmaximize: y\nbudget: 8\n", encoding="utf-8")
    rows = [f"{x},{z},{x - z * z}" for x in range(5) for z in range(4)]
    (tmp_path / "measured.csv").write_text("\n".join(["x,z,y", *rows]) + "\n", encoding="utf-8")
    return tmp_path


def test_strategies_are_compared_on_a_table(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "design",
        "simulate",
        "question.yaml",
        "--table",
        "measured.csv",
        "--strategies",
        "random,sobol",
        "--seeds",
        "2",
    ]

    assert athanor(monkeypatch, *words) == 0

    told = capsys.readouterr().out
    assert "8 of 20 candidates, 1 to find" in told
    assert "sobol" in told
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "http-equiv" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--table measured.csv --strategies astrology", "no strategy is called astrology"),
        ("--table nowhere.csv", "nowhere.csv"),
        ("--table question.yaml", "column y"),
    ],
)
def test_what_cannot_be_compared_is_told_in_plain_words(
    words: str, told: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert athanor(monkeypatch, "design", "simulate", "question.yaml", *words.split()) == 1

    assert told in capsys.readouterr().err
    assert not (folder / "comparison.html").exists()


def test_the_next_candidates_are_written_where_robots_read_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "candidates.csv").write_text("x,y\n0,1\n1,2\n2,\n3,\n", encoding="utf-8")

    assert athanor(monkeypatch, *["design", "next", "candidates.csv", "--count", "1", "--strategy", "sobol"]) == 0

    number, x = (folder / "proposals.csv").read_text(encoding="utf-8").splitlines()[1].split(",")
    assert float(number) == float(x) >= 2
    assert "next of a Sobol sequence" in capsys.readouterr().out


def test_a_list_without_objectives_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert athanor(monkeypatch, *["design", "next", "measured.csv", "--objectives", "3"]) == 1

    assert "cannot be objectives" in capsys.readouterr().err
