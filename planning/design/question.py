"""The design question as people write it: what may vary, what is wanted of it, and how to look for it.

It stands in a campaign file beside the bench and the recipe, or alone, to be answered from a table.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from planning.design import catalogue
from planning.design.described import MixtureOf, Numbers, OneOf, fixed_of, understood
from planning.design.designer import Designer
from planning.design.earlier import earlier_results
from planning.design.objective import Objective, OutcomeLimit
from planning.design.space import LinearConstraint, Space
from planning.protocol.expressions import BadExpression, linear_constraint, names_in, names_in_condition
from robot.config import Strict
from robot.files import FileProblem, Problem, load_document

Quantity = Annotated[str, Field(min_length=1, max_length=100)]
"""What a figure is called: by a measure step, or at the head of a table's column."""


def _check_constraint(text: str) -> str:
    if not _is_linear(text):
        names_in_condition(text)
    return text


def _check_limit(text: str) -> str:
    outcome_limit(text)
    return text


def _check_cost(text: str) -> str:
    if text:
        names_in(text)
    return text


class Goal(Strict):
    """A measured figure, and what is wanted of it: the largest, the smallest, or one from low to high."""

    maximize: Quantity | None = None
    minimize: Quantity | None = None
    aim: Quantity | None = Field(
        default=None, description="a figure to bring between low and high; equal ones are a target"
    )
    low: float | None = None
    high: float | None = None
    scale: Literal["linear", "log"] = "linear"
    noise: float = Field(default=0.0, ge=0, description="known scatter between replicates; decades on a log scale")
    unit: str = ""

    @model_validator(mode="after")
    def _wants_one_thing(self) -> Self:
        if sum(name is not None for name in (self.maximize, self.minimize, self.aim)) != 1:
            raise ValueError("say one of maximize, minimize or aim, with the name of a measured figure")
        if (self.aim is None) != (self.low is None and self.high is None):
            raise ValueError("low and high belong to aim, and aim needs them; for a target write the same for both")
        self.objective()
        return self

    def objective(self) -> Objective:
        """The same for the designer."""
        name = self.maximize or self.minimize or self.aim or ""
        return Objective(name, self.minimize is None, self.scale, self.noise, self.unit, self.low, self.high)


class Question(Strict):
    """What to vary, what to look for, and how."""

    space: dict[str, dict[str, Any]] = Field(
        default={}, description="what may vary; beside a recipe, how it is narrowed"
    )
    fix: dict[str, float | str | dict[str, float]] = {}
    constraints: list[Annotated[str, AfterValidator(_check_constraint)]] = Field(
        default=[], description="such as 'blend.p3ht >= 0.15' or 'anneal_c * anneal_min < 6000 or solvent == water'"
    )
    maximize: Quantity | None = None
    minimize: Quantity | None = None
    scale: Literal["linear", "log"] = "linear"
    noise: float = Field(default=0.0, ge=0, description="known scatter between replicates; decades on a log scale")
    objectives: list[Goal] = Field(default=[], description="several, or one to aim at, instead of maximize or minimize")
    limits: list[Annotated[str, AfterValidator(_check_limit)]] = Field(
        default=[], description="what else must come out, such as 'roughness_nm <= 20'"
    )
    cost: Annotated[str, AfterValidator(_check_cost)] = Field(
        default="", description="of a sample, such as '2 + 0.1 * anneal_min'; cheaper ones are preferred"
    )
    initial: int | None = Field(
        default=None, ge=1, description="samples spread over the space before the model is asked"
    )
    history: list[Path] = Field(default=[], description="tables of earlier results, told before anything is asked")
    strategy: str = catalogue.AUTO
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        told = [name is not None for name in (self.maximize, self.minimize)] + [bool(self.objectives)]
        if sum(told) != 1:
            raise ValueError(
                "say one of maximize, minimize or objectives, with names that a measure step gives its result"
            )
        if self.strategy not in catalogue.NAMES:
            raise ValueError(f"no strategy is called {self.strategy!r}; there are {', '.join(catalogue.NAMES)}")
        names = [goal.name for goal in self.goals()]
        if len(set(names)) < len(names):
            raise ValueError("two objectives are of one figure; name each once")
        return self

    def goals(self) -> list[Objective]:
        """What is wanted, the first objective first."""
        if self.objectives:
            return [goal.objective() for goal in self.objectives]
        name = self.maximize or self.minimize or ""
        return [Objective(name, self.maximize is not None, self.scale, self.noise, unit_of(name))]

    def outcome_limits(self) -> list[OutcomeLimit]:
        """What else must come out."""
        return [outcome_limit(text) for text in self.limits]

    def designer(self, space: Space, path: Path) -> Designer:
        """Who answers it.

        Raises:
            FileProblem: the strategy does not serve this space or so many objectives; or a table of earlier results
                cannot be told.
        """
        try:
            designer = Designer(
                space, self.goals(), self.strategy, self.seed,
                initial=self.initial, limits=self.outcome_limits(), cost=self.cost,
            )  # fmt: skip
        except ValueError as err:
            raise FileProblem(
                path, [Problem("strategy", str(err), "Choose another strategy, or correct the cost")]
            ) from err
        for table in self.history:
            try:
                designer.tell(earlier_results(path.parent / table, designer))
            except ValueError as err:
                raise FileProblem(path, [Problem("history", str(err), "Mend the table")]) from err
        return designer

    def space_of(
        self,
        path: Path,
        given: Mapping[str, Mapping[str, Any]] | None = None,
        pool: Sequence[Mapping[str, float | str]] | None = None,
    ) -> Space:
        """What may be proposed.

        Args:
            path: the file that asks; tables of descriptors are named relative to it.
            given: parameters of a recipe, which `space` narrows.
            pool: the only points, if there is one.

        Raises:
            FileProblem: a parameter cannot be understood, or nothing is left.
        """
        merged = {
            name: {**(given or {}).get(name, {}), **self.space.get(name, {})}
            for name in {**(given or {}), **self.space}
        }
        parameters = understood(path, merged)
        linear = [text for text in self.constraints if _is_linear(text)]
        numbers = {name: each for name, each in parameters.items() if isinstance(each, Numbers)}
        choices = {name: each for name, each in parameters.items() if isinstance(each, OneOf)}
        try:
            return Space(
                ranges={name: (each.low, each.high) for name, each in numbers.items() if each.step is None},
                mixtures={name: each.mixture for name, each in parameters.items() if isinstance(each, MixtureOf)},
                fixed=fixed_of(self.fix),
                constraints=[LinearConstraint(*linear_constraint(text)) for text in linear],
                pool=pool,
                steps={name: each.values for name, each in numbers.items() if each.step is not None}
                | {name: sorted(map(float, each.one_of)) for name, each in choices.items() if not each.has_words},
                categories={name: each.category(path.parent) for name, each in choices.items() if each.has_words},
                conditions=[text for text in self.constraints if text not in linear],
            )
        except ValueError as err:
            remedy = "Widen the constraints, or the parameters"
            raise FileProblem(
                path, [Problem("constraints" if self.constraints else "space", str(err), remedy)]
            ) from err


class TableQuestion(Question):
    """A question that stands alone, to be answered from a table."""

    question: str = Field(min_length=1)
    budget: int = Field(default=30, ge=1, le=100_000, description="samples")
    batch: int = Field(default=1, ge=1, le=96)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a file; raise FileProblem with everything that is wrong."""
        return load_document(cls, path)


def outcome_limit(text: str) -> OutcomeLimit:
    """Read a limit of a figure.

    >>> outcome_limit("roughness_nm <= 20")
    OutcomeLimit(name='roughness_nm', low=-inf, high=20.0)

    Raises:
        BadExpression: it compares no single figure with a number.
    """
    coefficients, low, high = linear_constraint(text)
    ((name, size), *others) = coefficients.items()
    if others or size == 0 or low == high:
        raise BadExpression(f"{text!r} is no limit of one figure; write for example 'roughness_nm <= 20'")
    ends = sorted((low / size, high / size))
    return OutcomeLimit(name, ends[0], ends[1])


def unit_of(name: str) -> str:
    """The unit that the name of a figure wears, for sentences.

    >>> unit_of("conductivity_s_per_cm"), unit_of("hardness")
    ('S/cm', '')
    """
    unit = re.sub(r"^conductivity_", "", name).replace("_per_", "/").replace("s/cm", "S/cm")
    return unit if "/" in unit else ""


def _is_linear(text: str) -> bool:
    try:
        linear_constraint(text)
    except BadExpression:
        return False
    return True
