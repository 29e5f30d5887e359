"""docs/adding-a-device.md shows code that stands in the repository, and commands that exist."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from console.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-device.md").read_text(encoding="utf-8")
QUOTES = re.findall(r"^```python\n# (\S+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^\$ athanor (.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("path", "code"), QUOTES)
def test_the_code_shown_stands_in_the_repository(path: str, code: str) -> None:
    assert code in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_line_understands_the_page(line: str) -> None:
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]

    command.make_context(command.name, words)


def test_the_transcript_shown_is_the_models() -> None:
    shown = re.search(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert shown is not None

    assert shown[1] in (ROOT / "tests" / "transcripts" / "yudian_ai518p.txt").read_text(encoding="utf-8")


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:robot|hardware_sim|tests|docs)/[\w/.]+)`", PAGE)

    assert [path for path in named if not (ROOT / path).exists()] == []
