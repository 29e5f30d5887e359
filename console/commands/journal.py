"""`athanor journal`: read the record of a run, check it, and hand it on."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from console.options import Json

app = typer.Typer(no_args_is_help=True, help="Read the record of a run, check it, hand it on.")
Folder = Annotated[Path, typer.Argument(help="The folder of a run.")]


@app.command("show")
def show(
    folder: Folder,
    follow: Annotated[bool, typer.Option("--follow", help="Go on while the run does.")] = False,
    sample: Annotated[str, typer.Option("--sample", help="Only what concerns this one, such as s003.")] = "",
    kinds: Annotated[list[str] | None, typer.Option("--kind", help="Only these, such as in_doubt.")] = None,
    as_json: Json = False,
) -> None:
    """Show a run's events, one a line.

    [dim]athanor journal show runs/best-p3ht-cnt-conductor-01 --sample s003[/]
    """
    from console.journal_view import Chosen, show_events
    from console.runfolder import RunFolder

    show_events(RunFolder(folder), Chosen(sample, frozenset(kinds or ())), follow=follow, as_json=as_json)


@app.command("verify")
def verify(
    folder: Folder,
    passed: Annotated[
        str, typer.Option("--passed", help="A number and hash that were noted earlier, as 1234:9f86d0…")
    ] = "",
    as_json: Json = False,
) -> None:
    """Check that nothing was edited, taken out, added or re-ordered since it was written: events, readings, files.

    [dim]athanor journal verify runs/best-p3ht-cnt-conductor-01[/]
    """
    from console.journal_view import noted, show_verification
    from console.runfolder import RunFolder
    from planning.journal.verify import verify as verify_journal

    verification = verify_journal(RunFolder(folder).place, noted(passed) if passed else None)
    show_verification(folder, verification, as_json=as_json)
    if verification.findings:
        raise typer.Exit(1)


@app.command("export")
def export(
    folder: Folder,
    to: Annotated[Path, typer.Option("--to", help="A folder that does not exist yet, or is empty.")],
    format_: Annotated[
        Literal["ro-crate", "csv"],
        typer.Option("--format", help="Tables and pictures with their provenance as an RO-Crate; or tables alone."),
    ] = "ro-crate",
    license_: Annotated[str, typer.Option("--license", help="The URL of the licence under which you hand it on.")] = "",
) -> None:
    """Write a run as tables, pictures and provenance that others can read without Athanor.

    [dim]athanor journal export runs/best-p3ht-cnt-conductor-01 --to films-crate[/]
    """
    from console.export import export_run

    files = export_run(folder, to, crate=format_ == "ro-crate", license_url=license_)
    print(f"{to}: {len(files)} files")
