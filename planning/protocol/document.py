"""`protocol.yaml`: the recipe, with its parameters. YAML and Python build the same frozen models."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import ConfigDict, Field, model_validator

from planning.protocol.binding import Bound, bind_protocol
from planning.protocol.consistency import Inconsistent, block_names, inconsistencies
from planning.protocol.fields import Action
from planning.protocol.flow import Flow
from planning.protocol.parameters import Mixture, Parameter, Range
from planning.protocol.steps import Step
from planning.rules import StepRule
from robot.config import Name, Strict


def _rules_or_a_file(schema: dict[str, Any]) -> None:
    """Tell editors that a file's name may stand for rules."""
    written_out = {name: schema.pop(name) for name in ("items", "type")}
    schema["anyOf"] = [written_out, {"type": "string"}]


def _or_a_file(schema: dict[str, Any]) -> None:
    """Tell editors that a file's name may stand for a protocol."""
    for name, written_out in schema["patternProperties"].items():
        schema["patternProperties"][name] = {"anyOf": [written_out, {"type": "string"}]}


class VesselUse(Strict):
    """A vessel that each sample takes: which kind, and from where."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    labware: str
    from_: Name | None = Field(
        default=None,
        alias="from",
        description="the rack; left out in a protocol that others use, whose vessels it gets",
    )


class Protocol(Strict):
    """A recipe. Each sample fills in the parameters and takes vessels of its own."""

    protocol: str = Field(min_length=1)
    parameters: dict[Name, Parameter] = {}
    vessels: dict[Name, VesselUse] = Field(min_length=1)
    protocols: dict[Name, "Protocol"] = Field(
        default={},
        description="protocols that `use` steps call: written out, or the name of a file beside this one",
        json_schema_extra=_or_a_file,
    )
    recovery: list[StepRule] = Field(
        default=[],
        description="what is done when a task fails, before the rules of the bench: written out, or the name of a file",
        json_schema_extra=_rules_or_a_file,
    )
    steps: list[Step] = Field(min_length=1)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a file, with the protocols in files of their own that it names.

        Raises:
            FileProblem: everything that is wrong, with file and line.
        """
        from planning.protocol.source import load_protocol

        return load_protocol(cls, path)

    def to_yaml(self) -> str:
        """The file that says the same; protocols it uses are written out in it."""
        data = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)

    @cached_property
    def step_names(self) -> list[str]:
        """The steps' names in file order: as given, else the verb, numbered where it stands more than once."""
        return block_names(self.steps)

    def actions(self) -> Iterator[Action]:
        """What all steps do, those within others and those of protocols in use included."""
        yield from _actions(self.steps)
        for inner in self.protocols.values():
            yield from inner.actions()

    def quantities(self) -> list[str]:
        """The names under which steps keep what they find."""
        return list(dict.fromkeys(name for action in self.actions() if (name := getattr(action, "as_", None))))

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if found := inconsistencies(self):
            raise Inconsistent(found)
        return self

    def bind(self, values: Mapping[str, object]) -> Bound:
        """Fill in one sample's parameters.

        Raises:
            Refused: a parameter is missing, unknown or out of bounds, or a figure that follows from it is.
        """
        return bind_protocol(self, values)


def _actions(steps: list[Step]) -> Iterator[Action]:
    for step in steps:
        yield step.action
        if isinstance(step.action, Flow):
            for block in step.action.blocks().values():
                yield from _actions(block)


__all__ = ["Bound", "Mixture", "Protocol", "Range", "VesselUse"]
