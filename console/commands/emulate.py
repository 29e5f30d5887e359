"""`athanor emulate`: one device of the catalogue, for any client that speaks its protocol."""

from typing import Annotated

import typer

Model = Annotated[str, typer.Argument(help="A model of the catalogue; `athanor device list` shows them.")]


def emulate(
    model: Model,
    pty: Annotated[bool, typer.Option("--pty", help="Behind a pseudo-terminal: a serial port like any other.")] = False,
    tcp: Annotated[str, typer.Option("--tcp", metavar="HOST:PORT", help="On TCP; port 0 takes a free one.")] = "",
    rfc2217: Annotated[int, typer.Option("--rfc2217", metavar="PORT", help="Behind a terminal server.")] = -1,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Of the device, its line or the world, such as unit=3, baudrate=19200, ambient_c=30.")] = None,
    faults: Annotated[str, typer.Option("--faults", help="What it does to its callers, such as lost-reply:3.")] = "",
    seed: Annotated[int, typer.Option("--seed", min=0)] = 1,
    speed: Annotated[float, typer.Option("--speed", min=0.1, max=2000, help="Bench seconds per second; bytes keep their own time.")] = 1.0,
) -> None:  # fmt: skip
    """Serve one emulated device in real time until interrupted; the first line printed is its address.

    [dim]athanor emulate eurotherm_2416 --pty[/]
    [dim]athanor emulate ur_eseries --tcp 127.0.0.1:29999,30002,30004[/]
    """
    import asyncio

    from console.emulation import Door, prepare, serve
    from planning.errors import Refused

    doors = [Door("pty")] * pty + [Door("tcp", tcp)] * bool(tcp) + [Door("rfc2217", str(rfc2217))] * (rfc2217 >= 0)
    if len(doors) != 1:
        raise Refused("an emulated device has one way in", "Use one of --pty, --tcp HOST:PORT, --rfc2217 PORT")
    emulation = prepare(model, doors[0], settings or [])
    asyncio.run(serve(emulation, faults, seed, speed, lambda address: print(address, flush=True)))
