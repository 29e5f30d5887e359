"""Parameters as people describe them in a file, and what that means for a space."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from planning.design.pool import read_rows
from planning.design.space import Category, Mixture
from robot.config import Name, Strict
from robot.files import FileProblem, Problem, in_plain_words

MOST_STEPS = 10_000


class Numbers(Strict):
    """A number between two limits; with a step only every so-many-th."""

    low: float
    high: float
    step: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low={self.low:g} lies above high={self.high:g}; swap them")
        if self.step is not None and (self.high - self.low) / self.step > MOST_STEPS:
            raise ValueError(f"step={self.step:g} makes more than {MOST_STEPS} values; widen it")
        return self

    @property
    def values(self) -> list[float]:
        """The values that it takes, if it has a step."""
        step = self.step or 1.0
        return [
            round(self.low + at * step, 12) for at in range(int(np.floor((self.high - self.low) / step + 1e-9)) + 1)
        ]


class OneOf(Strict):
    """One of some numbers, or of some words, which may have descriptors."""

    one_of: list[float] | list[str] = Field(min_length=1)
    descriptors: Path | None = Field(default=None, description="a table: the words, then a column for each figure")

    @property
    def has_words(self) -> bool:
        """Is it one of words?"""
        return isinstance(self.one_of[0], str)

    def category(self, folder: Path) -> Category:
        """The words; their descriptors stand in a table in a folder.

        Raises:
            ValueError: it is no such table.
        """
        words = [str(word) for word in self.one_of]
        if self.descriptors is None:
            return Category(words)
        rows = read_rows(folder / self.descriptors)
        key, *names = rows[0]
        if not names or any(isinstance(row[name], str) for row in rows for name in names):
            raise ValueError(f"{self.descriptors} needs a column of words, then columns of numbers only")
        return Category(words, {str(row[key]): {name: float(row[name]) for name in names} for row in rows})


class MixtureOf(Strict):
    """Fractions that sum to one."""

    mixture_of: list[Name] = Field(min_length=2)
    minimum: dict[Name, float] = {}
    maximum: dict[Name, float] = {}
    at_least: int = Field(default=1, ge=1, description="how many parts are there")
    at_most: int | None = Field(default=None, ge=1, description="how many parts may be there")
    minimum_if_present: float | dict[Name, float] = Field(default=0.0, description="of each part that is there")

    @property
    def mixture(self) -> Mixture:
        """The same for the designer."""
        least = self.minimum_if_present
        by_part = least if isinstance(least, dict) else dict.fromkeys(self.mixture_of, least)
        return Mixture(self.mixture_of, self.minimum, self.maximum, self.at_least, self.at_most, by_part)


Parameter = Numbers | OneOf | MixtureOf
KINDS: Mapping[str, type[Parameter]] = {"mixture_of": MixtureOf, "one_of": OneOf}


def understood(path: Path, merged: Mapping[str, Mapping[str, Any]]) -> dict[str, Parameter]:
    """Every parameter of a file, by its name.

    Raises:
        FileProblem: some cannot be understood; names all of them.
    """
    parameters, problems = {}, []
    for name, told in merged.items():
        kind = next((model for field, model in KINDS.items() if field in told), Numbers)
        try:
            parameters[name] = TypeAdapter(kind).validate_python({k: v for k, v in told.items() if k != "default"})
        except ValidationError as err:
            problems += [
                Problem(".".join(map(str, ("space", name, *detail["loc"]))), in_plain_words(dict(detail)),
                        "Write low and high, one_of, or mixture_of")
                for detail in err.errors(include_url=False)
            ]  # fmt: skip
    if problems:
        raise FileProblem(path, problems)
    return parameters


def fixed_of(fix: Mapping[str, float | str | Mapping[str, float]]) -> dict[str, float | str]:
    """What is settled, by flat name.

    >>> fixed_of({"anneal_c": 140.0, "blend": {"p3ht": 0.5}})
    {'anneal_c': 140.0, 'blend.p3ht': 0.5}
    """
    fixed: dict[str, float | str] = {}
    for name, value in fix.items():
        if isinstance(value, Mapping):
            fixed |= {f"{name}.{part}": float(share) for part, share in value.items()}
        else:
            fixed[name] = value
    return fixed
