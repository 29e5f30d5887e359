"""`athanor check campaign.yaml`: samples spread over its space, and the ends of that space."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from console.cli import app
from planning.errors import Refused

FILES = Path(__file__).parents[1] / "planning" / "preflight" / "files"
CAMPAIGN = """campaign: the heaviest cup
lab: lab.yaml
protocol: protocol.yaml
maximize: cup_mg
budget: {samples: 3, hours: 60}
batch: 1
in_flight: 2
"""


def folder(path: Path, campaign: str = CAMPAIGN) -> Path:
    """A campaign with its files; return where it lies."""
    for name in ("lab.yaml", "protocol.yaml"):
        (path / name).write_text((FILES / name).read_text(encoding="utf-8"), encoding="utf-8")
    (path / "campaign.yaml").write_text(campaign, encoding="utf-8")
    return path / "campaign.yaml"


def mend(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def checked(campaign: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", str(campaign), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit | typer.Exit):
        raise result.exception
    return result.exit_code, result.output


def test_as_many_samples_as_the_budget_allows_are_timed(tmp_path: Path) -> None:
    code, said = checked(folder(tmp_path))

    assert code == 0
    assert "✓ 3 samples fit: " in said
    assert "s003" in said


def test_samples_are_spread_over_the_space(tmp_path: Path) -> None:
    code, said = checked(folder(tmp_path), "--json")

    heats = [slot for slot in json.loads(said)["timetable"] if slot["task"].endswith(".fire.heat")]
    assert code == 0
    assert len({slot["end_s"] - slot["start_s"] for slot in heats}) == 3  # each is fired at another temperature


def test_samples_are_let_in_as_the_campaign_lets_them_in(tmp_path: Path) -> None:
    campaign = folder(tmp_path, CAMPAIGN.replace("in_flight: 2", "in_flight: 1"))

    of_sample: dict[str, list[dict[str, float]]] = {}
    for slot in json.loads(checked(campaign, "--json")[1])["timetable"]:
        of_sample.setdefault(slot["samples"][0], []).append(slot)

    assert min(slot["start_s"] for slot in of_sample["s002"]) >= max(slot["end_s"] for slot in of_sample["s001"])


def test_an_end_of_the_space_that_the_bench_cannot_make_is_found_and_named(tmp_path: Path) -> None:
    campaign = folder(tmp_path)
    mend(tmp_path / "protocol.yaml", "volume_ul: 1000}", "volume_ul: $share_ul}")
    mend(tmp_path / "protocol.yaml", "parameters:", "parameters:\n  share_ul: {low: 200, high: 3990}")
    mend(campaign, "maximize", "initial: 1\nmaximize")

    code, said = checked(campaign)

    assert code == 0  # little stays in the vial, which is a warning
    assert "volume_ul=3990 leaves 10 µl in vial" in said
    assert "(at share_ul=3990, " in said


def test_an_end_that_fails_fails_the_campaign(tmp_path: Path) -> None:
    campaign = folder(tmp_path, CAMPAIGN + "space: {fire_c: {low: 100, high: 301}}\n")

    code, said = checked(campaign)

    assert code == 1
    assert "parameter fire_c=301.0 is no number from 100 to 300 (at " in said


def test_a_budget_of_hours_that_is_too_short_is_a_warning_on_its_line(tmp_path: Path) -> None:
    campaign = folder(tmp_path, CAMPAIGN.replace("hours: 60", "hours: 1"))

    code, said = checked(campaign, "--json")

    (finding,) = [each for each in json.loads(said)["findings"] if each["rule"] == "budget"]
    assert (code, finding["level"], finding["limit"]) == (0, "warning", 1)
    assert (finding["file"], finding["line"]) == (str(campaign), 5)


def test_what_is_wrong_with_lab_and_protocol_is_told_at_once(tmp_path: Path) -> None:
    campaign = folder(tmp_path)
    mend(tmp_path / "protocol.yaml", "volume_ul: 4000", "volume_ml: 4")
    mend(tmp_path / "lab.yaml", "volume_ml: 200", "volume_ml: plenty")

    code, said = checked(campaign)

    assert code == 1
    assert f"{tmp_path / 'protocol.yaml'}:12: " in said
    assert f"{tmp_path / 'lab.yaml'}:" in said


def test_a_question_that_the_protocol_does_not_answer_is_told_with_its_line(tmp_path: Path) -> None:
    campaign = folder(tmp_path, CAMPAIGN.replace("cup_mg", "beauty"))

    code, said = checked(campaign)

    assert code == 1
    assert f"{campaign}:4: maximize: no step measures 'beauty'" in said


def test_each_step_of_the_first_sample_is_explained(tmp_path: Path) -> None:
    code, said = checked(folder(tmp_path), "--explain")

    assert code == 0
    assert "dose 4000 µl water into vial with pump" in said


def test_a_bench_beside_a_campaign_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a campaign: it names its bench"):
        checked(folder(tmp_path), "--lab", str(FILES / "lab.yaml"))
