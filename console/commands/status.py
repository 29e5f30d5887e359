"""`athanor status`: how a run stands."""

from pathlib import Path
from typing import Annotated

import typer

from console.options import Json


def status(run: Annotated[Path, typer.Argument(help="The run's folder.")], as_json: Json = False) -> None:
    """Tell how a run stands: what is at work, what is late, what waits for an answer, whether its engine lives.

    Ends with code 0 if it runs or has ended, 1 if a person is needed.

    [dim]athanor status runs/drop-cast-film-01[/]
    """
    import json
    from dataclasses import asdict

    from console.status import status_of

    found = status_of(run)
    if as_json:
        print(json.dumps(asdict(found), indent=1))
    else:
        print(f"{run}: {found.state}: {found.why}; {found.ended} of {found.samples} samples ended")
        for line in (
            *(f"at work: {task}" for task in found.at_work),
            *(f"late: {what}" for what in found.late),
            *(f"question {name}: {text}" for name, text in found.questions.items()),
        ):
            print(f"  {line}")
    if found.state not in ("runs", "ended") or found.questions:
        raise typer.Exit(1)
