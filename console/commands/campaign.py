"""`athanor campaign`: let a designer choose the samples."""

from pathlib import Path
from typing import Annotated

import typer

from console.commands.resume import resume
from console.options import Faults, Journal, Json, NoVision, Out, Pace, Pty, Real, Seed, Speed, Truth, Yes

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
    pace: Pace = None,
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
        truth=truth, faults=faults, vision=not no_vision, speed=speed, journal=journal, yes=yes, pace=pace,
    )  # fmt: skip


app.command("resume")(resume)

Folder = Annotated[Path, typer.Argument(help="The run's folder.")]
Suggestion = Annotated[str, typer.Argument(help="Which one, such as p004.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="A parameter, such as blend.p3ht=0.4.")]


@app.command("suggestions")
def suggestions(run: Folder, as_json: Json = False) -> None:
    """List the suggestions that wait for approval, with their reasons.

    [dim]athanor campaign suggestions runs/best-p3ht-cnt-conductor-01[/]
    """
    import json

    from console.consenting import waiting
    from planning.campaign import flat

    found = waiting(run)
    if as_json:
        print(json.dumps([{**each.request.as_data(), "held": each.is_held} for each in found.values()], indent=1))
        return
    for name, each in found.items():
        values = ", ".join(f"{key}={value:g}" for key, value in flat(each.request.values).items())
        print(f"{name}{' (held)' if each.is_held else ''}: {values}\n   {each.request.reason}")
    print(f"{len(found) or 'no'} suggestion{'s wait' if len(found) != 1 else ' waits'}")


@app.command("approve")
def approve(run: Folder, suggestion: Annotated[str, typer.Argument(help="Which one; all if left out.")] = "") -> None:
    """Let suggestions begin, in a campaign with `approve: yes`.

    [dim]athanor campaign approve runs/best-p3ht-cnt-conductor-01 p004[/]
    """
    from console.consenting import waiting
    from console.orders import give

    for name in [suggestion] if suggestion else [name for name, each in waiting(run).items() if not each.is_held]:
        give(run, "approve", suggestion=name)
        print(f"{run}: {name} may begin")


@app.command("hold")
def hold(run: Folder, suggestion: Suggestion) -> None:
    """Keep a suggestion aside: others are asked for, and it may be approved later.

    [dim]athanor campaign hold runs/best-p3ht-cnt-conductor-01 p004[/]
    """
    from console.orders import give

    give(run, "hold", suggestion=suggestion)
    print(f"{run}: {suggestion} is held")


@app.command("edit")
def edit(run: Folder, suggestion: Suggestion, settings: Settings = None) -> None:
    """Change parameters of a suggestion; it still waits for approval.

    [dim]athanor campaign edit runs/best-p3ht-cnt-conductor-01 p004 --set anneal_c=150[/]
    """
    from console.consenting import edited
    from console.orders import give

    give(run, "edit", suggestion=suggestion, values=edited(run, suggestion, settings or []))
    print(f"{run}: {suggestion} is changed, and waits")


@app.command("add")
def add(run: Folder, settings: Settings = None) -> None:
    """Add a sample of your own to a campaign; it begins without further approval.

    [dim]athanor campaign add runs/best-p3ht-cnt-conductor-01 --set blend.p3ht=0.4 --set blend.l_swnt=0.6[/]
    """
    from console.consenting import given
    from console.orders import give

    give(run, "add", values=given(run, settings or []))
    print(f"{run}: the sample is added")
