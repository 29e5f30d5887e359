"""`athanor journal`: read the record of a run."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Read the record of a run.")
Folder = Annotated[Path, typer.Argument(help="The folder of a run.")]


@app.command("export")
def export(folder: Folder) -> None:
    """Print every event, then every reading, one line of JSON each.

    [dim]athanor journal export runs/best-p3ht-cnt-conductor-01 | grep in_doubt[/]
    """
    from console.runfolder import RunFolder
    from planning.journal import Journal

    with Journal.reading(RunFolder(folder).journal) as journal:
        for line in (*journal.events(), *journal.readings()):
            print(json.dumps(vars(line), sort_keys=True, ensure_ascii=False))
