"""How parts of files are checked."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
OneOrMany = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
"""A list of words, of which one may stand alone."""


class Strict(BaseModel):
    """A part of a file: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
