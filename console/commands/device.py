"""`athanor device`: what there is to drive, and one device alone at the end of its line."""

import json
from typing import Annotated, Any, cast

import typer

from console.options import Json, Yes

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Ask, watch and command one device alone.")

Model = Annotated[str, typer.Argument(help="A model of the catalogue: `athanor device list`.")]
Address = Annotated[
    str, typer.Argument(help="Its port, host:port or URL, such as /dev/ttyUSB0; several parts' with commas between.")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting as in lab.yaml, such as unit=3.")
]


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """Show every model that Athanor drives, and the serial ports of this machine."""
    from serial.tools import list_ports

    from robot.catalog import MODELS
    from robot.settings import SETTINGS

    rows = [
        {"model": name, "promises": entry.interface.__name__, "line": _line(name), "what": _summary(SETTINGS[name])}
        for name, entry in sorted(MODELS.items(), key=lambda item: (item[1].interface.__name__, item[0]))
    ]
    ports = [{"port": port.device, "what": port.description} for port in list_ports.comports()]
    if as_json:
        print(json.dumps({"models": rows, "ports": ports}, indent=1, ensure_ascii=False))
        return
    _print_table(rows)
    if ports:
        _print_table(ports)


@app.command()
def probe(model: Model, address: Address, settings: Settings = None, as_json: Json = False) -> None:
    """Ask a device who it is and how it is. Only questions are sent.

    [dim]athanor device probe eurotherm_2416 /dev/ttyUSB2[/]
    """
    from dataclasses import asdict

    from console.devices import answers, connected, target

    wanted = target(model, address, settings or [])
    with connected(wanted) as (device, identity):
        state = answers(wanted, device)
    if as_json:
        found = {"model": model, "address": address, "identity": asdict(identity), "state": state}
        print(json.dumps(found, default=str, indent=1, ensure_ascii=False))
        return
    rows = [{"": name, model: shown} for name, shown in asdict(identity).items() if shown]
    _print_table(rows + [{"": name, model: _shown(value)} for name, value in state.items()])


@app.command()
def watch(
    model: Model,
    address: Address,
    settings: Settings = None,
    every: Annotated[float, typer.Option("--every", min=0.1, help="Seconds between two looks.")] = 1.0,
    only: Annotated[list[str] | None, typer.Option("--only", help="Draw this figure alone; may be repeated.")] = None,
    looks: Annotated[int | None, typer.Option("--looks", min=1, help="Stop after so many looks.")] = None,
) -> None:
    """Draw a device's figures live in the terminal, until Ctrl-C. Only questions are sent."""
    import asyncio

    from console.devices import connected, target
    from console.watching import follow

    wanted = target(model, address, settings or [])
    with connected(wanted) as (device, identity):
        try:
            asyncio.run(follow(wanted, device, identity, every, only or [], looks))
        except KeyboardInterrupt:
            raise typer.Exit from None


@app.command("set")
def set_(
    model: Model,
    address: Address,
    verb: Annotated[str, typer.Argument(help="What to tell it, such as stop_programme; a wrong one lists them.")],
    arguments: Annotated[list[str] | None, typer.Argument(help="What the command needs, as name=value.")] = None,
    settings: Settings = None,
    yes: Yes = False,
) -> None:
    """Tell a device one thing. It is asked who it is first, and so are you.

    [dim]athanor device set eurotherm_2416 /dev/ttyUSB2 stop_programme[/]
    """
    from console.devices import answers, command, connected, target

    wanted = target(model, address, settings or [])
    told = command(wanted, verb, arguments or [])
    with connected(wanted) as (device, identity):
        before = ", ".join(f"{name} {_shown(value)}" for name, value in answers(wanted, device).items())
        print(f"{identity.maker} {identity.model} at {address}: {before}")
        if not yes:
            shown = ", ".join(f"{name}={value!r}" for name, value in told.items())
            typer.confirm(f"{verb}({shown}): is the bench clear, and may it act?", abort=True)
        returned = getattr(device, verb)(**told)
        rows = [{"": name, "now": _shown(value)} for name, value in answers(wanted, device).items()]
    _print_table(rows if returned is None else [{"": "returned", "now": str(returned)}, *rows])


@app.command()
def jog(
    model: Model,
    address: Address,
    dx: Annotated[float, typer.Option("--dx", help="Millimetres along x.")] = 0.0,
    dy: Annotated[float, typer.Option("--dy", help="Millimetres along y.")] = 0.0,
    dz: Annotated[float, typer.Option("--dz", help="Millimetres along z.")] = 0.0,
    settings: Settings = None,
    yes: Yes = False,
) -> None:
    """Move an arm a little from where it stands. It is asked where that is first, and so are you.

    [dim]athanor device jog ur_eseries 10.0.0.7 --dz 10[/]
    """
    from console.devices import connected, target
    from planning.errors import Refused
    from robot.geometry import BenchPoint
    from robot.interfaces import Arm

    wanted = target(model, address, settings or [])
    if wanted.interface is not Arm:
        raise Refused(f"{model} is no arm", "Use `athanor device set`")
    with connected(wanted) as (device, identity):
        arm = cast(Arm, device)
        at = arm.read_state().position
        to = BenchPoint(at.x_mm + dx, at.y_mm + dy, at.z_mm + dz)
        arm.check_reach(to)
        print(f"{identity.maker} {identity.model} at {address}: from {_point(at)} to {_point(to)}")
        if not yes:
            typer.confirm("is the way free, and may it move?", abort=True)
        arm.start_move(to)


def _point(point: Any) -> str:
    return f"({point.x_mm:.1f}, {point.y_mm:.1f}, {point.z_mm:.1f}) mm"


def _line(model: str) -> str:
    from robot.catalog import MODELS
    from robot.settings import PARTS, SETTINGS

    entry = MODELS[model]
    if PARTS[model]:
        return " + ".join(_line(part) for part in PARTS[model].values())
    if "port" not in SETTINGS[model].model_fields:
        return "camera"
    if entry.channels:
        return "TCP " + ", ".join(map(str, entry.channels.values()))
    if "http" in str(SETTINGS[model].model_fields["port"]):
        return "HTTP"
    return f"{entry.baudrate} {entry.bytesize}{entry.parity}1" + (", shared" if entry.silence_s is not None else "")


def _summary(settings: type) -> str:
    return (settings.__doc__ or "").splitlines()[0]


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _print_table(rows: list[dict[str, str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*rows[0], box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*row.values())
    Console(highlight=False).print(table)
