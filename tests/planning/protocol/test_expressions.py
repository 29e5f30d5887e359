"""Formulas are worked out, never run."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.protocol.expressions import BadExpression, evaluate, linear_constraint

finite = st.floats(-1e6, 1e6, allow_nan=False)


@given(finite, finite, finite)
def test_arithmetic_agrees_with_python(a: float, b: float, c: float) -> None:
    assert evaluate("$a + 2 * $b - $c / 4", {"a": a, "b": b, "c": c}) == a + 2 * b - c / 4


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "$a.__class__.__bases__",
        "[x for x in (1,)]",
        "open",
        "$a ** 9999",
        "lambda: 1",
        "'text'",
        "True",
        "$a +",
        "1e999 * 10",
        "$a / 0",
        "(" * 150 + "1" + ")" * 150,
        "1+" * 300 + "1",
    ],
)
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        evaluate(text, {"a": 1.0})


def test_a_lone_name_gives_a_whole_mixture() -> None:
    assert evaluate("$blend", {"blend": {"p3ht": 1.0}}) == {"p3ht": 1.0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("blend.p3ht >= 0.15", ({"blend.p3ht": 1.0}, 0.15, inf)),
        ("2 * a + b / 2 <= 3 - b", ({"a": 2.0, "b": 1.5}, -inf, 3.0)),
        ("1 - a == b", ({"a": -1.0, "b": -1.0}, -1.0, -1.0)),
    ],
)
def test_a_comparison_becomes_a_linear_constraint(text: str, expected: object) -> None:
    assert linear_constraint(text) == expected


@pytest.mark.parametrize("text", ["a * b >= 1", "a >= 1 >= b", "a + b", "1 >= 0", "a != 1", "1 / a >= 2"])
def test_what_is_no_linear_comparison_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        linear_constraint(text)
