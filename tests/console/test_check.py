"""`athanor check`: a verdict for people and for programs, samples alike or from a table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from console.cli import app
from planning.errors import Refused

FILES = Path(__file__).parents[1] / "planning" / "preflight" / "files"


def checked(*words: str | Path, protocol: Path = FILES / "protocol.yaml") -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", str(protocol), "--lab", str(FILES / "lab.yaml"), *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit | typer.Exit):
        raise result.exception
    return result.exit_code, result.output


def table(folder: Path, text: str) -> Path:
    path = folder / "samples.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pass_shows_when_everything_should_happen() -> None:
    code, said = checked("--samples", "2")

    assert code == 0
    assert "✓ 2 samples fit: " in said
    assert "if begun now" in said
    assert "kiln" in said
    assert "s002" in said


def test_a_pass_with_warnings_has_code_0_and_shows_them(tmp_path: Path) -> None:
    text = (
        (FILES / "protocol.yaml")
        .read_text(encoding="utf-8")
        .replace("liquid: water}\n    expect", "liquid: ethanol}\n    expect")
    )
    (tmp_path / "protocol.yaml").write_text(text, encoding="utf-8")

    code, said = checked(protocol=tmp_path / "protocol.yaml")
    data = json.loads(checked("--json", protocol=tmp_path / "protocol.yaml")[1])

    assert code == 0
    assert "1 warning" in said
    assert "! " in said
    assert data["verdict"] == "pass with warnings"


def test_programs_get_each_finding_with_file_line_step_value_limit_and_remedy(tmp_path: Path) -> None:
    text = (FILES / "protocol.yaml").read_text(encoding="utf-8").replace("to_c: $fire_c", "to_c: 600")
    (tmp_path / "protocol.yaml").write_text(text, encoding="utf-8")

    code, said = checked("--json", protocol=tmp_path / "protocol.yaml")

    data = json.loads(said)
    (finding,) = data["findings"]
    assert (code, data["verdict"]) == (1, "fail")
    assert (finding["rule"], finding["level"], finding["step"]) == ("furnace", "error", "fire")
    assert (finding["value"], finding["limit"]) == (600, 350)
    assert finding["file"] == str(tmp_path / "protocol.yaml")
    assert "to_c: 600" in text.splitlines()[finding["line"] - 1]
    assert finding["remedy"]


def test_a_table_gives_each_sample_its_parameters(tmp_path: Path) -> None:
    code, said = checked("--params", table(tmp_path, "sample,warm_c,fire_c\nfirst,40,150\nsecond,,250\n"), "--json")

    heats = [slot for slot in json.loads(said)["timetable"] if slot["task"].endswith(".fire.heat")]
    assert code == 0
    assert len(heats) == 2  # the programmes differ: they cannot share the kiln


def test_everything_wrong_with_a_table_is_told_by_row_and_column(tmp_path: Path) -> None:
    code, said = checked("--params", table(tmp_path, "warm_c,fire_k,fire_c\nhot,200,100\n500,,\n40\n"))

    assert code == 1
    for words in (
        "samples.csv:1: column fire_k: is no parameter", "samples.csv:2: row 2, column warm_c: 'hot' is no number",
        "samples.csv:3: row 3, column warm_c: parameter warm_c=500.0 is no number from 30 to 90", "samples.csv:4: row 4: has 1 cells",
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("text", "words"), [("", "holds no samples"), ("warm_c,warm_c\n40,50\n", "stands there twice")]
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    code, said = checked("--params", table(tmp_path, text))

    assert code == 1
    assert words in said


def test_a_table_and_a_number_of_samples_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--params goes neither with"):
        checked("--params", table(tmp_path, "warm_c\n40\n"), "--samples", "3")


def test_a_check_loads_no_engine_no_model_no_database_and_no_driver_before_it_knows_the_bench() -> None:
    heavy = ("sqlalchemy", "scipy.optimize", "torch", "cv2", "anyio._backends", "httpx", "robot.drivers")
    asked = f"import sys, console.checking, console.verdict; print([name for name in {heavy} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "[]"
