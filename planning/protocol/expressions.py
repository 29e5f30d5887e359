"""Formulas over parameters, such as `$anneal_c + 10` or `blend.p3ht + blend.dwnt >= 0.3`: parsed, never evaluated as code."""

import ast
import operator
from collections.abc import Callable, Mapping
from math import inf, isfinite

Values = Mapping[str, "float | Mapping[str, float]"]
MAX_LENGTH = 200
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
ALLOWED = "Allowed are numbers, parameters, + - * / and brackets"


class BadExpression(ValueError):
    """A formula that cannot be read or worked out; the message says why and what is allowed."""


def names_in(text: str) -> set[str]:
    """List the parameters that a formula speaks of.

    >>> sorted(names_in("$a + 2 * $blend.p3ht"))
    ['a', 'blend']
    """
    return {node.id for node in ast.walk(_parse(text)) if isinstance(node, ast.Name)}


def evaluate(text: str, values: Values) -> "float | Mapping[str, float]":
    """Work out a formula; a lone `$blend` gives the whole mixture.

    >>> evaluate("$anneal_c + 2 * 5", {"anneal_c": 140.0})
    150.0

    Raises:
        BadExpression: not a formula, an unknown parameter, or no finite result.
    """
    tree = _parse(text)
    if isinstance(tree, ast.Name):
        return _look_up(tree.id, values)
    result = _number(tree, values)
    if not isfinite(result):
        raise BadExpression(f"{text!r} has no finite result")
    return result


def linear_constraint(text: str) -> tuple[dict[str, float], float, float]:
    """Read `lower <= a*x + b*y` and the like as coefficients over flat names, lower bound, upper bound.

    >>> linear_constraint("blend.p3ht >= 0.15")
    ({'blend.p3ht': 1.0}, 0.15, inf)

    Raises:
        BadExpression: no comparison, or not linear.
    """
    tree = _parse(text, comparison=True)
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        raise BadExpression(f"{text!r} is not one comparison; write for example 'blend.p3ht >= 0.15'")
    left, right = _linear(tree.left), _linear(tree.comparators[0])
    difference = {name: left.get(name, 0.0) - right.get(name, 0.0) for name in {**left, **right}}
    constant = difference.pop("", 0.0)
    if not difference:
        raise BadExpression(f"{text!r} speaks of no parameter")
    match tree.ops[0]:
        case ast.GtE() | ast.Gt():
            return difference, -constant, inf
        case ast.LtE() | ast.Lt():
            return difference, -inf, -constant
        case ast.Eq():
            return difference, -constant, -constant
    raise BadExpression(f"{text!r}: compare with <=, >= or ==")


def _parse(text: str, *, comparison: bool = False) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"a formula of {len(text)} characters; at most {MAX_LENGTH} are allowed")
    try:
        tree = ast.parse(text.replace("$", "").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as err:
        raise BadExpression(f"{text!r} is not a formula. {ALLOWED}") from err
    allowed: tuple[type[ast.AST], ...] = (
        ast.BinOp, ast.UnaryOp, ast.USub, ast.UAdd, ast.Name, ast.Attribute, ast.Constant, ast.Load, *_ARITHMETIC,
    )  # fmt: skip
    if comparison:
        allowed += (ast.Compare, ast.cmpop)
    for node in ast.walk(tree):
        if not isinstance(node, allowed):
            raise BadExpression(f"{text!r}: {type(node).__name__.lower()} is not allowed. {ALLOWED}")
        if isinstance(node, ast.Constant) and (isinstance(node.value, bool) or not isinstance(node.value, int | float)):
            raise BadExpression(f"{text!r}: {node.value!r} is not a number. {ALLOWED}")
        if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name):
            raise BadExpression(f"{text!r}: only parameter.part is allowed, one dot deep")
    return tree


def _look_up(name: str, values: Values) -> "float | Mapping[str, float]":
    if name not in values:
        raise BadExpression(f"no parameter is called {name!r}; there are {', '.join(sorted(values)) or 'none'}")
    return values[name]


def _number(node: ast.expr, values: Values) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            single = _look_up(name, values)
            if isinstance(single, Mapping):
                raise BadExpression(f"{name!r} is a mixture; take one part, such as {name}.{next(iter(single))}")
            return single
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            whole = _look_up(name, values)
            if not isinstance(whole, Mapping) or part not in whole:
                raise BadExpression(f"{name!r} has no part {part!r}")
            return whole[part]
        case ast.UnaryOp(op=sign, operand=operand):
            number = _number(operand, values)
            return -number if isinstance(sign, ast.USub) else number
        case ast.BinOp(left=left, op=op, right=right):
            try:
                return _ARITHMETIC[type(op)](_number(left, values), _number(right, values))
            except ZeroDivisionError as err:
                raise BadExpression("division by zero") from err
    raise BadExpression(ALLOWED)


def _linear(node: ast.expr) -> dict[str, float]:
    """Coefficients by flat name; the constant under ""."""
    match node:
        case ast.Name(id=name):
            return {name: 1.0}
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            return {f"{name}.{part}": 1.0}
        case ast.UnaryOp(op=sign, operand=operand):
            return _scaled(_linear(operand), -1.0 if isinstance(sign, ast.USub) else 1.0)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            addend = _scaled(_linear(right), -1.0 if isinstance(op, ast.Sub) else 1.0)
            first = _linear(left)
            return {name: first.get(name, 0.0) + addend.get(name, 0.0) for name in {**first, **addend}}
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            first, second = _linear(left), _linear(right)
            if set(first) <= {""}:
                return _scaled(second, first.get("", 0.0))
            if set(second) <= {""}:
                return _scaled(first, second.get("", 0.0))
            raise BadExpression("a constraint must be linear: no parameter times a parameter")
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _scaled(_linear(left), 1.0 / _number(right, {}))
    return {"": _number(node, {})}


def _scaled(coefficients: Mapping[str, float], factor: float) -> dict[str, float]:
    return {name: factor * value for name, value in coefficients.items()}
