"""Reading χDL: the steps of a Chemputer file, each with its line. XML without entities or document types.

Schema after the templates of the standard (croningp, xdl.steps.templates): `<Synthesis>` with `<Hardware>`,
`<Reagents>` and `<Procedure>`; a figure carries its unit as text, such as "15 mL", "60 mins", "25 °C", "300 RPM".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from robot.files import FileProblem, Problem

MAX_FILE_BYTES = 2_000_000

_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("ml", "millilitre", "milliliter", "cc", "cm3"), ("volume", 1000.0)),
    **dict.fromkeys(("l", "litre", "liter"), ("volume", 1e6)),
    **dict.fromkeys(("ul", "µl", "μl", "microlitre", "microliter"), ("volume", 1.0)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("time", 1 / 60)),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), ("time", 1.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("time", 60.0)),
    **dict.fromkeys(("d", "day", "days"), ("time", 1440.0)),
    **dict.fromkeys(("°c", "c", "ºc", "degc", "celsius"), ("temp", 1.0)),
    **dict.fromkeys(("rpm",), ("speed", 1.0)),
    **dict.fromkeys(("mg",), ("mass", 1.0)),
    **dict.fromkeys(("g", "gram", "grams"), ("mass", 1000.0)),
}
_WITHOUT_UNIT = {"volume": 1000.0, "time": 1 / 60, "temp": 1.0, "speed": 1.0, "mass": 1000.0}
"""The standard's own units: ml, s, °C, rpm, g; ours are µl, min, °C, rpm, mg."""


@dataclass
class Element:
    """An element with the line on which it begins."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)

    def all(self, tag: str) -> Iterator["Element"]:
        """Elements of a kind, at any depth."""
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.all(tag)

    def __str__(self) -> str:
        said = " ".join(f'{name}="{value}"' for name, value in self.attributes.items())
        return f"{self.tag} {said}".strip()


class NoFigure(ValueError):
    """A text that is no figure of the kind that is wanted."""


def figure(text: str, quantity: str) -> float:
    """Read a figure with its unit, in ours: µl, min, °C, rpm, mg.

    >>> figure("15 mL", "volume"), figure("2 h", "time"), figure("-10°C", "temp"), figure("90", "time")
    (15000.0, 120.0, -10.0, 1.5)

    Raises:
        NoFigure: no number, or a unit of something else.
    """
    match = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([^\d\s]*)\s*", text)
    if match is None:
        raise NoFigure(f"{text!r} is no {quantity}")
    number, unit = float(match[1]), match[2].lower()
    if not unit:
        return round(number * _WITHOUT_UNIT[quantity], 6)
    kind, scale = _UNITS.get(unit, ("", 0.0))
    if kind != quantity:
        raise NoFigure(f"{text!r} is no {quantity}")
    return round(number * scale, 6)


def read_xdl(path: Path) -> Element:
    """Read a χDL file.

    Raises:
        FileProblem: it cannot be read, is no XML, declares entities or a document type, or holds no procedure.
    """
    try:
        content = path.read_bytes()
    except OSError as err:
        raise FileProblem(path, [Problem("", f"cannot be read: {err.strerror}", "Check the path")]) from err
    if len(content) > MAX_FILE_BYTES:
        raise FileProblem(path, [Problem("", f"larger than {MAX_FILE_BYTES} bytes", "Is this the right file?")])
    root = _parsed(path, content)
    if next(root.all("Procedure"), None) is None:
        raise FileProblem(path, [Problem("", "holds no <Procedure>", "Is this a χDL file?", root.line)])
    return root


def _parsed(path: Path, content: bytes) -> Element:
    document = Element("", {}, 1)
    open_elements = [document]
    parser = ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def refuse(*_: Any) -> None:
        what = "declares a document type or entities, which a recipe does not need"
        raise FileProblem(path, [Problem("", what, "Take the <!DOCTYPE …> out", parser.CurrentLineNumber)])

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: open_elements.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (ExpatError, ValueError, LookupError) as err:
        line = getattr(err, "lineno", None)
        raise FileProblem(path, [Problem("", f"is not readable XML: {err}", "Mend the line", line)]) from err
    return document
