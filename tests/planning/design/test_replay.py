from pathlib import Path

import numpy as np
import pytest

from planning.design.candidates import designer_from, proposals_for, read_proposals, write_proposals
from planning.design.question import TableQuestion
from planning.design.replay import (
    Measured,
    acceleration,
    best_so_far,
    enhancement,
    found_fraction,
    read_measured,
    replay,
)
from robot.files import FileProblem

QUESTION = TableQuestion(question="q", maximize="Yield")


def table(folder: Path) -> Path:
    path = folder / "measured.csv"
    rows = [f"{x},{word},{x * (2 if word == 'b' else 1)}" for x in range(10) for word in ("a", "b")]
    path.write_text("\n".join(["Temp C,base,Yield", *rows, "3,a,5", "4,a,"]) + "\n", encoding="utf-8")
    return path


def measured(folder: Path) -> Measured:
    return read_measured(table(folder), QUESTION, folder / "question.yaml")


def test_a_table_is_read_with_its_repeats_and_failures(tmp_path: Path) -> None:
    found = measured(tmp_path)

    place = {(point["Temp C"], point["base"]): index for index, point in enumerate(found.space.candidates)}
    assert len(found.answers) == 20
    assert [each["Yield"] for each in found.answers[place[3.0, "a"]]] == [3.0, 5.0]
    assert found.answer(place[3.0, "a"], None).values == {"Yield": 4.0}
    assert found.answer(place[3.0, "a"], np.random.default_rng(0)).values["Yield"] in (3.0, 5.0)
    assert found.top == {place[9.0, "b"]}


def test_a_replay_measures_each_candidate_once_and_the_same_again_from_the_same_seed(tmp_path: Path) -> None:
    found = measured(tmp_path)

    orders = [
        replay(QUESTION.designer(found.space, tmp_path), found, 12, 3, np.random.default_rng(0), drawn=True)
        for _ in range(2)
    ]

    assert orders[0] == orders[1]
    assert len(set(orders[0])) == 12


def test_the_question_narrows_the_table(tmp_path: Path) -> None:
    question = TableQuestion(question="q", maximize="Yield", space={"base": {"one_of": ["a", "b"]}}, fix={"base": "a"})
    narrowed = read_measured(table(tmp_path), question, tmp_path / "question.yaml")

    assert {point["base"] for point in narrowed.space.candidates} == {"a"}


def test_a_table_without_the_wanted_figure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="column hardness: is not there"):
        read_measured(table(tmp_path), TableQuestion(question="q", maximize="hardness"), tmp_path / "question.yaml")


def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"nowhere\.csv"):
        read_measured(tmp_path / "nowhere.csv", QUESTION, tmp_path / "question.yaml")


def test_what_was_found_is_counted_as_it_is_found(tmp_path: Path) -> None:
    found = measured(tmp_path)
    (top,) = found.top
    order = [0, 1, top, 2]

    assert found_fraction(found, order).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert best_so_far(found, order).tolist() == [0.0, 0.0, 18.0, 18.0]


def test_enhancement_and_acceleration_compare_with_chance_that_repeats_nothing() -> None:
    found = np.array([0.0, 0.5, 1.0, 1.0])

    assert enhancement(found, candidates=100).tolist() == pytest.approx([0.0, 25.0, 100 / 3, 25.0])
    assert acceleration(found, candidates=100, share=0.5) == 25.0  # chance needs 50 samples, this one 2
    assert np.isnan(acceleration(np.array([0.0, 0.1]), candidates=100, share=0.5))


def test_proposals_are_made_from_a_list_as_nims_os_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    rows = [f"{x / 10},{1.0 if x < 3 else ''}" for x in range(11)]
    path.write_text("\n".join(["x,y", *rows]) + "\n", encoding="utf-8")
    designer = designer_from(path, 1)

    proposals = proposals_for(path, designer, 2)
    write_proposals(tmp_path / "proposals.csv", proposals, designer.space.names)

    numbers = read_proposals(tmp_path / "proposals.csv")
    assert len(set(numbers)) == 2
    assert min(numbers) >= 3
    assert (tmp_path / "proposals.csv").read_text(encoding="utf-8").startswith("actions,x\n")


def test_an_objective_may_be_small(tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("x,y,z\n0,1,5\n1,2,\n2,3,7\n", encoding="utf-8")

    designer = designer_from(path, 2, minimise=["z"])

    assert [goal.maximise for goal in designer.objectives] == [True, False]
    assert len(designer.history.measured) == 2


@pytest.mark.parametrize(
    ("objectives", "minimise", "message"), [(3, [], "cannot be objectives"), (1, ["x"], "is no objective")]
)
def test_a_list_without_such_objectives_is_refused(
    objectives: int, minimise: list[str], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text("x,y,z\n0,1,5\n", encoding="utf-8")

    with pytest.raises(ValueError, match=message):
        designer_from(path, objectives, minimise=minimise)


def test_of_several_objectives_the_dominated_volume_is_followed(tmp_path: Path) -> None:
    rows = "\n".join(f"{x},{x},{4 - x}" for x in range(5))
    (tmp_path / "two.csv").write_text(f"x,up,down\n{rows}\n5,-3,-3\n", encoding="utf-8")
    question = TableQuestion.model_validate({"question": "q", "objectives": [{"maximize": "up"}, {"maximize": "down"}]})
    found = read_measured(tmp_path / "two.csv", question, tmp_path / "question.yaml")

    shares = best_so_far(found, [5, 2, 0, 1, 3, 4])

    assert found.top == {0, 1, 2, 3, 4}
    assert shares[0] == 0.0
    assert np.all(np.diff(shares) > 0)
    assert shares[-1] == pytest.approx(1.0)
