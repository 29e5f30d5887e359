"""What the page on protocols shows is what the models take."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from planning.preflight import Preflight
from planning.protocol import Protocol, Step
from planning.protocol.steps import VERBS

PAGE = (Path(__file__).parents[3] / "docs" / "writing-protocols.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE))


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_understood(block: str) -> None:
    data = yaml.safe_load(block)

    if isinstance(data, list):
        TypeAdapter(list[Step]).validate_python(data)
    else:
        Protocol.model_validate(data)


def test_every_verb_has_its_row() -> None:
    assert set(ROWS) == set(VERBS.values())


@pytest.mark.parametrize(("field", "verb"), VERBS.items())
def test_a_row_names_every_field_of_its_verb(field: str, verb: str) -> None:
    annotation: Any = Step.model_fields[field].annotation
    fields = {info.alias or name for name, info in annotation.__args__[0].model_fields.items()}

    assert set(re.findall(r"\w+", ROWS[verb])) - {"or", "with"} == fields - {"with"}


def test_the_first_example_passes_its_check(workbench: Any) -> None:
    from console.checking import preflight

    result: Preflight = preflight(workbench, Protocol.model_validate(yaml.safe_load(BLOCKS[0])), [{}] * 3)

    assert result.passed, result.findings


def test_the_example_in_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)

    exec(compile(code, "page", "exec"), {})

    assert Protocol.model_validate(yaml.safe_load(capsys.readouterr().out)).protocol == "salt"
