"""Parameters of samples as people give them: on the command line, or a row a sample in a table."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planning.errors import Refused
from planning.protocol.document import Mixture, Protocol
from planning.protocol.handling import Ask
from planning.questions import Question
from robot.files import FileProblem, Problem

MOST_ROWS = 1000


def given_values(settings: Sequence[str], recipe: Protocol) -> dict[str, Any]:
    """Turn `name=value` and `name.part=value` into parameters; mixtures that have no default are shared out equally.

    Raises:
        Refused: a setting is not of that form.
    """
    values: dict[str, Any] = {}
    for setting in settings:
        put_setting(values, setting)
    for name, parameter in recipe.parameters.items():
        if name not in values and isinstance(parameter, Mixture) and parameter.default is None:
            values[name] = dict.fromkeys(parameter.mixture_of, 1 / len(parameter.mixture_of))
    return values


def given_answers(answers: Sequence[str], recipe: Protocol) -> dict[str, str]:
    """Turn `name=answer` into rehearsed answers.

    Raises:
        Refused: no step asks for that, or would understand this.
    """
    asked = {action.as_: action for action in recipe.actions() if isinstance(action, Ask)}
    given = {}
    for each in answers:
        name, _, text = each.partition("=")
        if name not in asked:
            raise Refused(f"--answer {each}: no step asks for {name!r}", f"There are {', '.join(asked) or 'none'}")
        Question(name, asked[name].question, asked[name].answers, name).understood(text)
        given[name] = text
    return given


def read_table(path: Path, recipe: Protocol) -> list[dict[str, Any]]:
    """Read a table of parameters: a column each (`anneal_c`, or `blend.p3ht` for a part of a mixture), a row a sample.

    An empty cell leaves a parameter at its default, a part of a mixture at none. A column `sample` is for people.

    Raises:
        FileProblem: everything that is wrong with it, each with its row and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise FileProblem(
            path, [Problem("", f"cannot be read as a table: {err}", "Write comma-separated values")]
        ) from err
    if len(rows) < 2:
        raise FileProblem(path, [Problem("", "holds no samples", "Write a row of names, then a row for each sample")])
    if len(rows) > MOST_ROWS + 1:
        raise FileProblem(path, [Problem("", f"holds {len(rows) - 1} samples", f"Give {MOST_ROWS} or fewer")])
    columns = [name.strip() for name in rows[0]]
    problems = _unknown_columns(columns, recipe)
    samples = []
    for line, row in enumerate(rows[1:], start=2):
        values, wrong = _sample(columns, row, recipe, line)
        samples.append(values)
        problems += wrong
    if problems:
        raise FileProblem(path, problems)
    return samples


def _unknown_columns(columns: Sequence[str], recipe: Protocol) -> list[Problem]:
    known = {"sample"}
    for name, parameter in recipe.parameters.items():
        known |= {f"{name}.{part}" for part in parameter.mixture_of} if isinstance(parameter, Mixture) else {name}
    there = ", ".join(sorted(known - {"sample"})) or "none"
    problems = [
        Problem(f"column {name or '(without a name)'}", "is no parameter of the protocol", f"There are {there}", 1)
        for name in columns
        if name not in known
    ]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    return problems + [Problem(f"column {name}", "stands there twice", "Leave one out", 1) for name in twice]


def _sample(
    columns: Sequence[str], row: Sequence[str], recipe: Protocol, line: int
) -> tuple[dict[str, Any], list[Problem]]:
    """One row's parameters, and what is wrong with them."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    if len(row) != len(columns):
        what = f"has {len(row)} cells, the first row names {len(columns)} columns"
        return {}, [Problem(f"row {line}", what, "Mend the row", line)]
    for name, cell in zip(columns, row, strict=True):
        if name == "sample" or not cell.strip():
            continue
        try:
            _put(values, name, float(cell))
        except ValueError:
            what = f"{cell!r} is no number"
            problems.append(Problem(f"row {line}, column {name}", what, "Write a number without a unit", line))
    for name, parameter in () if problems else recipe.parameters.items():
        if name not in values and parameter.default is not None:
            continue
        try:
            parameter.check(name, values.get(name))
        except Refused as err:
            problems.append(Problem(f"row {line}, column {name}", err.what, err.remedy, line))
    return values, problems


def put_setting(values: dict[str, Any], setting: str) -> None:
    """Set what `name=value` or `name.part=value` says; raise Refused if it is not of that form."""
    name, equals, text = setting.partition("=")
    try:
        _put(values, name, float(text))
    except ValueError:
        equals = ""
    if not equals:
        raise Refused(f"--set {setting}: not of the form name=number", "Write for example --set anneal_c=140")


def _put(values: dict[str, Any], name: str, value: float) -> None:
    """Set a parameter, or a part of a mixture."""
    whole, dot, part = name.partition(".")
    if dot:
        values.setdefault(whole, {})[part] = value
    else:
        values[name] = value
