"""What the README shows can be typed: its commands exist, take these options and name files that are there."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from console.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
COMMANDS = [line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines() if line.startswith("$ ")]
ATHANOR = [command for command in COMMANDS if command.startswith("athanor ")]


def understand(words: list[str]) -> None:
    """Let the command line parse words, as far as calling what they name."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    command.make_context(command.name, words)


@pytest.mark.parametrize("command", ATHANOR)
def test_the_command_line_understands_the_readme(command: str) -> None:
    understand(shlex.split(command)[1:])


def test_a_command_with_a_misspelt_option_would_be_noticed() -> None:
    with pytest.raises(Exception, match="No such option"):
        understand(["check", "protocol.yaml", "--lab", "lab.yaml", "--sampels", "8"])


def test_the_check_of_the_readme_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    check = next(command for command in ATHANOR if command.startswith("athanor check"))

    app(shlex.split(check)[1:], standalone_mode=False)


def test_every_make_target_of_the_readme_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert {command.split()[1] for command in COMMANDS if command.startswith("make ")} <= set(targets)


def test_every_file_that_the_readme_names_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    examples = re.findall(r"examples/[\w/.]+", README)

    assert [path for path in (*linked, *examples) if not (ROOT / path).exists()] == []
