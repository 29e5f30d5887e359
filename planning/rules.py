"""Rules of recovery: which trouble of which task is answered how, as files declare it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from planning.words import SKILLS, Kind
from robot.strict import Name, OneOrMany, Strict

if TYPE_CHECKING:
    from planning.troubles import Trouble


class Act(StrEnum):
    """What is done about a trouble."""

    TRY_AGAIN = "try again"
    """The task is done once more, if nothing of it would be done twice."""
    LOOK_AGAIN = "look again"
    DOSE_THE_REST = "dose the rest"
    """What a load cell says is still missing."""
    GRIP_AGAIN = "grip again"
    ASK = "ask"
    EMPTY = "empty"
    """The pump gives whatever it holds to the waste, once in a run; then the task's samples are set aside."""
    SET_ASIDE = "set aside"
    """The task's samples are given up; the bench goes on."""
    STOP = "stop"
    """Nothing more may move before a person has looked."""


AGAIN = frozenset({Act.TRY_AGAIN, Act.LOOK_AGAIN, Act.DOSE_THE_REST, Act.GRIP_AGAIN})
SHARED = frozenset({"carry", "dose", "cast", "transfer", "mix", "wash"})
"""After a failure of the arm or the pipette nobody knows what it holds: the next sample would suffer too."""

_TRY = frozenset({Act.TRY_AGAIN, Act.SET_ASIDE})
ALLOWED: Mapping[Kind, frozenset[Act]] = {
    Kind.GRIP_MISSED: frozenset({Act.GRIP_AGAIN}),
    Kind.MISSING: frozenset(),
    Kind.LOOKED_WRONG: frozenset({Act.LOOK_AGAIN, Act.SET_ASIDE}),
    Kind.LOOKED_DOUBTFUL: frozenset({Act.LOOK_AGAIN, Act.SET_ASIDE}),
    Kind.WRONG_MASS: _TRY,
    Kind.NOT_TRUSTED: _TRY,
    Kind.NEVER_HELD: frozenset({Act.SET_ASIDE}),
    Kind.UNANSWERED: frozenset({Act.SET_ASIDE}),
    Kind.IN_DOUBT: frozenset(),
    Kind.OUT_OF_CONTROL: frozenset(),
    Kind.LOST_HOME: frozenset({Act.EMPTY}),
    Kind.NOT_KEPT: frozenset({Act.SET_ASIDE}),
    Kind.DOSE_SHORT: frozenset({Act.DOSE_THE_REST, Act.SET_ASIDE}),
    Kind.CAP_FAILED: _TRY,
    Kind.NOT_COMPLETED: _TRY,
    Kind.BUSY: _TRY,
    Kind.REFUSED: _TRY,
    Kind.FAULT: _TRY,
    Kind.NO_ANSWER: _TRY,
}
"""What may be done without a person, besides stopping and asking."""

WHY_NOT: Mapping[Kind, str] = {
    Kind.IN_DOUBT: "it may have happened, and nothing is done twice",
    Kind.LOST_HOME: "nobody knows what it moved, and nothing is done twice",
    Kind.MISSING: "the arm may hold the vessel",
    Kind.GRIP_MISSED: "the vessel is not where it should be",
    Kind.OUT_OF_CONTROL: "nobody knows the device's state",
    Kind.NOT_KEPT: "what was fired once is not what was asked, however often it is fired",
}


class Rule(Strict):
    """One rule. The first that fits and is not used up decides; the built-in ones come last."""

    when: Annotated[list[Kind], OneOrMany] = Field(min_length=1, description="one kind of trouble, or several")
    skill: Annotated[list[str], OneOrMany] = Field(default=[], description="only in these tasks")
    device: Annotated[list[Name], OneOrMany] = Field(default=[], description="only at these devices")
    do: Act
    times: int = Field(default=1, ge=1, le=100, description="how often for one task, if it is done again")
    wait_s: float = Field(default=0.0, ge=0, le=86_400, description="before it is done again")
    time_out_min: float | None = Field(default=None, gt=0, description="how long a person is waited for")
    if_silent: Act = Field(default=Act.STOP, description="what is done if nobody answers in time")

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        for kind in self.when:
            for act in (self.do, self.if_silent):
                if act not in automatic(kind):
                    allowed = ", ".join(sorted(automatic(kind)))
                    why = f": {WHY_NOT[kind]}" if kind in WHY_NOT else ""
                    raise ValueError(f"{kind}: {act} is not allowed{why}; allowed are {allowed}")
        if self.if_silent is Act.ASK:
            raise ValueError("if_silent: nobody is there to ask; say what is done instead")
        if self.do is not Act.ASK and self.model_fields_set & {"time_out_min", "if_silent"}:
            raise ValueError("time_out_min and if_silent belong to `do: ask`")
        if self.do not in AGAIN and self.model_fields_set & {"times", "wait_s"}:
            raise ValueError(f"times and wait_s belong to {', '.join(sorted(AGAIN))}")
        for skill in self.skill:
            if skill not in SKILLS:
                raise ValueError(f"skill: no task is called {skill!r}; there are {', '.join(sorted(SKILLS))}")
        return self

    def fits(self, trouble: "Trouble") -> bool:
        """Is it about this?"""
        return (
            trouble.kind in self.when
            and (not self.skill or trouble.skill in self.skill)
            and (not self.device or trouble.device in self.device)
        )

    def __str__(self) -> str:
        return f"{', '.join(self.when)}{self._where()}: {self.do}"

    def _where(self) -> str:
        tasks = f" in {', '.join(self.skill)}" if self.skill else ""
        return tasks + (f" at {', '.join(self.device)}" if self.device else "")


class StepRule(Rule):
    """A rule of a protocol, which may be about some of its steps."""

    step: Annotated[list[Name], OneOrMany] = Field(default=[], description="only in these steps, and those within them")

    def fits(self, trouble: "Trouble") -> bool:
        """Is it about this? A step within others is named after all of them: `rounds/2/heat`."""
        return super().fits(trouble) and (not self.step or not set(self.step).isdisjoint(trouble.step.split("/")))

    def _where(self) -> str:
        return (f" of {', '.join(self.step)}" if self.step else "") + super()._where()


class StepRules(Strict):
    """A file of rules that a protocol names."""

    recovery: list[StepRule]


def choices(kind: Kind) -> frozenset[Act]:
    """What may be done about a trouble, asking apart; a person who has looked may choose among the same."""
    return ALLOWED[kind] | {Act.STOP}


def automatic(kind: Kind) -> frozenset[Act]:
    """What a rule may say of a trouble; to ask makes sense where there is a choice."""
    return choices(kind) | ({Act.ASK} if ALLOWED[kind] else set())


_BROKEN_OFF = [Kind.NOT_COMPLETED, Kind.FAULT, Kind.REFUSED, Kind.BUSY, Kind.NOT_KEPT]
DEFAULTS: Sequence[Rule] = (
    Rule(when=[Kind.GRIP_MISSED, Kind.MISSING, Kind.IN_DOUBT, Kind.OUT_OF_CONTROL], do=Act.STOP),
    Rule(when=[Kind.LOST_HOME], do=Act.EMPTY),
    Rule(when=[Kind.DOSE_SHORT], do=Act.DOSE_THE_REST, times=2, wait_s=10.0),
    Rule(when=[Kind.CAP_FAILED], do=Act.TRY_AGAIN, times=2, wait_s=10.0),
    Rule(when=[Kind.LOOKED_DOUBTFUL], do=Act.LOOK_AGAIN, wait_s=60.0),
    Rule(when=[Kind.LOOKED_DOUBTFUL, Kind.LOOKED_WRONG, Kind.WRONG_MASS, Kind.NOT_TRUSTED, Kind.NEVER_HELD,
               Kind.UNANSWERED, Kind.DOSE_SHORT, Kind.CAP_FAILED], do=Act.SET_ASIDE),
    Rule(when=_BROKEN_OFF, skill=sorted(SHARED), do=Act.STOP),
    Rule(when=_BROKEN_OFF, do=Act.SET_ASIDE),
    Rule(when=[Kind.NO_ANSWER], skill=["look", "measure", "weigh"], do=Act.SET_ASIDE),
    Rule(when=list(Kind), do=Act.STOP),
)  # fmt: skip
"""What is done where no file says otherwise."""
