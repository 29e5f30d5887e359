from pathlib import Path
from typing import Any

import pytest
import yaml

from planning.design.question import TableQuestion
from planning.design.space import Space
from robot.files import FileProblem

FULL = {
    "question": "the softest ink",
    "space": {
        "ink": {"mixture_of": ["a", "b", "c"], "at_most": 2, "minimum_if_present": 0.1},
        "anneal_c": {"low": 80, "high": 200},
        "layers": {"low": 1, "high": 4, "step": 1},
        "sieve_um": {"one_of": [100, 20, 50]},
        "solvent": {"one_of": ["toluene", "water"], "descriptors": "solvents.csv"},
    },
    "fix": {"sieve_um": 50},
    "constraints": ["ink.a >= ink.b", "anneal_c * layers < 600 or solvent == water"],
    "objectives": [{"aim": "gap_ev", "low": 1.4, "high": 1.4}, {"minimize": "loss", "scale": "log"}],
    "limits": ["roughness_nm <= 20"],
    "cost": "1 + 0.01 * anneal_c",
}


def written(folder: Path, **changes: Any) -> Path:
    (folder / "solvents.csv").write_text("name,polarity\ntoluene,2.4\nwater,10.2\n", encoding="utf-8")
    path = folder / "question.yaml"
    path.write_text(yaml.safe_dump(FULL | changes), encoding="utf-8")
    return path


def space_of(path: Path) -> Space:
    return TableQuestion.load(path).space_of(path)


def test_a_question_says_all_that_a_designer_needs(tmp_path: Path) -> None:
    path = written(tmp_path)
    question = TableQuestion.load(path)

    designer = question.designer(question.space_of(path), path)
    (suggestion,) = designer.ask()

    assert set(suggestion.point) == {"ink.a", "ink.b", "ink.c", "anneal_c", "layers", "sieve_um", "solvent"}
    assert suggestion.point["sieve_um"] == 50.0
    assert suggestion.point["layers"] in (1.0, 2.0, 3.0, 4.0)
    assert "solvent:polarity" in designer.space.free
    assert [goal.name for goal in designer.objectives] == ["gap_ev", "loss"]
    assert designer.choice.name == "hypervolume"
    assert designer.limits[0].high == 20.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"objectives": []}, ["one of maximize, minimize or objectives"]),
        ({"maximize": "gap_ev"}, ["one of maximize, minimize or objectives"]),
        ({"objectives": [{"aim": "gap_ev"}]}, ["objectives.0", "aim needs them"]),
        ({"objectives": [{"aim": "gap_ev", "low": 2, "high": 1}]}, ["objectives.0", "swap them"]),
        ({"objectives": [{"maximize": "x", "minimize": "x"}]}, ["objectives.0", "one of maximize, minimize or aim"]),
        ({"objectives": [{"maximize": "x"}, {"minimize": "x"}]}, ["two objectives are of one figure"]),
        ({"strategy": "astrology"}, ["astrology", "downhill_simplex"]),
        ({"constraints": ["ink.a ** 2 < 1"]}, ["constraints.0", "not allowed"]),
        ({"limits": ["a + b <= 3"]}, ["limits.0", "no limit of one figure"]),
        ({"cost": "1 +"}, ["cost", "not a formula"]),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_field(
    changes: dict[str, Any], words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(FileProblem) as caught:
        TableQuestion.load(written(tmp_path, **changes))

    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ({"low": 3, "high": 1}, ["space.p", "swap them"]),
        ({"low": 3}, ["space.p.high", "is required"]),
        ({"low": 0, "high": 1, "steps": 3}, ["space.p.steps", "no such field"]),
        ({"low": 0, "high": 1e9, "step": 1}, ["space.p", "more than 10000 values"]),
        ({"one_of": []}, ["space.p.one_of", "1 or more"]),
        ({"mixture_of": ["a"]}, ["space.p.mixture_of", "2 or more"]),
        ({"mixture_of": ["a", "b"], "at_most": 3}, ["cannot have 1 to 3"]),
        ({"mixture_of": ["a", "b"], "maximum": {"c": 1}}, ["c is no part"]),
        ({"one_of": ["a", "b"], "descriptors": "nowhere.csv"}, ["nowhere.csv", "cannot be read"]),
        ({"one_of": ["a", "b"], "descriptors": "solvents.csv"}, ["no descriptors of a, b"]),
    ],
)
def test_a_parameter_that_cannot_be_understood_is_told(
    parameter: dict[str, Any], words: list[str], tmp_path: Path
) -> None:
    path = written(tmp_path, space={"p": parameter}, constraints=[], fix={})

    with pytest.raises(FileProblem) as caught:
        space_of(path)

    assert all(word in str(caught.value) for word in words)


def test_a_strategy_that_does_not_serve_the_question_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, strategy="annealing")
    question = TableQuestion.load(path)

    with pytest.raises(FileProblem, match="annealing serves one objective, not 2"):
        question.designer(question.space_of(path), path)
