"""A designer is its JSON document: read back anywhere, it proposes the same."""

import json
import subprocess
import sys

import numpy as np
import pytest

from planning.design.designer import Designer
from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.space import Category, LinearConstraint, Mixture, Point, Space

MIXED = Space(
    ranges={"t": (20.0, 150.0)},
    mixtures={"ink": Mixture(("a", "b", "c"), at_most=2, minimum_if_present={"a": 0.1})},
    steps={"layers": (1, 2, 3)},
    categories={"solvent": Category(("toluene", "water"))},
    constraints=[LinearConstraint({"t": 1.0, "layers": 10.0}, upper=160.0)],
    conditions=["t < 100 or solvent == toluene"],
)


def designer_of_much() -> Designer:
    goals = [Objective("gap", low=1.3, high=1.5), Objective("loss", maximise=False, scale="log")]
    return Designer(MIXED, goals, seed=5, initial=3, limits=[OutcomeLimit("mass_mg", low=0.5)], cost="1 + 0.01 * t")


def outcome(point: Point, step: int) -> Observation:
    if step == 2:
        return Observation(point, failed="no film")
    heat = point["t"] / 150.0
    values = {
        "gap": 1.0 + heat * point["ink.a"],
        "loss": 0.1 + (heat - 0.5) ** 2,
        "mass_mg": 1.0 - 0.1 * point["layers"],
    }
    return Observation(point, values, std_errors={"gap": 0.02}, batch=f"b{step // 2}")


def test_a_campaign_killed_and_restored_at_every_step_goes_the_same_way() -> None:
    lasting, restored = designer_of_much(), designer_of_much()
    pending: list[Point] = []

    for step in range(7):
        asked = lasting.ask(2, pending)
        restored = Designer.from_json(restored.to_json())
        assert restored.ask(2, pending) == asked
        pending = [asked[1].point]
        for designer in (lasting, restored):
            designer.tell([outcome(asked[0].point, step)])


def test_another_process_proposes_the_same_to_the_last_digit() -> None:
    designer = Designer(Space(mixtures={"m": Mixture("abc")}), Objective("y"), seed=3, initial=2)
    for point in designer.space.sample(4, np.random.default_rng(0)):
        designer.tell([Observation(point, {"y": point["m.a"] - point["m.b"] ** 2})])
    code = (
        "import sys; from planning.design import Designer; "
        "print(*(s.point for s in Designer.from_json(sys.stdin.read()).ask(2)), sep=chr(10))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], input=designer.to_json(), capture_output=True, text=True, check=True
    )

    assert answer.stdout.splitlines() == [str(suggestion.point) for suggestion in designer.ask(2)]


def test_the_document_is_written_the_same_after_it_was_read() -> None:
    designer = designer_of_much()
    designer.tell([outcome(designer.ask(1)[0].point, 0)])

    text = designer.to_json()

    assert Designer.from_json(text).to_json() == text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"designer": 99}, "of version 99; this is version 1"),
        ({"space": {}}, "no designer can be read"),
    ],
)
def test_a_document_that_is_none_is_refused(change: dict[str, object], message: str) -> None:
    data = json.loads(designer_of_much().to_json()) | change

    with pytest.raises(ValueError, match=message):
        Designer.from_json(json.dumps(data))


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError):
        Designer.from_json("{")
