"""Commands around protocols: schema for editors, explanation, answers, import."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
import yaml
from typer.testing import CliRunner

from console.cli import app
from planning.errors import Refused
from planning.protocol.steps import VERBS

FILES = Path(__file__).parents[1] / "planning" / "protocol" / "files"
Edit = Callable[[dict[str, Any]], object]


def athanor(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit | typer.Exit):
        raise result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("kind", ["protocol", "lab", "campaign"])
def test_the_schema_accepts_the_example(film_bench: Path, kind: str) -> None:
    schema = json.loads(athanor("schema", kind)[1])

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load((film_bench / f"{kind}.yaml").read_text()), schema)


@pytest.mark.parametrize(
    "edit",
    [
        lambda recipe: recipe["steps"][0]["dose"].update(volum_ul=3),
        lambda recipe: recipe["steps"][4]["heat"].update(hold_min=-1),
        lambda recipe: recipe["steps"][0].update(bake={}),
    ],
)
def test_the_schema_refuses_what_the_models_refuse(film_bench: Path, edit: Edit) -> None:
    schema = json.loads(athanor("schema", "protocol")[1])
    recipe = yaml.safe_load((film_bench / "protocol.yaml").read_text())
    edit(recipe)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(recipe, schema)


def test_every_verb_is_described_for_editors() -> None:
    schema = json.loads(athanor("schema", "protocol")[1])

    assert set(VERBS.values()) <= set(schema["$defs"]["Step"]["properties"])
    assert all(part.get("description") or "enum" in part for part in schema["$defs"].values())


def test_check_explains(film_bench: Path) -> None:
    code, said = athanor("check", film_bench / "protocol.yaml", "--lab", film_bench / "lab.yaml", "--explain")

    assert code == 0
    assert "Carry film from casting to chamber, then heat 1 vessel in furnace to 140 °C" in said


@pytest.mark.parametrize("command", ["check", "dry-run"])
def test_a_protocol_without_a_bench_is_told_of_the_option(film_bench: Path, command: str) -> None:
    with pytest.raises(Refused, match=r"Add --lab lab\.yaml"):
        athanor(command, film_bench / "protocol.yaml")


def test_a_finding_in_a_file_that_is_taken_in_is_told_there(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        "protocol: inner\nvessels: {vial: {labware: vial-20ml}}\nsteps:\n  - wait: {for_min: 1}\n"
        "  - weigh: {what: vial, at: mars, with: balance, as: m}\n"
    )
    (tmp_path / "outer.yaml").write_text(
        "protocol: outer\nvessels: {vial: {labware: vial-20ml, from: vials}}\nprotocols: {inner: inner.yaml}\n"
        "steps:\n  - use: {protocol: inner}\n"
    )

    code, said = athanor("check", tmp_path / "outer.yaml", "--lab", FILES / "workbench.yaml")

    assert code == 1
    assert f"{tmp_path / 'inner.yaml'}:5: step weigh: no site is called 'mars'" in said


def test_a_run_keeps_the_protocols_that_its_own_uses(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        "protocol: inner\nvessels: {vial: {labware: vial-20ml}}\nsteps:\n  - wait: {for_min: 1}\n"
    )
    (tmp_path / "outer.yaml").write_text(
        "protocol: outer\nvessels: {vial: {labware: vial-20ml, from: vials}}\nprotocols: {inner: inner.yaml}\n"
        "steps:\n  - use: {protocol: inner}\n  - ask: {question: 'Sure?', answers: [yes, no], as: sure, if_silent: no}\n"
    )
    run = tmp_path / "run"

    code, said = athanor(
        "dry-run", tmp_path / "outer.yaml", "--lab", FILES / "workbench.yaml", "--no-vision", "--out", run,
        "--answer", "sure=no",
    )  # fmt: skip

    assert code == 0, said
    assert (run / "inner.yaml").exists()
    assert athanor("answer", run) == (0, "no questions wait\n")


def test_an_answer_to_nothing_is_refused(film_bench: Path) -> None:
    with pytest.raises(Refused, match="no step asks for 'sure'"):
        athanor("dry-run", film_bench / "protocol.yaml", "--lab", film_bench / "lab.yaml", "--answer", "sure=no")


def test_an_import_that_is_not_complete_ends_with_its_own_code(tmp_path: Path) -> None:
    out = tmp_path / "protocol.yaml"

    code, said = athanor(
        "import-xdl",
        FILES / "recipe.xdl",
        "--lab",
        FILES / "workbench.yaml",
        "--out",
        out,
        "--stock",
        "printer's ink=ink",
    )

    assert code == 4
    assert "recipe.xdl:26: Evaporate" in said
    assert "#   line 26: Evaporate" in out.read_text(encoding="utf-8")
    assert athanor("check", out, "--lab", FILES / "workbench.yaml")[0] == 0
