"""`athanor stop`: make a running bench safe from any terminal."""

from pathlib import Path
from typing import Annotated

import typer


def stop(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder of a run; every one under runs/ if left out.")
    ] = None,
) -> None:
    """Make a running bench safe at once: heaters off, arm halted, pump stopped. A software stop is no safety function.

    [dim]athanor stop[/]
    """
    from console.engine import running
    from console.engine import stop as stop_engine
    from planning.errors import Refused

    folders = [folder] if folder else running(Path("runs"))
    if not folders:
        raise Refused("nothing is running under runs/", "Name the folder of a run")
    for each in folders:
        print(f"{each}: process {stop_engine(each)} makes its bench safe")
