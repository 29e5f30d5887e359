"""A device's figures as curves that grow in the terminal."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from console.devices import Target, answers, figures
from console.plot import LABEL_COLUMNS, plot, scale
from planning.errors import Refused
from robot.interfaces import Device, Identity

COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
ROWS = 6
KEPT = 1000


async def follow(
    wanted: Target, device: Device, identity: Identity, every_s: float, only: Sequence[str], looks: int | None
) -> None:
    """Look at a device again and again, and draw what changes.

    Raises:
        Refused: a figure that it does not have.
        DeviceError: it could not be asked.
    """
    curves: dict[str, list[float]] = defaultdict(list)
    title = f"{identity.maker} {identity.model}"
    count = 0
    with Live(console=Console(highlight=False), auto_refresh=False) as live:
        while looks is None or count < looks:
            state = answers(wanted, device)
            found = figures(state)
            if missing := [name for name in only if name not in found]:
                raise Refused(f"{wanted.model} has no figure {missing[0]!r}", f"There are {', '.join(found)}")
            for name, value in found.items():
                if not only or name in only:
                    curves[name] = [*curves[name][-KEPT:], value]
            words = "  ".join(f"{name} {value}" for name, value in state.items() if name not in found)
            live.update(_picture(f"{title}  {words}", curves, live.console.width), refresh=True)
            count += 1
            if count != looks:
                await asyncio.sleep(every_s)


def _picture(title: str, curves: dict[str, list[float]], width: int) -> Group:
    """Each figure on a scale of its own: degrees and fractions do not share an axis."""
    lines = [Text(title, style="bold")]
    for number, (name, values) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        low, high = scale({name: values})
        lines.append(Text(f"{name} {values[-1]:g}", style=colour))
        for row, drawn in enumerate(plot({name: values}, max(width - LABEL_COLUMNS - 2, 10), ROWS)[name]):
            label = f"{high:g}" if row == 0 else f"{low:g}" if row == ROWS - 1 else ""
            lines.append(Text(f"{label:>{LABEL_COLUMNS}} ") + Text(drawn, style=colour))
    return Group(*lines)
