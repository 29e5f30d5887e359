"""What a sample may choose: numbers within bounds, and mixtures."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from planning.errors import Refused
from robot.config import Name, Strict

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
    default: dict[Name, float] | None = None

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
        if self.default is not None:
            try:
                self.check("default", self.default)
            except Refused as err:
                raise ValueError(err.what) from err
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


def _fields(value: Any) -> Any:
    return value if isinstance(value, Mapping) else vars(value) if hasattr(value, "__dict__") else ()
