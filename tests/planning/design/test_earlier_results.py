from pathlib import Path

import pytest

from planning.design.designer import Designer
from planning.design.earlier import earlier_results
from planning.design.objective import Objective, OutcomeLimit
from planning.design.question import TableQuestion
from planning.design.space import Category, Space
from robot.files import FileProblem

SPACE = Space(ranges={"t": (20.0, 100.0)}, fixed={"hours": 2.0}, categories={"base": Category(("koac", "dbu"))})


def designer() -> Designer:
    return Designer(SPACE, Objective("y"), limits=[OutcomeLimit("z", high=3.0)])


def written(folder: Path, *rows: str) -> Path:
    path = folder / "earlier.csv"
    path.write_text("\n".join(["t,base,y,z,y_std_error,failed,batch", *rows]) + "\n", encoding="utf-8")
    return path


def test_earlier_results_are_told_with_all_that_is_known_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, "50,koac,1.5,2,0.1,,monday", "60,dbu,,,,it cracked,monday")

    first, second = earlier_results(path, designer())

    assert first.point == {"t": 50.0, "hours": 2.0, "base": "koac"}
    assert first.values == {"y": 1.5, "z": 2.0}
    assert first.std_errors == {"y": 0.1}
    assert first.batch == "monday"
    assert second.failed == "it cracked"


def test_what_lies_outside_the_space_teaches_all_the_same(tmp_path: Path) -> None:
    who = designer()

    who.tell(earlier_results(written(tmp_path, "120,koac,1.5,2,0.1,,"), who))

    assert who.history.rows[0, 0] == pytest.approx(1.25)


@pytest.mark.parametrize(
    ("row", "told"), [("50,naoh,1,2,0.1,,", "base = naoh is none of koac, dbu"), ("hot,koac,1,2,0.1,,", "hot")]
)
def test_a_row_that_cannot_be_told_is_named(row: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"earlier\.csv:2: .*{told}"):
        earlier_results(written(tmp_path, row), designer())


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "earlier.csv"
    path.write_text("t,base,y\n50,koac,1\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"earlier\.csv:2: has no column 'z'"):
        earlier_results(path, designer())


def test_a_question_names_its_tables(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("x,y\n0,1\n1,2\n2,3\n", encoding="utf-8")
    question = TableQuestion(question="q", maximize="y", space={"x": {"low": 0, "high": 5}}, history=[Path("old.csv")])
    path = tmp_path / "question.yaml"

    who = question.designer(question.space_of(path), path)

    assert len(who.history.measured) == 3
    with pytest.raises(FileProblem, match=r"history: .*nowhere"):
        question.model_copy(update={"history": [Path("nowhere.csv")]}).designer(question.space_of(path), path)
