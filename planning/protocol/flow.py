"""Steps about steps: repeat them, choose between them, do those of another protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from planning.protocol.fields import Action, Condition, Count, Figure
from robot.config import Name

if TYPE_CHECKING:
    from planning.protocol.steps import Step


class Flow(Action):
    """A step about steps."""

    def blocks(self) -> dict[str, list[Step]]:
        """The lists of steps in it, by their field."""
        return {}


class Repeat(Flow):
    """Do steps several times: so many times, or until a condition holds that may speak of what was measured or seen."""

    steps: list[Step] = Field(min_length=1)
    times: Count | None = None
    until: Condition | None = None
    at_most: int | None = Field(default=None, ge=1, le=100, description="rounds, with `until`")
    else_: Literal["set aside", "go on"] = Field(
        default="set aside", alias="else", description="when the condition does not hold after so many rounds"
    )

    @model_validator(mode="after")
    def _comes_to_an_end(self) -> Self:
        if (self.times is None) == (self.until is None):
            raise ValueError("say either times, or until with at_most")
        if (self.until is None) != (self.at_most is None):
            raise ValueError("until and at_most belong together: a condition may never come true")
        return self

    def blocks(self) -> dict[str, list[Step]]:
        """The one list."""
        return {"steps": self.steps}


class ForEach(Flow):
    """Do steps once for each of some values; in them `$name` is the value."""

    name: Name
    in_: list[Figure] = Field(alias="in", min_length=1, max_length=1000)
    steps: list[Step] = Field(min_length=1)

    def blocks(self) -> dict[str, list[Step]]:
        """The one list."""
        return {"steps": self.steps}


class If(Flow):
    """Do some steps if a condition holds, others if not.

    A condition on parameters is settled before anything moves; one on measured or seen values when it is reached, and
    until then the run is planned as if `assume` were its outcome.
    """

    condition: Condition
    then: list[Step] = []
    else_: list[Step] = Field(default=[], alias="else")
    assume: bool = Field(default=True, description="the outcome to plan with")

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.then and not self.else_:
            raise ValueError("neither then nor else has a step")
        return self

    def blocks(self) -> dict[str, list[Step]]:
        """Both branches."""
        return {"then": self.then, "else": self.else_}


class Use(Flow):
    """Do the steps of another protocol, with its parameters given and its vessels being ours."""

    protocol: Name = Field(description="its name under `protocols`")
    with_: dict[Name, Figure | dict[Name, Figure]] = Field(default={}, alias="with", description="its parameters")
    vessels: dict[Name, Name] = Field(default={}, description="its vessel to ours; of the same name if left out")
