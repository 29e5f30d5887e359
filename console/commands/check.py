"""`athanor check`: a verdict and a timetable before anything moves."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.options import Json

if TYPE_CHECKING:
    from console.checking import Examined


def check(
    file: Annotated[Path, typer.Argument(help="A campaign.yaml, or with --lab a protocol.yaml.")],
    lab: Annotated[Path | None, typer.Option("--lab", help="For a protocol: the bench.")] = None,
    samples: Annotated[
        int | None, typer.Option("--samples", min=1, max=1000, help="How many samples; of a campaign, its budget.")
    ] = None,
    params: Annotated[
        Path | None, typer.Option("--params", help="A table (CSV) instead: a column a parameter, a row a sample.")
    ] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", help="A parameter, such as blend.p3ht=0.4.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each step will do, in one sentence.")] = False,
    as_json: Json = False,
) -> None:
    """Check a protocol against a bench, or a campaign: limits, volumes, places, stocks, hazards, time. Nothing moves.

    Ends with code 0 if it may run, 1 if not; warnings are shown and do not count.

    [dim]athanor check protocol.yaml --lab lab.yaml --samples 12[/]
    [dim]athanor check campaign.yaml[/]
    """
    from console.verdict import as_data, show

    examined = _examined(file, lab, samples, params, settings or [])
    result = examined.preflight
    sentences = _explained(examined) if explain and result.passed else []
    if as_json:
        print(json.dumps(as_data(result, examined.told) | ({"sentences": sentences} if explain else {}), indent=1))
    else:
        show(result, examined.told, timetable=not explain)
        for sentence in sentences:
            print(sentence)
    if not result.passed:
        raise typer.Exit(1)


def _examined(
    file: Path, lab: Path | None, samples: int | None, params: Path | None, settings: list[str]
) -> "Examined":
    """The verdict on what a file is: a campaign, or with a bench a protocol."""
    from console.checking import examine, is_campaign
    from console.parameters import given_values, read_table
    from planning.errors import Refused
    from planning.protocol.document import Protocol

    if is_campaign(file):
        if lab is not None or params is not None or settings:
            what = f"{file} is a campaign: it names its bench, and its designer chooses the parameters"
            raise Refused(what, "Leave out --lab, --params and --set; `fix:` in the file settles a parameter")
        from console.campaign_checking import examine_campaign

        return examine_campaign(file, samples)
    if lab is None:
        Protocol.load(file)
        raise Refused(f"{file} hangs together, but nothing says on which bench it is to run", "Add --lab lab.yaml")
    if params is not None and (settings or samples is not None):
        raise Refused("--params goes neither with --samples nor with --set", "Leave out one or the other")

    def samples_of(recipe: Protocol) -> list[dict[str, Any]]:
        return read_table(params, recipe) if params else [given_values(settings, recipe)] * (samples or 1)

    return examine(file, lab, samples_of)


def _explained(examined: "Examined") -> list[str]:
    """What each step of the first sample will do."""
    from planning.explain import explain

    assert examined.protocol is not None
    assert examined.lab is not None
    first = [slot for slot in examined.preflight.timetable if slot.task.samples[0] == "s001"]
    return explain(examined.protocol.bind(examined.samples[0]), first, examined.lab)
