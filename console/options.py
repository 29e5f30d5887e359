"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Lab = Annotated[Path, typer.Option("--lab", help="The bench: lab.yaml.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Seeds the simulated bench and the designer.")]
Out = Annotated[Path | None, typer.Option("--out", help="The run's folder; a fresh one under runs/ if left out.")]
Faults = Annotated[
    str,
    typer.Option(
        "--faults",
        help="What the simulator does to us, such as lost-reply@arm:12,short-aspirate:3, or a YAML file of them.",
    ),
]
Real = Annotated[bool, typer.Option("--real", help="Use the real devices of the lab file. Asks once, then moves.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before moving.")]
Truth = Annotated[
    Path | None,
    typer.Option("--truth", help="A table of measured films that the simulated films obey; also the choice."),
]
NoVision = Annotated[bool, typer.Option("--no-vision", help="Do not look; nothing is checked by camera.")]
Pty = Annotated[bool, typer.Option("--pty", help="Simulate in a process of its own, over pseudo-terminals.")]
Speed = Annotated[float, typer.Option("--speed", min=0.1, max=2000, help="With --pty: bench seconds per second.")]
Pace = Annotated[
    float | None,
    typer.Option(
        "--pace", min=0.1, help="Simulated: at most so many bench seconds per second, for who wants to watch."
    ),
]
Journal = Annotated[
    str,
    typer.Option(
        "--journal", help="Keep the journal on a PostgreSQL server, such as postgresql://athanor@host/journals."
    ),
]
Answers = Annotated[
    list[str] | None, typer.Option("--answer", help="Rehearse a question's answer, such as go_on=yes (simulated only).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
