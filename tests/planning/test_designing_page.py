"""docs/designing.md says what is so: its Python runs, its files are read, its strategies are those there are."""

import re
from pathlib import Path

import yaml

from planning.campaign import Campaign
from planning.design.catalogue import AUTO, NAMES
from planning.design.question import TableQuestion
from planning.protocol.document import Protocol

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/designing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
YAML = [text for language, text in BLOCKS if language == "yaml"]


def test_its_python_runs() -> None:
    (code,) = (text for language, text in BLOCKS if language == "python")

    exec(compile(code, "docs/designing.md", "exec"), {})


def test_its_campaign_is_understood() -> None:
    campaign = Campaign.model_validate(yaml.safe_load(YAML[0]))

    space = campaign.space_for(Protocol.load(ROOT / "examples/film_bench/protocol.yaml"), ROOT / "docs/designing.md")

    assert not space.is_plain
    assert set(space.steps) == {"anneal_c"}


def test_its_question_is_understood() -> None:
    assert TableQuestion.model_validate(yaml.safe_load(YAML[1])).goals()[0].name == "toughness"


def test_every_strategy_is_named_and_no_other() -> None:
    table = PAGE[PAGE.index("| the model's |") : PAGE.index("All keep their promises")]

    assert set(re.findall(r"`(\w+)`", table)) == set(NAMES) - {AUTO}
