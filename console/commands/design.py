"""`athanor design`: strategies compared on measured tables, and proposals from a list, without a bench."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Choose experiments without a bench.")


@app.command()
def simulate(
    question: Annotated[
        Path, typer.Argument(help="What to vary and what is wanted: campaign.yaml, or a question alone.")
    ],
    table: Annotated[Path, typer.Option("--table", help="What was measured (CSV): parameters, then figures.")],
    strategies: Annotated[
        str, typer.Option("--strategies", help="Which to compare, such as auto,random,downhill_simplex,baybe.")
    ] = "auto,random",
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=1000, help="How many campaigns of each.")] = 10,
    budget: Annotated[int | None, typer.Option("--budget", min=3, help="Samples, instead of the question's.")] = None,
    batch: Annotated[
        int | None, typer.Option("--batch", min=1, help="Samples at a time, instead of the question's.")
    ] = None,
    drawn: Annotated[bool, typer.Option("--drawn", help="Draw one of the repeats instead of their mean.")] = False,
    out: Annotated[Path, typer.Option("--out", help="The page with the figures.")] = Path("comparison.html"),
) -> None:
    """Replay a measured table with several strategies, and draw how soon each finds the best of it.

    [dim]athanor design simulate question.yaml --table measured.csv --strategies auto,random --seeds 20[/]
    """
    from rich.console import Console

    from console.comparison.page import write_page
    from console.comparison.replays import replays, table_of, understood

    asked = understood(question, table, strategies, budget, batch)
    compared = replays(asked, seeds, drawn=drawn)
    Console().print(table_of(asked, compared))
    print(write_page(out, asked, compared))


@app.command()
def show(
    source: Annotated[Path, typer.Argument(help="The folder of a run, or a designer as to_json wrote it.")],
    out: Annotated[Path, typer.Option("--out", help="The page with the maps.")] = Path("designer.html"),
    state: Annotated[
        Path | None, typer.Option("--state", help="Also write the designer as JSON, to go on elsewhere.")
    ] = None,
) -> None:
    """Draw what a designer believes, say what it would do next and whether to stop.

    [dim]athanor design show runs/best-p3ht-cnt-conductor-01[/]
    """
    from console.comparison.belief_page import designer_at, write_belief

    designer = designer_at(source)
    if state is not None:
        state.write_text(designer.to_json() + "\n", encoding="utf-8")
    print(write_belief(out, designer))


@app.command("next")
def propose(
    candidates: Annotated[
        Path, typer.Argument(help="A table (CSV): parameters, then objectives, empty if not measured.")
    ],
    objectives: Annotated[
        int, typer.Option("--objectives", min=1, help="How many of the last columns are objectives.")
    ] = 1,
    minimise: Annotated[list[str] | None, typer.Option("--minimise", help="An objective that is to be small.")] = None,
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="How many to propose.")] = 1,
    strategy: Annotated[str, typer.Option("--strategy", help="Who chooses.")] = "auto",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of every choice.")] = 0,
    out: Annotated[Path, typer.Option("--out", help="Where the proposals go.")] = Path("proposals.csv"),
) -> None:
    """Propose what to measure next from a list of candidates, as NIMS-OS keeps it.

    [dim]athanor design next candidates.csv --objectives 1 --count 2[/]
    """
    from planning.design.candidates import designer_from, proposals_for, write_proposals
    from planning.errors import Refused

    try:
        designer = designer_from(candidates, objectives, minimise=minimise or [], strategy=strategy, seed=seed)
        proposals = proposals_for(candidates, designer, count)
    except ValueError as err:
        raise Refused(str(err), "Correct the table or the options") from err
    write_proposals(out, proposals, designer.space.names)
    for number, suggestion in proposals:
        values = ", ".join(f"{name}={value}" for name, value in suggestion.point.items())
        print(f"{number}: {values}\n   {suggestion.reason}")
    print(f"{designer.choice.name}: {designer.choice.why}\n{out}")
