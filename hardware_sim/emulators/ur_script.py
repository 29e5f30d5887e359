"""URScript as far as it is sent to arms in laboratories: one call per line, in a `def` block or alone.

Source: UR "The URScript programming language for e-Series". Not modelled: variables, branches, loops, threads.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "float | bool | str | list[Value]"
LONGEST = 100_000


class ScriptError(Exception):
    """A line that cannot be understood."""


@dataclass(frozen=True)
class Statement:
    """One call."""

    function: str
    arguments: tuple[Value, ...]
    named: dict[str, Value]
    is_pose: bool
    """Is the first argument a place, `p[...]`, rather than joint angles?"""

    def number(self, name: str, place: int, default: float = 0.0) -> float:
        """A numeric argument, by its name or its place."""
        value = self.named.get(name, self.arguments[place] if place < len(self.arguments) else default)
        if isinstance(value, list | str):
            raise ScriptError(f"{self.function}: {name} is no number")
        return float(value)

    def numbers(self) -> list[float]:
        """The first argument: six numbers."""
        values = self.arguments[0] if self.arguments else None
        if not isinstance(values, list) or len(values) != 6:
            raise ScriptError(f"{self.function}: not six numbers")
        return [float(value) for value in values if isinstance(value, float | int)]


@dataclass(frozen=True)
class Program:
    """What runs, statement by statement."""

    name: str
    statements: tuple[Statement, ...]


@dataclass
class ScriptCall:
    """A connection that takes programs. What the robot tells there of its state, in binary, is not modelled."""

    run: Callable[[Program], None]
    _received: bytes = b""
    _block: list[str] = field(default_factory=list)

    def receive(self, data: bytes) -> bytes:
        """Run each program when it is whole; none is acknowledged, nor is one that makes no sense."""
        *lines, self._received = (self._received + data)[-LONGEST:].split(b"\n")
        for line in lines:
            self._take(line.decode("utf-8", "replace").split("#")[0].strip())
        return b""

    def hang_up(self) -> None:
        """What runs goes on."""

    def _take(self, line: str) -> None:
        if self._block:
            self._block.append(line)
            if line == "end":
                block, self._block = self._block, []
                self._run(block[0].removeprefix("def ").split("(")[0], block[1:-1])
        elif line.startswith("def "):
            self._block = [line]
        elif line:
            self._run("line", [line])

    def _run(self, name: str, lines: list[str]) -> None:
        try:
            program = parse(name, lines)
        except ScriptError:
            return  # the robot notes it on its own screen
        self.run(program)


def parse(name: str, lines: list[str]) -> Program:
    """Read the calls of a program.

    >>> parse("f", ["set_digital_out(0, True)"]).statements[0].arguments
    (0, True)

    Raises:
        ScriptError: a line is none.
    """
    return Program(name, tuple(_statement(line) for line in lines if line))


def _statement(line: str) -> Statement:
    try:
        call = ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError) as err:
        raise ScriptError(line) from err
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise ScriptError(line)
    named = {keyword.arg: _value(keyword.value) for keyword in call.keywords if keyword.arg is not None}
    is_pose = bool(call.args) and isinstance(call.args[0], ast.Subscript)
    return Statement(call.func.id, tuple(map(_value, call.args)), named, is_pose)


def _value(node: ast.expr) -> Value:
    """Numbers, truths, texts, lists and places."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "p":
        node = node.slice
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(part) for part in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand)
        if isinstance(value, float | int):
            return -value
    if isinstance(node, ast.Constant) and isinstance(node.value, float | int | bool | str):
        return node.value
    raise ScriptError(ast.unparse(node))
