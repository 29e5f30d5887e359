from pathlib import Path

import numpy as np
import pytest

from console.comparison.belief_page import designer_at, write_belief
from console.report.maps import front, importance, maps_of, sheet_through
from planning.design import Category, Designer, Mixture, Objective, Observation, Space
from planning.errors import Refused

FLAT = Space(ranges={"x": (0.0, 1.0), "y": (0.0, 1.0), "idle": (0.0, 1.0)}, categories={"base": Category(("a", "b"))})
INK = Space(mixtures={"ink": Mixture(("p", "q", "r", "s"))}, ranges={"t": (20.0, 30.0)})


def told(space: Space, *names: str) -> Designer:
    designer = Designer(space, [Objective(name) for name in names], seed=0, initial=4)
    for point in space.sample(14, np.random.default_rng(0)):
        value = (
            point.get("x", 0.0) + 0.5 * point.get("y", 0.0) ** 2 + 2 * point.get("ink.p", 0.0) * point.get("ink.q", 0.0)
        )
        designer.tell([Observation(point, dict(zip(names, (value, -(value**2)), strict=False)))])
    return designer


def test_what_moves_the_outcome_most_matters_most() -> None:
    shares = importance(told(FLAT, "z"))

    assert next(iter(shares)) == "x"
    assert shares["idle"] < 0.1
    assert set(shares) == {"x", "y", "idle", "base"}
    assert sum(shares.values()) == pytest.approx(1.0)


def test_two_numbers_span_a_square_and_three_parts_a_triangle() -> None:
    square, triangle = (sheet_through(told(space, "z")) for space in (FLAT, INK))

    assert square is not None
    assert square.names == ("x", "y")
    assert triangle is not None
    assert len(triangle.names) == 3
    assert all(
        sum(share for name, share in point.items() if name != "t") == pytest.approx(1.0) for point in triangle.points
    )


def test_two_objectives_are_drawn_against_each_other() -> None:
    assert front(told(FLAT, "z")) is None
    assert front(told(FLAT, "z", "loss")) is not None


def test_a_page_says_what_is_believed_and_what_comes_next(tmp_path: Path) -> None:
    (tmp_path / "designer.json").write_text(told(FLAT, "z").to_json(), encoding="utf-8")

    page = write_belief(tmp_path / "page.html", designer_at(tmp_path / "designer.json")).read_text(encoding="utf-8")

    assert page.count("<svg") == 3
    assert "Next: " in page
    assert "the runner-up" in page


def test_maps_are_the_same_when_drawn_again() -> None:
    assert maps_of(told(INK, "z")) == maps_of(told(INK, "z"))


def test_before_a_model_there_is_nothing_to_draw() -> None:
    assert maps_of(Designer(FLAT, Objective("z"))) == []


@pytest.mark.parametrize("text", ["", "{}", "[1]"])
def test_what_is_no_designer_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "designer.json").write_text(text, encoding="utf-8")

    with pytest.raises(Refused, match="is no designer"):
        designer_at(tmp_path / "designer.json")
