"""What a laboratory tells the designer: what was made, and what came of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from planning.design.space import Point


@dataclass(frozen=True)
class Observation:
    """One sample that ended; replicates are told one by one, and so are the rows of a table of earlier results.

    Attributes:
        point: as it was made.
        values: by name what was measured.
        failed: why there is no result; empty if there is one.
        std_errors: by name what is known of the error of a value, in its own unit.
        asked: the point that was asked for, if another was made.
        batch: made together with what else, to notice drift; empty if nobody knows.
    """

    point: Point
    values: Mapping[str, float] = field(default_factory=dict)
    failed: str = ""
    std_errors: Mapping[str, float] = field(default_factory=dict)
    asked: Point | None = None
    batch: str = ""

    def __post_init__(self) -> None:
        if not self.failed and not self.values:
            raise ValueError("a sample that did not fail has a value; give values, or say why it failed")
        for name, error in self.std_errors.items():
            if not (math.isfinite(error) and error >= 0):
                raise ValueError(f"the standard error of {name} is {error}; give a number from 0 up")
