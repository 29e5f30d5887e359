"""`athanor report`: what happened, on one page."""

from pathlib import Path
from typing import Annotated

import typer


def report(folder: Annotated[Path, typer.Argument(help="The folder of a run.")]) -> None:
    """Write report.html into a run's folder, from its journal.

    [dim]athanor report runs/best-p3ht-cnt-conductor-01[/]
    """
    from console.report import write_report
    from console.runfolder import RunFolder

    assert RunFolder(folder).setup  # refuses what is no run's folder
    print(write_report(folder))
