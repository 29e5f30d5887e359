"""Formulas over parameters, such as `$anneal_c + 10` or `blend.p3ht + blend.dwnt >= 0.3`: parsed, never evaluated as code."""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from math import inf, isfinite

Values = Mapping[str, "float | Mapping[str, float]"]
MAX_LENGTH = 200
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FORMULA: tuple[type[ast.AST], ...] = (
    ast.BinOp, ast.UnaryOp, ast.USub, ast.UAdd, ast.Name, ast.Attribute, ast.Constant, ast.Load, *_ARITHMETIC,
)  # fmt: skip
_COMPARISON = (*_FORMULA, ast.Compare, *_COMPARISONS)
_CONDITION = (*_COMPARISON, ast.BoolOp, ast.And, ast.Or, ast.Not)
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


def names_in_condition(text: str) -> set[str]:
    """List what a condition speaks of.

    >>> sorted(names_in_condition("$a > 2 and not phases.target < 0.5"))
    ['a', 'phases']

    Raises:
        BadExpression: not a condition.
    """
    tree = _parse(text, _CONDITION)
    _check_logic(text, tree)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def parts_in_condition(text: str) -> set[tuple[str, str]]:
    """List what a condition speaks of, as name and part; a lone name has no part.

    >>> sorted(parts_in_condition("furnace.temperature_c < 60 and doser.ending == done"))
    [('done', ''), ('doser', 'ending'), ('furnace', 'temperature_c')]

    Raises:
        BadExpression: not a condition.
    """
    tree = _parse(text, _CONDITION)
    _check_logic(text, tree)
    parts = {(node.value.id, node.attr) for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)}  # fmt: skip
    whole = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    lone = {(node.id, "") for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in whole}
    return parts | lone


def holds(text: str, values: Values) -> bool:
    """Work out a condition.

    >>> holds("0.1 < mass_mg < 20 or tries >= 3", {"mass_mg": 40.0, "tries": 3.0})
    True

    Raises:
        BadExpression: not a condition, or it speaks of what is not known.
    """
    return _truth(_parse(text, _CONDITION), values)


def linear_constraint(text: str) -> tuple[dict[str, float], float, float]:
    """Read `lower <= a*x + b*y` and the like as coefficients over flat names, lower bound, upper bound.

    >>> linear_constraint("blend.p3ht >= 0.15")
    ({'blend.p3ht': 1.0}, 0.15, inf)

    Raises:
        BadExpression: no comparison, or not linear.
    """
    tree = _parse(text, _COMPARISON)
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


@lru_cache(maxsize=1024)
def _parse(text: str, allowed: tuple[type[ast.AST], ...] = _FORMULA) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"a formula of {len(text)} characters; at most {MAX_LENGTH} are allowed")
    try:
        tree = ast.parse(text.replace("$", "").strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as err:
        raise BadExpression(f"{text!r} is not a formula. {ALLOWED}") from err
    for node in ast.walk(tree):
        if not isinstance(node, allowed):
            raise BadExpression(f"{text!r}: {type(node).__name__.lower()} is not allowed. {ALLOWED}")
        if isinstance(node, ast.Constant) and (isinstance(node.value, bool) or not isinstance(node.value, int | float)):
            raise BadExpression(f"{text!r}: {node.value!r} is not a number. {ALLOWED}")
        if isinstance(node, ast.Attribute) and not isinstance(node.value, ast.Name):
            raise BadExpression(f"{text!r}: only parameter.part is allowed, one dot deep")
    return tree


def _check_logic(text: str, tree: ast.expr) -> None:
    """See to it that what is joined by and, or, not are comparisons, and what is compared are figures."""
    match tree:
        case ast.BoolOp(values=parts):
            for part in parts:
                _check_logic(text, part)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _check_logic(text, part)
        case ast.Compare(left=left, comparators=others):
            logic = (ast.BoolOp, ast.Compare, ast.Not)
            if any(isinstance(node, logic) for part in (left, *others) for node in ast.walk(part)):
                raise BadExpression(f"{text!r} compares a comparison; join comparisons with and, or, not")
        case _:
            raise BadExpression(f"{text!r} is no condition; write for example '$anneal_c > 150'")


def _truth(tree: ast.expr, values: Values) -> bool:
    match tree:
        case ast.BoolOp(op=join, values=parts):
            return (all if isinstance(join, ast.And) else any)(_truth(part, values) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            return not _truth(part, values)
        case ast.Compare(left=left, ops=comparisons, comparators=others):
            figures = [_number(figure, values) for figure in (left, *others)]
            return all(
                _COMPARISONS[type(compare)](one, other)
                for compare, (one, other) in zip(comparisons, pairwise(figures), strict=True)
            )
    raise BadExpression("a condition compares figures; write for example '$anneal_c > 150'")


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
