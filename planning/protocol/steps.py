"""Steps: frozen sentences of a protocol. A figure may be a formula over parameters, such as `$anneal_c`."""

from collections.abc import Mapping
from typing import Annotated, Any, Self, get_args

from pydantic import Field, model_validator

from planning.protocol.expectations import Expectation
from planning.protocol.fields import Action
from planning.protocol.flow import Flow, ForEach, If, Repeat, Use
from planning.protocol.handling import Ask, Cap, Discard, Move, Uncap, Wait
from planning.protocol.liquids import Cast, Dose, Mix, Transfer, Wash
from planning.protocol.observations import Diffract, Look, Measure, Weigh
from planning.protocol.powders import DosePowder, Shake, TransferPowder
from planning.protocol.treatments import Cool, Heat, Stir
from robot.config import Name, Strict

Minutes = Annotated[float, Field(gt=0)]
Lag = Minutes | dict[Name, Minutes] | None
"""Minutes since the end of the steps of `after`, or of earlier steps by name."""


class Step(Strict):
    """One sentence: a verb with its details, and what belongs to it."""

    dose: Dose | None = None
    dose_powder: DosePowder | None = None
    shake: Shake | None = None
    transfer_powder: TransferPowder | None = None
    transfer: Transfer | None = None
    cast: Cast | None = None
    mix: Mix | None = None
    wash: Wash | None = None
    heat: Heat | None = None
    cool: Cool | None = None
    stir: Stir | None = None
    wait: Wait | None = None
    look: Look | None = None
    weigh: Weigh | None = None
    measure: Measure | None = None
    diffract: Diffract | None = None
    cap: Cap | None = None
    uncap: Uncap | None = None
    move: Move | None = None
    discard: Discard | None = None
    ask: Ask | None = None
    repeat: Repeat | None = None
    for_each: ForEach | None = None
    if_: If | None = Field(default=None, alias="if")
    use: Use | None = None
    name: Name | None = Field(
        default=None, description="how `after` of other steps calls this one; the verb if left out"
    )
    after: list[Name] | None = Field(default=None, description="steps that must be done; the one before if left out")
    within_min: Lag = Field(default=None, description="at most this long after the steps of `after`, or each one named")
    not_before_min: Lag = Field(default=None, description="at least this long after")
    expect: dict[Name, Expectation] = {}

    model_config = Action.model_config

    @property
    def verb(self) -> str:
        """Which verb this sentence has, as files write it."""
        return VERBS[self._field]

    @property
    def action(self) -> Action:
        """The verb's details."""
        action = getattr(self, self._field)
        assert isinstance(action, Action)
        return action

    @property
    def _field(self) -> str:
        return next(field for field in VERBS if getattr(self, field) is not None)

    def with_action(self, action: Action) -> Self:
        """The same sentence with other details."""
        return self.model_copy(update={self._field: action})

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        verbs = [verb for field, verb in VERBS.items() if getattr(self, field) is not None]
        if len(verbs) != 1:
            raise ValueError(
                f"a step has one verb, this one {' and '.join(verbs) or 'none'}; verbs are {', '.join(VERBS.values())}"
            )
        if {} in (self.within_min, self.not_before_min):
            raise ValueError("within_min and not_before_min name one step or more, each with its minutes; found none")
        if isinstance(self.action, Flow) and (self.expect or self.within_min or self.not_before_min):
            raise ValueError(
                f"{verbs[0]} is about other steps; put expect, within_min or not_before_min on one of them"
            )
        return self


VERBS: Mapping[str, str] = {
    field: info.alias or field
    for field, info in Step.model_fields.items()
    if field not in ("name", "after", "within_min", "not_before_min", "expect")
}
"""The field of each verb, and how files write it."""

for _flow in (Repeat, ForEach, If):
    _flow.model_rebuild(_types_namespace={"Step": Step})
Step.model_rebuild()


def step(action: Action, **details: Any) -> Step:
    """Write a sentence in Python: `step(Wait(for_min=5), name="rest", after=["cast"])`.

    Raises:
        pydantic.ValidationError: a detail is unknown or wrong.
    """
    field = next(field for field in VERBS if type(action) in get_args(Step.model_fields[field].annotation))
    return Step(**{field: action}, **details)
