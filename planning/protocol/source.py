"""The files behind a protocol: read with the files they name, and asked on which line something stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from planning.protocol.consistency import Inconsistent
from planning.rules import StepRules
from robot.files import FileProblem, Problem, line_of, load_yaml, problems_of

Document = TypeVar("Document", bound=BaseModel)
Location = Sequence[str | int]
RULES = ("recovery",)


@dataclass(frozen=True)
class Source:
    """A file and those that it takes in, by the place at which it does: `protocols, anneal`, or `recovery`."""

    path: Path
    data: dict[str, Any]
    node: yaml.Node
    included: Mapping[tuple[str, ...], "Source"] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, above: Sequence[Path] = ()) -> "Source":
        """Read a file and all it names.

        Raises:
            FileProblem: one cannot be read, is not beside the first, or takes itself in.
        """
        data, node = load_yaml(path)
        included = {}
        for place, file in _named(data):
            where, line = ".".join(place), line_of(node, place)
            if PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts:
                raise FileProblem(path, [Problem(where, f"{file} is not beside this file", "Move it here", line)])
            target = path.parent / file
            if target in (*above, path):
                raise FileProblem(path, [Problem(where, f"{file} takes itself in", "Break the circle", line)])
            if not target.exists():
                raise FileProblem(path, [Problem(where, f"{file} does not exist", "Correct the name", line)])
            included[place] = cls.read(target, (*above, path))
        return cls(path, data, node, included)

    def where(self, location: Location) -> tuple[Path, int]:
        """In which file, and on which line of it, a part of the document stands."""
        for place, inner in self.included.items():
            if tuple(location[: len(place)]) == place:
                return inner.where(location if place == RULES else location[len(place) :])
        return self.path, line_of(self.node, location)

    def files(self) -> list[Path]:
        """All files, the first one first."""
        return list(dict.fromkeys([self.path, *(file for inner in self.included.values() for file in inner.files())]))

    def validated(self, model: type[Document]) -> Document:
        """The document that these files hold.

        Raises:
            FileProblem: everything that is wrong with one of them.
        """
        data = dict(self.data)
        for place, inner in self.included.items():
            if place == RULES:
                data |= {"recovery": inner.validated(StepRules).recovery}
            else:
                data["protocols"] = data["protocols"] | {place[1]: inner.validated(model)}
        try:
            return model.model_validate(data)
        except ValidationError as err:
            problems = self._problems(err, data)
            first = problems[0][0]
            raise FileProblem(first, [problem for path, problem in problems if path == first]) from err

    def _problems(self, error: ValidationError, data: dict[str, Any]) -> list[tuple[Path, Problem]]:
        """Everything that is wrong, each with its file."""
        told = problems_of(error, data, self.node)
        problems = []
        for detail, plain in zip(error.errors(include_url=False), told, strict=True):
            cause = detail.get("ctx", {}).get("error")
            if isinstance(cause, Inconsistent):
                for found in cause.found:
                    path, line = self.where(found.location)
                    problems.append((path, Problem(".".join(map(str, found.location)), found.what, "", line)))
            else:
                problems.append((self.path, plain))
        return problems


def _named(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Places at which a document names a file instead of what belongs there."""
    inner = data.get("protocols")
    for name, file in inner.items() if isinstance(inner, dict) else ():
        if isinstance(file, str):
            yield ("protocols", str(name)), file
    if isinstance(file := data.get("recovery"), str):
        yield RULES, file


def load_protocol(model: type[Document], path: Path) -> Document:
    """Read a protocol with the files it names.

    Raises:
        FileProblem: everything that is wrong, with file and line.
    """
    return Source.read(path).validated(model)
