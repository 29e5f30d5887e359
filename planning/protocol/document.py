"""`protocol.yaml`: the recipe, with its parameters. YAML and Python build the same frozen models."""

from collections.abc import Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, ValidationError, model_validator

from planning.errors import Refused
from planning.protocol.expressions import BadExpression, Values, evaluate, names_in
from planning.protocol.steps import Step
from robot.config import Name, Strict
from robot.files import load_document

SUM_TOLERANCE = 1e-6


class Range(Strict):
    """A number that a sample may choose."""

    low: float
    high: float
    default: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low={self.low:g} lies above high={self.high:g}; swap them")
        if self.default is not None and not self.low <= self.default <= self.high:
            raise ValueError(f"default={self.default:g} is outside {self.low:g} to {self.high:g}")
        return self

    def check(self, name: str, value: object) -> float:
        """Return the value if it lies within, else raise Refused."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise Refused(f"parameter {name}={value!r} is no number from {self.low:g} to {self.high:g}", "Change it")
        return float(value)


class Mixture(Strict):
    """Weight fractions that sum to one; parts not given are zero."""

    mixture_of: list[Name] = Field(min_length=2)
    minimum: dict[Name, Annotated[float, Field(ge=0, le=1)]] = {}
    maximum: dict[Name, Annotated[float, Field(ge=0, le=1)]] = {}

    @model_validator(mode="after")
    def _can_sum_to_one(self) -> Self:
        if len(set(self.mixture_of)) < len(self.mixture_of):
            raise ValueError("a part stands in mixture_of twice; name each once")
        for part in {**self.minimum, **self.maximum}:
            if part not in self.mixture_of:
                raise ValueError(f"{part!r} is no part of the mixture; there are {', '.join(self.mixture_of)}")
        least = sum(self.minimum.values())
        most = sum(self.maximum.get(part, 1.0) for part in self.mixture_of)
        if least > 1 + SUM_TOLERANCE or most < 1 - SUM_TOLERANCE:
            raise ValueError(f"the parts can sum to {least:g} to {most:g}, never to 1; widen minimum or maximum")
        return self

    def check(self, name: str, value: object) -> dict[str, float]:
        """Return all fractions if they are parts of this mixture and sum to one, else raise Refused."""
        if not isinstance(value, Mapping) or not all(isinstance(share, int | float) for share in value.values()):
            raise Refused(
                f"parameter {name}={value!r} is no mixture", f"Give fractions of {', '.join(self.mixture_of)}"
            )
        unknown = sorted(set(value) - set(self.mixture_of))
        if unknown:
            raise Refused(
                f"parameter {name}: no part is called {', '.join(unknown)}", f"Use {', '.join(self.mixture_of)}"
            )
        fractions = {part: float(value.get(part, 0.0)) for part in self.mixture_of}
        for part, share in fractions.items():
            low, high = self.minimum.get(part, 0.0), self.maximum.get(part, 1.0)
            if not low - SUM_TOLERANCE <= share <= high + SUM_TOLERANCE:
                raise Refused(f"parameter {name}.{part}={share:g} is outside {low:g} to {high:g}", "Change it")
        total = sum(fractions.values())
        if abs(total - 1) > SUM_TOLERANCE:
            raise Refused(f"parameter {name}: the fractions sum to {total:g}, not to 1", "Scale them")
        return fractions


Parameter = Annotated[
    Annotated[Range, Tag("range")] | Annotated[Mixture, Tag("mixture")],
    Discriminator(lambda value: "mixture" if "mixture_of" in _fields(value) else "range"),
]


class VesselUse(Strict):
    """A vessel that each sample takes: which kind, and from where."""

    labware: str
    from_: Name = Field(alias="from")


class Protocol(Strict):
    """A recipe. Each sample fills in the parameters and takes vessels of its own."""

    protocol: str = Field(min_length=1)
    parameters: dict[Name, Parameter] = {}
    vessels: dict[Name, VesselUse] = Field(min_length=1)
    steps: list[Step] = Field(min_length=1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a file; raise FileProblem with everything that is wrong."""
        return load_document(cls, path)

    @cached_property
    def step_names(self) -> list[str]:
        """The steps' names in file order: as given, else the verb, numbered where it stands more than once."""
        verbs = [step.verb for step in self.steps]
        names = []
        for index, step in enumerate(self.steps):
            count = verbs[: index + 1].count(step.verb)
            names.append(step.name or (step.verb if count == 1 else f"{step.verb}_{count}"))
        return names

    @cached_property
    def predecessors(self) -> dict[str, list[str]]:
        """For each step's name the names of those that must be done before: the one before, unless `after` says."""
        names = self.step_names
        return {
            name: step.after if step.after is not None else names[max(index - 1, 0) : index]
            for index, (name, step) in enumerate(zip(names, self.steps, strict=True))
        }

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        names = self.step_names
        for name, step in zip(names, self.steps, strict=True):
            if names.count(name) > 1:
                raise ValueError(f"two steps are called {name!r}; give each its own name")
            for earlier in step.after or ():
                if earlier not in names:
                    raise ValueError(f"step {name}: after: no step is called {earlier!r}; there are {', '.join(names)}")
            self._check_vessels(name, step)
            for parameter in sorted(_parameters_of(step)):
                if parameter not in self.parameters:
                    known = ", ".join(self.parameters) or "none"
                    raise ValueError(f"step {name}: no parameter is called {parameter!r}; there are {known}")
        try:
            TopologicalSorter(self.predecessors).prepare()
        except CycleError as err:
            raise ValueError(f"steps wait for each other in a circle: {' → '.join(err.args[1])}; mend `after`") from err
        return self

    def _check_vessels(self, name: str, step: Step) -> None:
        action = step.action
        used = [getattr(action, field) for field in ("into", "from_", "onto", "what") if hasattr(action, field)]
        for vessel in (*used, *step.expect):
            if vessel not in self.vessels:
                raise ValueError(f"step {name}: no vessel is called {vessel!r}; there are {', '.join(self.vessels)}")
        if step.look is not None and not step.expect:
            raise ValueError(f"step {name}: a look without `expect` answers nothing; say what should be seen")

    def bind(self, values: Mapping[str, object]) -> "Bound":
        """Fill in one sample's parameters.

        Raises:
            Refused: a parameter is missing, unknown or out of bounds, or a figure that follows from it is.
        """
        unknown = sorted(set(values) - set(self.parameters))
        if unknown:
            raise Refused(f"no parameter is called {', '.join(unknown)}", f"There are {', '.join(self.parameters)}")
        filled: dict[str, float | Mapping[str, float]] = {}
        for name, parameter in self.parameters.items():
            value = values.get(name, parameter.default if isinstance(parameter, Range) else None)
            if value is None:
                raise Refused(f"parameter {name} has no value", "Give one")
            filled[name] = parameter.check(name, value)
        steps = [_bind_step(name, step, filled) for name, step in zip(self.step_names, self.steps, strict=True)]
        return Bound(self, filled, tuple(steps))


class Bound:
    """A protocol with one sample's figures filled in: no formula is left."""

    def __init__(self, protocol: Protocol, values: Values, steps: tuple[Step, ...]) -> None:
        self.protocol = protocol
        self.values = values
        self.steps = steps

    def named_steps(self) -> list[tuple[str, Step]]:
        """The steps with their names, in an order in which each comes after those it waits for."""
        by_name = dict(zip(self.protocol.step_names, self.steps, strict=True))
        position = {name: index for index, name in enumerate(by_name)}
        sorter = TopologicalSorter(self.protocol.predecessors)
        sorter.prepare()
        ordered: list[str] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=position.__getitem__)
            ordered += ready
            sorter.done(*ready)
        return [(name, by_name[name]) for name in ordered]


def _fields(value: Any) -> Any:
    return value if isinstance(value, Mapping) else vars(value) if hasattr(value, "__dict__") else ()


def _parameters_of(step: Step) -> set[str]:
    formulas = [
        value for value in step.action.model_dump().values() if isinstance(value, str) and value.startswith("$")
    ]
    return {name for formula in formulas for name in names_in(formula)}


def _bind_step(name: str, step: Step, values: Values) -> Step:
    details = step.action.model_dump(by_alias=True)
    try:
        for field, value in details.items():
            if isinstance(value, str) and value.startswith("$"):
                details[field] = evaluate(value, values)
        return step.model_copy(update={step.verb: type(step.action).model_validate(details)})
    except BadExpression as err:
        raise Refused(f"step {name}: {err}", "Mend the formula or the parameter") from err
    except ValidationError as err:
        first = err.errors()[0]
        raise Refused(
            f"step {name}: {'.'.join(map(str, first['loc']))}: {first['msg']}", "Change the parameter"
        ) from err
