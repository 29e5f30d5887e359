"""Reading YAML files written by people, and telling them exactly what is wrong and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from robot.strict import NAME_PATTERN

Document = TypeVar("Document", bound=BaseModel)
MAX_FILE_BYTES = 5_000_000
MAX_DEPTH = 50
"""Brackets within brackets; reading takes time by the square of them."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was found, what to do."""

    field: str
    what: str
    remedy: str = ""
    line: int | None = None


class FileProblem(Exception):
    """A file that cannot be used, with every reason at once; nothing was done with it."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """One line a problem, as `file:line: field: what. → remedy`."""
        return [
            f"{self.path}{f':{problem.line}' if problem.line else ''}: "
            + (f"{problem.field}: " if problem.field else "")
            + problem.what
            + (f"\n   → {problem.remedy}" if problem.remedy else "")
            for problem in self.problems
        ]


class _Loader(yaml.SafeLoader):
    """Safe YAML 1.1 without its two traps: `no` stays a word where a word is wanted, a key stands once."""


def _mapping_once(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, list | dict):
            raise yaml.constructor.ConstructorError(None, None, "a key must be a word or a number", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands here twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


def load_yaml(path: Path) -> tuple[dict[str, Any], yaml.Node]:
    """Read a YAML mapping; return it with its node tree, which knows the lines.

    Raises:
        FileProblem: the file is absent, too large, no text, no YAML or no mapping.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FileProblem(path, [Problem("", f"larger than {MAX_FILE_BYTES} bytes", "Is this the right file?")])
        text = path.read_text(encoding="utf-8")
    except OSError as err:
        raise FileProblem(path, [Problem("", f"cannot be read: {err.strerror}", "Check the path")]) from err
    except UnicodeDecodeError as err:
        raise FileProblem(path, [Problem("", "is not UTF-8 text", "Is this the right file?")]) from err
    if _depth(text) > MAX_DEPTH:
        raise FileProblem(
            path, [Problem("", f"has more than {MAX_DEPTH} brackets within each other", "Write it flatter")]
        )
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise FileProblem(path, [Problem("", "uses YAML aliases (*name)", "Write the value out")])
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with stricter keys
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as err:
        mark = getattr(err, "problem_mark", None)
        what = getattr(err, "problem", None) or str(err).splitlines()[0]
        line = mark.line + 1 if mark else None
        raise FileProblem(path, [Problem("", f"is not readable YAML: {what}", "Mend the line", line)]) from err
    if not isinstance(data, dict) or node is None:
        raise FileProblem(path, [Problem("", "holds no fields", "Write `name: value` lines")])
    return data, node


def _depth(text: str) -> int:
    """How many brackets are open at the most.

    >>> _depth("a: [[1], {b: 2}]")
    2
    """
    return max(accumulate(_STEPS.get(letter, 0) for letter in text), default=0)


_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def line_of(node: yaml.Node, location: Sequence[str | int]) -> int:
    """Find the line (from 1) on which a field stands, or the nearest enclosing one."""
    line = node.start_mark.line
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                continue  # a tag of a union, or a missing field
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
    return line + 1


def with_lines(path: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems of a file that has been read, each with the line on which its field stands."""
    node = load_yaml(path)[1]
    return [replace(problem, line=line_of(node, problem.field.split("."))) for problem in problems]


def load_document(model: type[Document], path: Path) -> Document:
    """Read a file into a model.

    Raises:
        FileProblem: every field that is wrong, with its line.
    """
    data, node = load_yaml(path)
    try:
        return model.model_validate(data)
    except ValidationError as err:
        raise FileProblem(path, problems_of(err, data, node)) from err


def check_section(model: type[BaseModel], path: Path, section: str) -> None:
    """Check one section of a file against a model that the file's own does not know.

    Raises:
        FileProblem: every field that is wrong, with its line.
    """
    data, node = load_yaml(path)
    try:
        model.model_validate(data.get(section, {}))
    except ValidationError as err:
        inner = next((value for key, value in getattr(node, "value", []) if key.value == section), node)
        found = problems_of(err, data.get(section, {}), inner)
        problems = [replace(problem, field=f"{section}.{problem.field}") for problem in found]
        raise FileProblem(path, problems) from err


def problems_of(error: ValidationError, data: Mapping[str, Any], node: yaml.Node) -> list[Problem]:
    """Say in plain words what pydantic found."""
    problems = []
    for detail in error.errors(include_url=False):
        location = _without_tags(detail["loc"], data)
        found = detail["input"]
        what = in_plain_words(detail)
        if detail["type"] not in {"missing", "value_error"} and not isinstance(found, dict | list | BaseModel):
            what += f" (found {found!r})"
        remedy = _REMEDIES.get(detail["type"], "")
        problems.append(Problem(".".join(map(str, location)), what, remedy, line_of(node, location)))
    return problems


def in_plain_words(detail: Mapping[str, Any]) -> str:
    """What is wrong with a field, without the words of the library that found it.

    >>> in_plain_words({"type": "greater_than", "msg": "Input should be greater than 0", "ctx": {"gt": 0.0}})
    'should be greater than 0'
    """
    if detail.get("ctx", {}).get("pattern") == NAME_PATTERN:
        return "should be a name of small letters, digits and _, beginning with a letter"
    if detail["type"] in _WORDS:
        return _WORDS[detail["type"]].format(**detail.get("ctx", {}))
    what: str = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return what[:1].lower() + what[1:]


def _without_tags(location: Sequence[str | int], data: Any) -> list[str | int]:
    """Drop pydantic's names for the branches of a union: words that stand in the location but not in the file."""
    plain: list[str | int] = []
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        if isinstance(data, Mapping) and (part in data or is_last):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            continue
        plain.append(part)
    return plain


_WORDS = {
    "missing": "is required",
    "extra_forbidden": "no such field belongs here",
    "string_type": "should be a word; a number that is a name stands in quotes",
    "string_too_short": "should not be empty",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "bool_type": "should be yes or no",
    "bool_parsing": "should be yes or no",
    "dict_type": "should hold fields, as `name: value`",
    "model_type": "should hold fields, as `name: value`",
    "list_type": "should be a list, as `[one, two]`",
    "too_short": "should have {min_length} or more parts",
    "too_long": "should have {max_length} parts or fewer",
}
_REMEDIES = {
    "extra_forbidden": "Is the field misspelt? Correct it or leave it out",
    "missing": "Add the field",
    "union_tag_invalid": "Choose one of the expected values",
    "union_tag_not_found": "Add the field that says which kind this is",
    "finite_number": "Write a number",
}
