"""`athanor resume`: go on with a run, whatever kind of run it is."""

from pathlib import Path
from typing import Annotated

import typer

from console.options import Yes


def resume(
    folder: Annotated[Path, typer.Argument(help="The folder of the run to go on with.")], yes: Yes = False
) -> None:
    """Go on with a run that was paused, was stopped or crashed: what is done stays done, what is in doubt is asked.

    [dim]athanor resume runs/best-p3ht-cnt-conductor-01[/]
    """
    from console.engine import conductor
    from console.orders import give, past
    from console.runfolder import RunFolder
    from console.runs import consent, go_on
    from console.tally import Tally

    run_folder = RunFolder(folder)
    if conductor(folder) is not None and Tally.of(past(run_folder)).is_paused:
        give(folder, "continue")
        print(f"{folder}: goes on")
        return
    if run_folder.setup.wires == "real":
        consent(yes)
    go_on(run_folder, resume=True)
