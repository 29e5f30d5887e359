"""`athanor new driver`: the files of a new device, as skeletons that fail where the manual is still missing."""

import re
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Begin something new.")


@app.callback()
def _group() -> None:
    """Begin something new."""


@app.command()
def driver(
    name: Annotated[str, typer.Argument(help="The model, in lower case with underscores, such as julabo_f25.")],
    interface: Annotated[str, typer.Option("--interface", help="What it promises, such as furnace.")],
    into: Annotated[Path, typer.Option("--into", help="A checkout of Athanor.")] = Path(),
) -> None:
    """Write codec, driver, emulator, transcript, test and docs of a new device, and make it known to the catalogue.

    [dim]athanor new driver julabo_f25 --interface furnace[/]
    """
    from console.scaffold.register import KNOWN, AnchorLost, registered
    from console.scaffold.skeleton import written
    from planning.errors import Refused
    from robot.catalog import MODELS
    from robot.interfaces import Camera

    kinds = {
        _snake(entry.interface.__name__): entry.interface for entry in MODELS.values() if entry.interface != Camera
    }
    if interface not in kinds:
        raise Refused(f"no interface on a wire is called {interface!r}", f"Use one of {', '.join(sorted(kinds))}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or name in MODELS:
        taken = "is taken" if name in MODELS else "is no name of a model"
        raise Refused(f"{name!r} {taken}", "Write it like julabo_f25: maker, then model, in lower case")
    new = written(name, kinds[interface])
    if there := [path for path in new if (into / path).exists()]:
        raise Refused(f"{into / there[0]} is there already", "Choose another name, or remove it first")
    if not all((into / path).is_file() for path in KNOWN):
        raise Refused(f"{into.resolve()} is no checkout of Athanor", "Run it there, or name one with --into")
    try:
        changed = registered(
            name, kinds[interface], {path: (into / path).read_text(encoding="utf-8") for path in KNOWN}
        )
    except AnchorLost as err:
        raise Refused(
            f"the catalogue cannot be extended: {err}", "Add the model by hand, as docs/adding-a-device.md does"
        ) from err
    for path, text in {**new, **changed}.items():
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_text(text, encoding="utf-8")
        print(f"{'wrote  ' if path in new else 'changed'} {path}")
    print(f"\nNow read docs/adding-a-device.md, and run: pytest tests/robot/drivers/test_{name}.py")


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
