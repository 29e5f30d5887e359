"""`athanor run` and `athanor dry-run`: make given samples."""

from pathlib import Path
from typing import Annotated

import typer

from console.options import Answers, Faults, Journal, Lab, NoVision, Out, Pace, Pty, Real, Seed, Speed, Truth, Yes

Protocol = Annotated[Path, typer.Argument(help="The recipe: protocol.yaml.")]
Samples = Annotated[int, typer.Option("--samples", min=1, max=1000, help="How many samples alike.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="A parameter, such as blend.p3ht=0.4.")]


def run(
    protocol: Protocol,
    lab: Lab,
    samples: Samples = 1,
    settings: Settings = None,
    out: Out = None,
    seed: Seed = None,
    faults: Faults = "",
    answers: Answers = None,
    no_vision: NoVision = False,
    pty: Pty = False,
    speed: Speed = 300.0,
    pace: Pace = None,
    journal: Journal = "",
    real: Real = False,
    yes: Yes = False,
) -> None:
    """Make samples: simulated unless you say --real.

    [dim]athanor run protocol.yaml --lab lab.yaml --set blend.p3ht=0.4 --set blend.l_swnt=0.6[/]
    """
    from console.runs import begin_samples, wires_of

    wires = wires_of(real, pty, faults)
    begin_samples(
        protocol, lab, samples, settings or [], out, wires=wires, seed=seed or 0,
        faults=faults, vision=not no_vision, speed=speed, journal=journal, yes=yes, answers=answers or [], pace=pace,
    )  # fmt: skip


def dry_run(
    file: Annotated[Path, typer.Argument(help="A campaign.yaml, or with --lab a protocol.yaml.")],
    lab: Annotated[Path | None, typer.Option("--lab", help="For a protocol: the bench.")] = None,
    samples: Annotated[int | None, typer.Option("--samples", min=1, help="How many samples.")] = None,
    settings: Settings = None,
    answers: Answers = None,
    out: Out = None,
    seed: Seed = None,
    truth: Truth = None,
    faults: Faults = "",
    no_vision: NoVision = False,
    pace: Pace = None,
) -> None:
    """Rehearse a campaign or a protocol on the simulated bench: the same drivers, bytes and eyes.

    [dim]athanor dry-run campaign.yaml --faults lost-reply,short-aspirate[/]
    """
    from console.checking import is_campaign
    from console.runs import begin_campaign, begin_samples
    from planning.errors import Refused

    if lab is None:
        if not is_campaign(file):
            raise Refused(f"{file} is a protocol, and nothing says on which bench", "Add --lab lab.yaml")
        begin_campaign(
            file, out, wires="loopback", seed=seed, samples=samples, strategy=None, truth=truth, faults=faults,
            vision=not no_vision, speed=1.0, pace=pace,
        )  # fmt: skip
    else:
        begin_samples(
            file, lab, samples or 1, settings or [], out, wires="loopback", seed=seed or 0, faults=faults,
            vision=not no_vision, speed=1.0, answers=answers or [], pace=pace,
        )  # fmt: skip
