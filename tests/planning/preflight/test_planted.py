"""Each error that a person might make is found: by its rule, on its line, with what to do about it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.checking import Examined, Told, examine

HERE = Path(__file__).parent
CASES, GOOD = (yaml.safe_load((HERE / name).read_text(encoding="utf-8")) for name in ("planted.yaml", "good.yaml"))
BLENDS = {
    "film": {"blend": {"p3ht": 0.3, "l_swnt": 0.3, "s_swnt": 0.2, "mwnt": 0.1, "dwnt": 0.1}},
    "kiln": {},
    "liquid": {},
}


@dataclass(frozen=True)
class Planted:
    """Good files with some words exchanged: as a rule for the worse."""

    id: str
    bench: str
    rule: str = ""
    at: str = ""
    says: str = ""
    warns: str = ""
    lab: dict[str, str] = field(default_factory=dict)
    protocol: dict[str, str] = field(default_factory=dict)
    set: dict[str, Any] = field(default_factory=dict)
    samples: int = 1


def written(folder: Path, good: Path, name: str, edits: dict[str, str]) -> Path:
    """A good file with some of its words exchanged."""
    text = (good / name).read_text(encoding="utf-8")
    for old, new in edits.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def examined(planted: Planted, folder: Path, film_bench: Path) -> Examined:
    """What the check says of it."""
    good = {"film": film_bench, "kiln": HERE / "files", "liquid": film_bench.parent / "liquid_bench"}[planted.bench]
    protocol = written(folder, good, "protocol.yaml", planted.protocol)
    lab = written(folder, good, "lab.yaml", planted.lab)
    values = BLENDS[planted.bench] | planted.set
    return examine(protocol, lab, lambda recipe: [values] * planted.samples)


def line_of(told: Told) -> str:
    """The text of the line that a finding names."""
    assert told.line is not None, told
    return told.path.read_text(encoding="utf-8").splitlines()[told.line - 1]


@pytest.mark.parametrize("planted", [Planted(**case) for case in CASES], ids=lambda planted: planted.id)
def test_a_planted_error_is_found(planted: Planted, tmp_path: Path, film_bench: Path) -> None:
    result = examined(planted, tmp_path, film_bench)

    found = [told for told in result.told if told.finding.rule == planted.rule]
    assert any(planted.at in line_of(told) and planted.says in told.finding.what for told in found), result.told
    assert all(told.finding.remedy for told in found)


@pytest.mark.parametrize("good", [Planted(**case) for case in GOOD], ids=lambda good: good.id)
def test_a_good_variant_passes(good: Planted, tmp_path: Path, film_bench: Path) -> None:
    result = examined(good, tmp_path, film_bench)

    assert result.preflight.passed, result.told
    assert {told.finding.rule for told in result.told} == ({good.warns} if good.warns else set())
    assert result.preflight.duration_s > 0


def test_all_findings_come_at_once(tmp_path: Path, film_bench: Path) -> None:
    planted = Planted(
        "all", "film", "", "", samples=24,
        protocol={"look:    {at: inspection": "look:    {at: moon", "to_c: $anneal_c": "to_c: 400", "current_a: 0.0001": "current_a: 0.5"},
        lab={"stack: 48": "stack: 3", "volume_ml: 60": "volume_ml: 4", "origin_mm: [270, 20, 12]": "origin_mm: [670, 20, 12]"},
    )  # fmt: skip

    rules = {told.finding.rule for told in examined(planted, tmp_path, film_bench).told}

    assert rules == {"names", "furnace", "limits", "runs out", "reach"}


def test_problems_of_both_files_come_at_once(tmp_path: Path, film_bench: Path) -> None:
    planted = Planted(
        "both", "film", "", "", protocol={"volume_ul: 150": "volume_ml: 150"}, lab={"stack: 48": "stak: 48"}
    )

    told = examined(planted, tmp_path, film_bench).told

    assert {each.path.name for each in told} == {"protocol.yaml", "lab.yaml"}
