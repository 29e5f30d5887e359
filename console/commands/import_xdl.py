"""`athanor import-xdl`: a Chemputer recipe becomes a protocol for a bench."""

from pathlib import Path
from typing import Annotated

import typer

from console.options import Lab

INCOMPLETE = 4
"""The exit code when a part of the recipe could not be translated."""


def import_xdl(
    file: Annotated[Path, typer.Argument(help="The recipe: FILE.xdl.")],
    lab: Lab,
    out: Annotated[Path, typer.Option("--out", help="The protocol to write.")],
    stocks: Annotated[
        list[str] | None, typer.Option("--stock", help="A reagent's name on this bench, such as 'acetic acid=hoac'.")
    ] = None,
) -> None:
    """Translate a χDL recipe. What it cannot say becomes a question to a person, is listed, and ends with code 4.

    [dim]athanor import-xdl lidocaine.xdl --lab lab.yaml --out protocol.yaml[/]
    """
    from planning.errors import Refused
    from planning.protocol.import_xdl import import_xdl as translate
    from robot.config import LabConfig

    if out.exists():
        raise Refused(f"{out} exists", "Name another file with --out")
    names = dict(stock.split("=", 1) for stock in stocks or [] if "=" in stock)
    imported = translate(file, LabConfig.load(lab), names)
    told = [f"{file}:{each.line}: {each.what}\n   → {each.why}" for each in imported.left_out]
    heading = [f"# From {file.name}. Not translated:" if told else f"# From {file.name}."]
    heading += [f"#   line {each.line}: {each.what}: {each.why}" for each in imported.left_out]
    out.write_text("\n".join(heading) + "\n" + imported.protocol.to_yaml(), encoding="utf-8")
    print(f"{out}: {len(imported.protocol.steps)} steps")
    for line in told:
        print(line)
    if told:
        raise typer.Exit(INCOMPLETE)
