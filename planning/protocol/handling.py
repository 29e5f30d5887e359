"""Verbs that carry, close, open and wait, and the one that asks a person."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from planning.protocol.fields import AT, CAPPER, Action, Kind, Positive
from robot.config import Name


class Move(Action):
    """Carry a vessel to a site."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("to",)

    what: Name
    to: Name


class Discard(Action):
    """Throw a vessel away."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("to",)

    what: Name
    to: Name


class Cap(Action):
    """Put a cap on a vessel."""

    VESSELS: ClassVar[tuple[str, ...]] = ("what",)
    SITES: ClassVar[tuple[str, ...]] = ("at",)
    DEVICES: ClassVar[Mapping[str, Kind]] = {"with_": CAPPER}

    what: Name
    at: Name | None = AT
    with_: Name = Field(alias="with")


class Uncap(Cap):
    """Take the cap off a vessel."""


class Wait(Action):
    """Let time pass before what comes next."""

    for_min: Positive


def _as_word(value: Any) -> Any:
    """YAML takes a bare yes and no for truth; in an answer they are words.

    >>> _as_word(False), _as_word(2.5)
    ('no', 2.5)
    """
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


Word = Annotated[Name, BeforeValidator(_as_word)]


class Ask(Action):
    """Ask a person, and wait for the answer; what comes next may depend on it.

    With `answers` one of these words is wanted, and a condition may ask for it as `name.word == 1`; without, a number.
    """

    question: str = Field(min_length=1, max_length=1000)
    answers: list[Word] | None = Field(default=None, min_length=2, description="the words to choose from")
    as_: Name = Field(alias="as", description="what conditions call the answer")
    time_out_min: Positive | None = Field(default=None, description="how long to wait; for ever if left out")
    if_silent: Annotated[Name | Literal["set aside", "stop"] | float, BeforeValidator(_as_word)] = Field(
        default="stop", description="after the time-out: take this answer, set the sample aside, or stop the bench"
    )

    @model_validator(mode="after")
    def _silence_is_understood(self) -> Self:
        if self.if_silent in ("set aside", "stop"):
            return self
        if self.answers is not None and self.if_silent not in self.answers:
            raise ValueError(f"if_silent={self.if_silent!r} is none of {', '.join(self.answers)}, set aside, stop")
        if self.answers is None and isinstance(self.if_silent, str):
            raise ValueError(f"if_silent={self.if_silent!r} is neither a number nor set aside nor stop")
        return self
