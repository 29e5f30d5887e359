"""`athanor schema`: what an editor needs to complete our files and to underline mistakes."""

import json
from enum import StrEnum
from typing import Annotated

import typer


class Kind(StrEnum):
    """The files that have a schema."""

    PROTOCOL = "protocol"
    LAB = "lab"
    CAMPAIGN = "campaign"


def schema(kind: Annotated[Kind, typer.Argument(help="Of which file.")]) -> None:
    """Print the JSON Schema of a file, for editors.

    Save it beside the file and begin that with `# yaml-language-server: $schema=protocol.schema.json`.

    [dim]athanor schema protocol > protocol.schema.json[/]
    """
    from pydantic import BaseModel

    from planning.campaign import Campaign
    from planning.operating import Operating
    from planning.protocol.document import Protocol
    from robot.config import LabConfig

    models: dict[Kind, type[BaseModel]] = {Kind.PROTOCOL: Protocol, Kind.LAB: LabConfig, Kind.CAMPAIGN: Campaign}
    described = models[kind].model_json_schema(by_alias=True)
    if kind is Kind.LAB:  # its sections that concern the run are the planner's
        own = Operating.model_json_schema(by_alias=True)
        described["properties"] |= own["properties"]
        described["$defs"] |= own["$defs"]
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Athanor {kind.value}"}
    print(json.dumps(described | dialect, indent=1))
