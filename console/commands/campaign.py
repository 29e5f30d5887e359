"""`athanor campaign`: let a designer choose the samples."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.resume import resume
from console.options import Faults, Journal, NoVision, Out, Pty, Real, Seed, Speed, Truth, Yes

app = typer.Typer(no_args_is_help=True, help="Let a designer choose the samples.")


@app.command("run")
def run(
    campaign: Annotated[Path, typer.Argument(help="The question: campaign.yaml.")],
    out: Out = None,
    seed: Seed = None,
    samples: Annotated[int | None, typer.Option("--samples", min=1, help="Instead of the campaign's budget.")] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", help="Instead of the campaign's, such as auto, log_ei or random.")
    ] = None,
    truth: Truth = None,
    faults: Faults = "",
    no_vision: NoVision = False,
    pty: Pty = False,
    speed: Speed = 300.0,
    journal: Journal = "",
    real: Real = False,
    yes: Yes = False,
) -> None:
    """Run a campaign: simulated unless you say --real.

    [dim]athanor campaign run examples/film_bench/campaign.yaml[/]
    """
    from console.runs import begin_campaign, wires_of

    wires = wires_of(real, pty, faults)
    begin_campaign(
        campaign, out, wires=wires, seed=seed, samples=samples, strategy=strategy,
        truth=truth, faults=faults, vision=not no_vision, speed=speed, journal=journal, yes=yes,
    )  # fmt: skip


app.command("resume")(resume)
