"""`athanor check`: a verdict and a timetable before anything moves."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.options import Json

if TYPE_CHECKING:
    from planning.preflight import Preflight
    from planning.protocol.document import Protocol
    from robot.config import LabConfig


def check(
    protocol: Annotated[Path, typer.Argument(help="The recipe: protocol.yaml.")],
    lab: Annotated[Path | None, typer.Option("--lab", help="The bench: lab.yaml.")] = None,
    samples: Annotated[int, typer.Option("--samples", min=1, max=1000, help="How many samples.")] = 1,
    settings: Annotated[list[str] | None, typer.Option("--set", help="A parameter, such as blend.p3ht=0.4.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each step will do, in one sentence.")] = False,
    as_json: Json = False,
) -> None:
    """Check a protocol against a bench: limits, volumes, places, stocks, time. Nothing moves.

    [dim]athanor check protocol.yaml --lab lab.yaml --samples 12[/]
    """
    from console.checking import preflight
    from planning.errors import Refused
    from planning.protocol.document import Protocol
    from robot.config import LabConfig

    recipe = Protocol.load(protocol)
    if lab is None:
        raise Refused(f"{protocol} hangs together, but nothing says on which bench it is to run", "Add --lab lab.yaml")
    bench = LabConfig.load(lab)
    values = given_values(settings or [], recipe)
    result = preflight(bench, recipe, [values] * samples)
    sentences = _explained(recipe, bench, values, result) if explain and result.passed else []
    if as_json:
        print(json.dumps(_as_data(result) | ({"sentences": sentences} if explain else {}), indent=1))
    else:
        show(result, {"protocol": protocol, "lab": lab}, list(bench.devices))
        for sentence in sentences:
            print(sentence)
    if not result.passed:
        raise typer.Exit(1)


def _explained(recipe: "Protocol", bench: "LabConfig", values: Mapping[str, Any], result: "Preflight") -> list[str]:
    """What each step of the first sample will do."""
    from planning.explain import explain

    first = [slot for slot in result.timetable if slot.task.samples[0] == "s001"]
    return explain(recipe.bind(values), first, bench)


def given_values(settings: list[str], recipe: "Protocol") -> dict[str, Any]:
    """Turn `name=value` and `name.part=value` into parameters; mixtures not given are shared out equally."""
    from planning.errors import Refused
    from planning.protocol.document import Mixture

    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        try:
            value = float(text)
        except ValueError:
            equals = ""
        if not equals:
            raise Refused(f"--set {setting}: not of the form name=number", "Write for example --set anneal_c=140")
        whole, dot, part = name.partition(".")
        if dot:
            values.setdefault(whole, {})[part] = value
        else:
            values[name] = value
    for name, parameter in recipe.parameters.items():
        if name not in values and isinstance(parameter, Mixture):
            values[name] = dict.fromkeys(parameter.mixture_of, 1 / len(parameter.mixture_of))
    return values


def given_answers(answers: Sequence[str], recipe: "Protocol") -> dict[str, str]:
    """Turn `name=answer` into rehearsed answers.

    Raises:
        Refused: no step asks for that, or would understand this.
    """
    from planning.errors import Refused
    from planning.protocol.handling import Ask
    from planning.questions import Question

    asked = {action.as_: action for action in recipe.actions() if isinstance(action, Ask)}
    given = {}
    for each in answers:
        name, _, text = each.partition("=")
        if name not in asked:
            raise Refused(f"--answer {each}: no step asks for {name!r}", f"There are {', '.join(asked) or 'none'}")
        Question(name, asked[name].question, asked[name].answers, name).understood(text)
        given[name] = text
    return given


def show(result: Any, files: Mapping[str, Path], devices: list[str]) -> None:
    """Print a verdict for people, every finding with its line."""
    from rich.console import Console
    from rich.markup import escape

    from planning.protocol.source import Source

    console = Console(highlight=False, soft_wrap=True)
    if result.passed:
        low_s, high_s = result.duration_interval_s()
        busy = max(devices, key=result.busy_fraction)
        console.print(
            f"[green]✓[/] {result.samples} sample{'s' if result.samples > 1 else ''} fit: {hours(result.duration_s)} "
            f"({hours(low_s)} – {hours(high_s)}), {busy} {100 * result.busy_fraction(busy):.0f} % busy"
        )
    sources = {name: Source.read(path) for name, path in files.items()}
    for finding in result.findings:
        mark = "[red]✗[/]" if finding.level == "error" else "[yellow]![/]"
        file, line = sources[finding.file].where(finding.location)
        where = f"{file}:{line}" if finding.location else f"{file}"
        step = f"step {finding.step}: " if finding.step else ""
        console.print(f"{mark} {escape(f'{where}: {step}{finding.what}')}\n     → {escape(finding.remedy)}")


def _as_data(result: Any) -> dict[str, Any]:
    low_s, high_s = result.duration_interval_s()
    return {
        "passed": result.passed,
        "samples": result.samples,
        "duration_s": result.duration_s,
        "duration_interval_s": [low_s, high_s],
        "findings": [vars(finding) for finding in result.findings],
        "timetable": [
            {"task": slot.task.id, "samples": slot.task.samples, "start_s": slot.start_s, "end_s": slot.end_s}
            for slot in result.timetable
        ],
    }


def hours(seconds: float) -> str:
    """A duration for people.

    >>> hours(24060)
    '6 h 41 min'
    """
    whole_min = round(seconds / 60)
    return f"{whole_min // 60} h {whole_min % 60:02d} min" if whole_min >= 60 else f"{whole_min} min"
