"""YAML and Python build the same protocol; what does not fit is told with its file and line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from planning.protocol import Protocol
from planning.protocol.document import Range, VesselUse
from planning.protocol.expectations import Expectation
from planning.protocol.flow import Repeat
from planning.protocol.handling import Discard, Wait
from planning.protocol.liquids import Dose
from planning.protocol.steps import VERBS, step
from planning.protocol.treatments import Heat, Ramp
from robot.files import FileProblem

Write = Callable[..., Path]
TYPED = """\
protocol: tea
parameters:
  warm_c: {low: 40, high: 90}
vessels:
  vial: {labware: vial-20ml, from: vials}
steps:
  - dose: {into: vial, at: booth, with: pump, volume_ul: 2000, liquid: water}
    expect: {vial: {fill: as dosed}}
  - heat: {what: vial, in: oven, at: chamber, segments: [{to_c: $warm_c, rate_c_per_min: 5, hold_min: 3}]}
    within_min: {dose: 10}
  - repeat:
      times: 2
      steps:
        - wait: {for_min: $warm_c / 10}
  - discard: {what: vial, to: rubbish}
    name: away
"""
IN_PYTHON = Protocol(
    protocol="tea",
    parameters={"warm_c": Range(low=40, high=90)},
    vessels={"vial": VesselUse(labware="vial-20ml", from_="vials")},
    steps=[
        step(
            Dose(into="vial", at="booth", with_="pump", volume_ul=2000, liquid="water"),
            expect={"vial": Expectation(fill="as dosed")},
        ),
        step(
            Heat(what="vial", in_="oven", at="chamber", segments=[Ramp(to_c="$warm_c", rate_c_per_min=5, hold_min=3)]),
            within_min={"dose": 10},
        ),
        step(Repeat(times=2, steps=[step(Wait(for_min="$warm_c / 10"))])),
        step(Discard(what="vial", to="rubbish"), name="away"),
    ],
)


def test_yaml_and_python_build_the_same(written: Write) -> None:
    assert Protocol.load(written(TYPED)) == IN_PYTHON


def test_a_protocol_written_out_says_the_same(film_bench: Path) -> None:
    example = Protocol.load(film_bench / "protocol.yaml")

    for protocol in (example, IN_PYTHON):
        assert Protocol.model_validate(yaml.safe_load(protocol.to_yaml())) == protocol


def test_a_formula_is_still_worked_out_after_a_round_trip() -> None:
    again = Protocol.model_validate(yaml.safe_load(IN_PYTHON.to_yaml()))

    assert [step.wait.for_min for _, step in again.bind({"warm_c": 60}).named_steps() if step.wait] == [6.0, 6.0]


def problems(written: Write, text: str) -> list[str]:
    with pytest.raises(FileProblem) as caught:
        Protocol.load(written(text))
    return [line.split("protocol.yaml:")[-1] for line in caught.value.lines()]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("what: vial, to", "what: pot, to", 15, ["discard.what", "no vessel is called 'pot'", "vial"]),
        ("times: 2", "times: 0", 12, ["repeat.times", "greater than or equal to 1"]),
        ("$warm_c / 10", "$warmth", 14, ["wait.for_min", "no parameter is called 'warmth'", "warm_c"]),
        ("{dose: 10}", "{pour: 10}", 10, ["within_min", "no step is called 'pour'", "dose"]),
        ("  name: away", "  after: [tea]", 16, ["after", "no step is called 'tea'"]),
        ("{fill: as dosed}", "{mass_mg: 10}", 8, ["mass_tolerance_mg"]),
        ("volume_ul: 2000, liquid: water", "volume_ul: 2000", 7, ["liquid", "blend"]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(written: Write, old: str, new: str, line: int, words: list[str]) -> None:
    (told,) = problems(written, TYPED.replace(old, new))

    assert told.startswith(f"{line}:")
    assert all(word in told for word in words), told


def test_everything_that_is_wrong_comes_at_once(written: Write) -> None:
    text = (
        TYPED.replace("into: vial", "into: jug")
        .replace("$warm_c / 10", "$x")
        .replace("what: vial, to", "what: pot, to")
    )

    assert [told.split(":")[0] for told in problems(written, text)] == ["7", "14", "15"]


def test_a_round_within_a_step_that_waits_for_itself_is_a_circle(written: Write) -> None:
    text = TYPED.replace(
        "steps:\n  - dose", "steps:\n  - wait: {for_min: 1}\n    after: [wait_2]\n  - wait: {for_min: 2}\n  - dose"
    )

    (told,) = problems(written, text)

    assert "circle: wait" in told


# --- protocols that use protocols

OUTER = """\
protocol: outer
parameters: {hot_c: {low: 50, high: 300}}
vessels:
  plate: {labware: glass-25mm, from: substrates}
protocols:
  anneal: anneal.yaml
steps:
  - use: {protocol: anneal, with: {to_c: $hot_c}, vessels: {film: plate}}
"""
INNER = """\
protocol: anneal
parameters:
  to_c: {low: 20, high: 200}
  hold_min: {low: 1, high: 60, default: 5}
vessels:
  film: {labware: glass-25mm}
steps:
  - heat: {what: film, in: furnace, at: chamber, to_c: $to_c, rate_c_per_min: 10, hold_min: $hold_min}
"""


def test_a_protocol_in_a_file_of_its_own_is_taken_in(written: Write) -> None:
    written(INNER, "anneal.yaml")

    protocol = Protocol.load(written(OUTER))

    ((name, bound),) = protocol.bind({"hot_c": 150}).named_steps()
    assert (name, bound.heat and bound.heat.what, bound.heat and bound.heat.to_c) == ("use/heat", "plate", 150.0)
    assert Protocol.model_validate(yaml.safe_load(protocol.to_yaml())) == protocol


def test_what_is_wrong_in_a_file_that_is_taken_in_is_told_there(written: Write) -> None:
    inner = written(INNER.replace("what: film", "what: foil"), "anneal.yaml")

    with pytest.raises(FileProblem, match="no vessel is called 'foil'") as caught:
        Protocol.load(written(OUTER))

    assert str(caught.value).startswith(f"{inner}:8: ")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("anneal.yaml", "bake.yaml", 6, ["bake.yaml does not exist"]),
        ("anneal.yaml", "../anneal.yaml", 6, ["not beside this file"]),
        ("anneal.yaml", "protocol.yaml", 6, ["takes itself in"]),
        ("to_c: $hot_c", "hotness: 3", 8, ["no parameter 'hotness'", "to_c"]),
        ("with: {to_c: $hot_c}, ", "", 8, ["needs its parameter 'to_c'"]),
        ("film: plate", "foil: plate", 8, ["no vessel 'foil'"]),
        (", vessels: {film: plate}", "", 8, ["its vessel 'film'"]),
        ("protocol: anneal,", "protocol: bake,", 8, ["no protocol is called 'bake'", "anneal"]),
    ],
)
def test_a_use_that_does_not_fit_is_told_with_its_line(
    written: Write, old: str, new: str, line: int, words: list[str]
) -> None:
    written(INNER, "anneal.yaml")

    told = problems(written, OUTER.replace(old, new))

    assert all(each.startswith(f"{line}:") for each in told)
    assert all(word in " ".join(told) for word in words), told


def test_every_verb_says_what_it_does() -> None:
    fields: dict[str, Any] = {verb: type_.annotation for verb, type_ in type(IN_PYTHON.steps[0]).model_fields.items()}

    assert all(fields[verb].__args__[0].__doc__ for verb in VERBS)
