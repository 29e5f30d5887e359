"""A bad file gives clear errors that name file, field, what was found and what to do; nothing is created."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.__main__ import main

Edit = Callable[[dict[str, Any]], object]


def step(data: dict[str, Any], verb: str) -> dict[str, Any]:
    details = next(step[verb] for step in data["steps"] if verb in step)
    assert isinstance(details, dict)
    return details


LAB: dict[str, tuple[Edit, list[str]]] = {
    "a wrong unit": (lambda lab: lab["devices"]["arm"].update(speed_mm_per_s="150 mm/s"), ["devices.arm.speed_mm_per_s", "150 mm/s"]),
    "not a number": (lambda lab: lab["devices"]["pipette"].update(syringe_ul=float("nan")), ["syringe_ul", "finite"]),
    "an unknown model": (lambda lab: lab["devices"]["furnace"].update(model="nabertherm"), ["devices.furnace", "nabertherm", "eurotherm_2416"]),
    "a misspelt field": (lambda lab: lab["devices"]["probe"].update(max_curent_a=1), ["devices.probe.max_curent_a", "misspelt"]),
    "a missing field": (lambda lab: lab["devices"]["furnace"].pop("max_temperature_c"), ["devices.furnace.max_temperature_c", "required"]),
    "a place out of reach": (lambda lab: lab["sites"]["stage"].update(origin_mm=[400, 0, 12]), ["stage", "400"]),
    "a camera on no site": (lambda lab: lab["devices"]["top_camera"].update(sees=["mars"]), ["top_camera", "mars", "booth"]),
    "two lines on one name": (lambda lab: lab["devices"]["pipette"]["valve"].update({9: "p3ht"}), ["p3ht", "two valve ports"]),
    "labware nobody knows": (lambda lab: lab["sites"]["booth"].update(holds="bucket"), ["sites.booth.holds", "bucket", "vial-8ml"]),
}  # fmt: skip
PROTOCOL: dict[str, tuple[Edit, list[str]]] = {
    "hotter than the furnace": (lambda recipe: step(recipe, "heat").update(to_c=380), ["heat", "to_c=380", "350"]),
    "an unknown device": (lambda recipe: step(recipe, "dose").update({"with": "robot9"}), ["dose", "robot9", "pipette"]),
    "a formula that imports": (lambda recipe: step(recipe, "heat").update(to_c="$__import__('os')"), ["heat.to_c", "not allowed"]),
    "a parameter nobody declared": (lambda recipe: step(recipe, "heat").update(hold_min="$anneal_h"), ["heat", "anneal_h", "anneal_min"]),
    "steps in a circle": (lambda recipe: recipe["steps"][0].update(after=["cast"]), ["circle", "dose", "cast"]),
    "a spill": (lambda recipe: step(recipe, "dose").update(volume_ul=9000), ["dose", "9000", "7800", "spill"]),
    "two verbs in a step": (lambda recipe: recipe["steps"][0].update(wash={"with": "pipette", "liquid": "chlorobenzene", "to": "waste", "volume_ul": 1}), ["steps.0", "one verb"]),
    "a look that expects nothing": (lambda recipe: recipe["steps"][5].pop("expect"), ["look", "expect"]),
    "a mixture that cannot sum to one": (lambda recipe: recipe["parameters"]["blend"].update(minimum={"p3ht": 0.7, "mwnt": 0.6}), ["parameters.blend", "never to 1"]),
    "a film hotter than its plate bears": (lambda recipe: recipe["vessels"]["film"].update(labware="foil"), ["foil"]),
}  # fmt: skip
CAMPAIGN: dict[str, tuple[Edit, list[str]]] = {
    "fractions that cannot be": (lambda question: question.update(constraints=["blend.p3ht >= 0.7", "blend.mwnt >= 0.6"]), ["constraints", "blend.p3ht", "blend.mwnt"]),
    "a constraint that is code": (lambda question: question.update(constraints=["__import__('os').getcwd() >= 1"]), ["constraints.0", "not allowed"]),
    "nothing measured": (lambda question: question.update(maximize="hardness"), ["maximize", "hardness", "conductivity_s_per_cm"]),
    "a fixed value out of bounds": (lambda question: question["fix"].update(anneal_c=900), ["fix.anneal_c", "900", "200"]),
    "a fixed part that is no part": (lambda question: question["fix"].update(blend={"gold": 0.1}), ["fix.blend", "gold", "p3ht"]),
    "no budget": (lambda question: question.pop("budget"), ["budget", "required"]),
    "an unknown strategy": (lambda question: question.update(strategy="astrology"), ["astrology", "log_ei"]),
    "a missing lab file": (lambda question: question.update(lab="nowhere.yaml"), ["nowhere.yaml", "cannot be read"]),
}  # fmt: skip
CASES = [
    pytest.param(file, edit, words, id=f"{file}: {name}")
    for file, cases in (("lab", LAB), ("protocol", PROTOCOL), ("campaign", CAMPAIGN))
    for name, (edit, words) in cases.items()
]


def refuse(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Run the campaign in a folder; return what was said, having checked that nothing was made."""
    monkeypatch.chdir(folder)
    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(sys, "argv", ["athanor", "campaign", "run", "campaign.yaml"])
    with pytest.raises(SystemExit) as ended:
        main()
    captured = capsys.readouterr()
    assert ended.value.code not in (0, None)
    assert sorted(folder.rglob("*")) == before
    assert "Traceback" not in captured.out + captured.err
    return captured.out + captured.err


@pytest.fixture
def folder(film_bench: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(film_bench, tmp_path / "bench"))


@pytest.mark.parametrize(("file", "edit", "words"), CASES)
def test_a_bad_field_is_named(
    file: str,
    edit: Edit,
    words: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = folder / f"{file}.yaml"
    data = yaml.safe_load(path.read_text())
    edit(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False))

    said = refuse(folder, monkeypatch, capsys)

    assert all(word in said for word in words), said
    assert f"{file}.yaml" in said or "nowhere.yaml" in said


@pytest.mark.parametrize(
    "text",
    [
        "{a: [1, 2",
        "- just\n- a list\n",
        "\x00\x01\x02",
        "a: &x 1\nb: *x\n",
        "bench: a\nbench: b\n",
        "? [1]\n: 2\n",
        "!!python/object/apply:os.system [true]\n",
    ],
)
def test_what_is_no_plain_yaml_is_named(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lab.yaml").write_text(text)

    assert "lab.yaml" in refuse(folder, monkeypatch, capsys)
