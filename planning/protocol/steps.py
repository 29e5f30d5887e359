"""Steps: frozen sentences of a protocol. A figure may be a formula over parameters, such as `$anneal_c`."""

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from planning.protocol.expectations import Expectation
from planning.protocol.expressions import names_in
from robot.config import Name, Strict


def _check_formula(text: str) -> str:
    if not text.startswith("$"):
        raise ValueError(
            f"{text!r} is neither a number nor a formula such as $name; the unit stands in the field's name"
        )
    names_in(text)
    return text


Formula = Annotated[str, AfterValidator(_check_formula), Tag("formula")]
_number_or_formula = Discriminator(lambda value: "formula" if isinstance(value, str) else "number")
Positive = Annotated[Annotated[float, Field(gt=0), Tag("number")] | Formula, _number_or_formula]
NotNegative = Annotated[Annotated[float, Field(ge=0), Tag("number")] | Formula, _number_or_formula]
Celsius = Annotated[Annotated[float, Field(ge=0, le=3000), Tag("number")] | Formula, _number_or_formula]
Blend = Annotated[
    Annotated[dict[Name, Annotated[float, Field(ge=0, le=1)]], Tag("number")] | Formula, _number_or_formula
]


class Action(Strict):
    """What a step does. Fields named after Python's own words carry an underscore in code, none in files."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


class Dose(Action):
    """Dose a blend of stocks into a vessel.

    `blend` gives weight fractions of the dissolved solids; volumes follow from the stocks' concentrations so that
    they sum to `volume_ul`. Parts below `leave_out_below` are left out and the rest scaled up.
    """

    into: Name
    at: Name
    with_: Name = Field(alias="with")
    volume_ul: Positive
    blend: Blend
    leave_out_below: float = Field(default=0.0, ge=0, lt=0.5)


class Cast(Action):
    """Spread liquid from a vessel on a plate."""

    from_: Name = Field(alias="from")
    onto: Name
    at: Name
    with_: Name = Field(alias="with")
    volume_ul: Positive


class Wash(Action):
    """Rinse the pipette with a liquid into the waste."""

    with_: Name = Field(alias="with")
    liquid: Name
    to: Name
    volume_ul: Positive
    cycles: int = Field(default=1, ge=1, le=20)


class Heat(Action):
    """Bring a vessel to a temperature at a rate, hold it there, let it cool."""

    what: Name
    in_: Name = Field(alias="in")
    at: Name
    to_c: Celsius
    rate_c_per_min: Positive
    hold_min: NotNegative


class Look(Action):
    """Bring a vessel before a camera and compare it with the step's expectation."""

    what: Name
    at: Name


class Measure(Action):
    """Measure the conductivity of a film with a four-point probe."""

    what: Name
    at: Name
    with_: Name = Field(alias="with")
    as_: Name = Field(alias="as")
    current_a: Positive
    compliance_v: Positive
    readings: int = Field(default=3, ge=1, le=100)
    density_mg_per_mm3: float = Field(gt=0, description="of the dry film; its thickness follows from the mass cast")


class Discard(Action):
    """Throw a vessel away."""

    what: Name
    to: Name


class Move(Action):
    """Carry a vessel to a site."""

    what: Name
    to: Name


class Step(Strict):
    """One sentence: a verb with its details, and what belongs to it."""

    dose: Dose | None = None
    cast: Cast | None = None
    wash: Wash | None = None
    heat: Heat | None = None
    look: Look | None = None
    measure: Measure | None = None
    discard: Discard | None = None
    move: Move | None = None
    name: Name | None = Field(
        default=None, description="how `after` of other steps calls this one; the verb if left out"
    )
    after: list[Name] | None = Field(default=None, description="steps that must be done; the one before if left out")
    within_min: float | None = Field(default=None, gt=0, description="at most this long after the steps of `after`")
    expect: dict[Name, Expectation] = {}

    @property
    def verb(self) -> str:
        """Which verb this sentence has."""
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def action(self) -> Action:
        """The verb's details."""
        action = getattr(self, self.verb)
        assert isinstance(action, Action)
        return action

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        verbs = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(verbs) != 1:
            raise ValueError(
                f"a step has one verb, this one {' and '.join(verbs) or 'none'}; verbs are {', '.join(VERBS)}"
            )
        return self


VERBS = ("dose", "cast", "wash", "heat", "look", "measure", "discard", "move")
