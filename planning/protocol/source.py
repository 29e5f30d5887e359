"""The files behind a protocol: read with the files they name, and asked on which line something stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from planning.protocol.consistency import Inconsistent
from robot.files import FileProblem, Problem, line_of, load_yaml, problems_of

Document = TypeVar("Document", bound=BaseModel)
Location = Sequence[str | int]


@dataclass(frozen=True)
class Source:
    """A file and those that it takes in, by the name under which it does."""

    path: Path
    data: dict[str, Any]
    node: yaml.Node
    included: Mapping[str, "Source"] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, above: Sequence[Path] = ()) -> "Source":
        """Read a file and all it names.

        Raises:
            FileProblem: one cannot be read, is not beside the first, or takes itself in.
        """
        data, node = load_yaml(path)
        inner = data.get("protocols")
        named = {name: file for name, file in inner.items() if isinstance(file, str)} if isinstance(inner, dict) else {}
        included = {}
        for name, file in named.items():
            where = f"protocols.{name}"
            line = line_of(node, ("protocols", name))
            if PurePosixPath(file).is_absolute() or ".." in PurePosixPath(file).parts:
                raise FileProblem(path, [Problem(where, f"{file} is not beside this file", "Move it here", line)])
            target = path.parent / file
            if target in (*above, path):
                raise FileProblem(path, [Problem(where, f"{file} takes itself in", "Break the circle", line)])
            if not target.exists():
                raise FileProblem(path, [Problem(where, f"{file} does not exist", "Correct the name", line)])
            included[name] = cls.read(target, (*above, path))
        return cls(path, data, node, included)

    def where(self, location: Location) -> tuple[Path, int]:
        """In which file, and on which line of it, a part of the document stands."""
        if len(location) >= 2 and location[0] == "protocols" and (inner := self.included.get(str(location[1]))):
            return inner.where(location[2:])
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
        if self.included:
            taken_in = {name: inner.validated(model) for name, inner in self.included.items()}
            data["protocols"] = data["protocols"] | taken_in
        try:
            return model.model_validate(data)
        except ValidationError as err:
            raise FileProblem(self.path, list(self._problems(err, data))) from err

    def _problems(self, error: ValidationError, data: dict[str, Any]) -> list[Problem]:
        told = problems_of(error, data, self.node)
        problems = []
        for detail, plain in zip(error.errors(include_url=False), told, strict=True):
            cause = detail.get("ctx", {}).get("error")
            if isinstance(cause, Inconsistent):
                problems += [
                    Problem(".".join(map(str, found.location)), found.what, "", self.where(found.location)[1])
                    for found in cause.found
                ]
            else:
                problems.append(plain)
        return problems


def load_protocol(model: type[Document], path: Path) -> Document:
    """Read a protocol with the files it names.

    Raises:
        FileProblem: everything that is wrong, with file and line.
    """
    return Source.read(path).validated(model)
