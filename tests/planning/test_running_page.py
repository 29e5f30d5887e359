"""docs/running.md says what is so: its examples are read, its table is compared with the rules."""

import re
from pathlib import Path

import pytest
import yaml

from planning.operating import Operating
from planning.recovery import decide
from planning.rules import Act, StepRules
from planning.troubles import Trouble
from planning.words import Kind
from robot.config import LabConfig

PAGE = (Path(__file__).parents[2] / "docs" / "running.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = [block for block in BLOCKS if not block.startswith("# in protocol.yaml")]
ROWS = re.findall(r"^\| (`[^|]*`) \|[^|]*\| ([^|]*) \| ?([^|]*) ?\|$", PAGE, re.MULTILINE)
DEVICES = """
  xrd: {model: powder_diffractometer, port: /dev/ttyUSB9}
  doser: {model: powder_doser, port: /dev/ttyUSB8, hoppers: {1: salt}}
sites:
  holder: {origin_mm: [200, 0, 20], holds: glass-25mm, inside: xrd}
"""


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_page_are_read(example: str, film_bench: Path, tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    lab = (film_bench / "lab.yaml").read_text().replace("\nsites:", DEVICES.rstrip(), 1)
    path.write_text(f"{lab}powders: {{salt: {{phase: LiCl, mass_g: 10}}}}\n{example}")

    found = Operating.load(path, LabConfig.load(path))

    assert found.model_fields_set == set(yaml.safe_load(example))


def test_rules_of_a_protocol_are_read() -> None:
    (rules,) = set(BLOCKS) - set(EXAMPLES)

    assert StepRules.model_validate(yaml.safe_load(rules)).recovery[0].step == ["inspect"]


def test_the_table_of_the_page_has_every_kind_with_what_is_done() -> None:
    told = {kind: (row[1], row[2]) for row in ROWS for kind in re.findall(r"`([^`]*)`", row[0]) if kind in list(Kind)}

    assert set(told) == set(Kind)
    for kind in Kind:
        built_in = decide(Trouble(kind, "look", is_untouched=True, is_repeatable=True), [], {}).act
        assert told[kind][0].startswith(built_in), kind
        assert (Act.ASK in told[kind][1]) is (kind not in (Kind.MISSING, Kind.IN_DOUBT, Kind.OUT_OF_CONTROL)), kind
