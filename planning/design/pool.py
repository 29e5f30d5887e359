"""Tables of candidates: rows by column name, or a CSV file."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Cell = float | str


def read_rows(path: Path) -> list[dict[str, Cell]]:
    """The rows of a CSV file; a column is numbers if all its cells are, those that are empty being NaN.

    Raises:
        ValueError: the file cannot be read, or its rows are of unequal length.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in csv.reader(file) if line]
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise ValueError(f"{path} cannot be read as a table: {err}; write comma-separated values") from err
    if len(lines) < 2:
        raise ValueError(f"{path} holds no rows; write a row of names, then a row for each point")
    names = [name.strip() for name in lines[0]]
    for number, line in enumerate(lines, start=1):
        if len(line) != len(names):
            raise ValueError(f"{path}:{number}: has {len(line)} cells, the first row names {len(names)}; mend the row")
    numbers = {name for at, name in enumerate(names) if all(_is_number(line[at]) for line in lines[1:])}
    return [
        {
            name: float(cell or "nan") if name in numbers else cell.strip()
            for name, cell in zip(names, line, strict=True)
        }
        for line in lines[1:]
    ]


def read_pool(
    table: Path | str | Sequence[Mapping[str, Cell]], inputs: Sequence[str] | None
) -> tuple[list[dict[str, Any]], dict[str, tuple[str, ...]]]:
    """The parameters of each row of a table, and the words of each column that is none of numbers.

    Raises:
        ValueError: the table is no table, or lacks a column.
    """
    rows = read_rows(Path(table)) if isinstance(table, Path | str) else [dict(row) for row in table]
    if not rows:
        raise ValueError("a pool needs a row")
    names = list(rows[0]) if inputs is None else list(inputs)
    for number, row in enumerate(rows, start=1):
        if missing := [name for name in names if name not in row]:
            raise ValueError(f"row {number} of the pool lacks {', '.join(missing)}; it has {', '.join(row)}")
    words = {name: tuple(dict.fromkeys(str(row[name]) for row in rows))
             for name in names if any(isinstance(row[name], str) for row in rows)}  # fmt: skip
    return [{name: str(row[name]) if name in words else float(row[name]) for name in names} for row in rows], words


def _is_number(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True
