"""`athanor check`: a verdict and a timetable before anything moves."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.options import Json

if TYPE_CHECKING:
    from console.checking import Examined
    from planning.protocol.document import Protocol


def check(
    protocol: Annotated[Path, typer.Argument(help="The recipe: protocol.yaml.")],
    lab: Annotated[Path | None, typer.Option("--lab", help="The bench: lab.yaml.")] = None,
    samples: Annotated[int, typer.Option("--samples", min=1, max=1000, help="How many samples.")] = 1,
    params: Annotated[
        Path | None, typer.Option("--params", help="A table (CSV) instead: a column a parameter, a row a sample.")
    ] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="A parameter, such as blend.p3ht=0.4.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each step will do, in one sentence.")] = False,
    as_json: Json = False,
) -> None:
    """Check a protocol against a bench: limits, volumes, places, stocks, hazards, time. Nothing moves.

    Ends with code 0 if it may run, 1 if not; warnings are shown and do not count.

    [dim]athanor check protocol.yaml --lab lab.yaml --samples 12[/]
    """
    from console.checking import examine
    from console.parameters import given_values, read_table
    from console.verdict import as_data, show
    from planning.errors import Refused
    from planning.protocol.document import Protocol

    if lab is None:
        Protocol.load(protocol)
        raise Refused(f"{protocol} hangs together, but nothing says on which bench it is to run", "Add --lab lab.yaml")
    if params is not None and (settings or samples != 1):
        raise Refused("--params goes neither with --samples nor with --set", "Leave out one or the other")

    def samples_of(recipe: Protocol) -> list[dict[str, Any]]:
        return read_table(params, recipe) if params else [given_values(settings or [], recipe)] * samples

    examined = examine(protocol, lab, samples_of)
    result = examined.preflight
    sentences = _explained(examined, samples_of) if explain and result.passed else []
    if as_json:
        print(json.dumps(as_data(result, examined.told) | ({"sentences": sentences} if explain else {}), indent=1))
    else:
        show(result, examined.told, timetable=not explain)
        for sentence in sentences:
            print(sentence)
    if not result.passed:
        raise typer.Exit(1)


def _explained(examined: "Examined", samples_of: "Callable[[Protocol], list[dict[str, Any]]]") -> list[str]:
    """What each step of the first sample will do."""
    from planning.explain import explain

    assert examined.protocol is not None
    assert examined.lab is not None
    first = [slot for slot in examined.preflight.timetable if slot.task.samples[0] == "s001"]
    return explain(examined.protocol.bind(samples_of(examined.protocol)[0]), first, examined.lab)
