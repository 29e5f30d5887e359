"""What the files of a new driver say, from what its interface promises. Pure."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_type_hints

from jinja2 import Environment, PackageLoader, StrictUndefined

import robot.interfaces
from robot.interfaces import Repeat, repeat_rule

FILES = {
    "robot/device_settings/{stem}.py": "settings.py.j2",
    "robot/drivers/{stem}/__init__.py": "init.py.j2",
    "robot/drivers/{stem}/codec.py": "codec.py.j2",
    "robot/drivers/{stem}/driver.py": "driver.py.j2",
    "hardware_sim/emulators/{stem}.py": "emulator.py.j2",
    "tests/transcripts/{stem}.txt": "transcript.txt.j2",
    "tests/robot/drivers/test_{stem}.py": "test.py.j2",
    "docs/devices/{stem}.md": "docs.md.j2",
}
UNKNOWN = {"float": 'float("nan")', "int": "0"}
DUTIES = {
    Repeat.READ: "It only asks, so it may ask again.",
    Repeat.IDEMPOTENT: "It names a state: send it, read it back, and send it once more if it is not there.",
    Repeat.ONCE: "It is never sent twice; after a lost reply ask the device what it did.",
}
BY_DRIVER = """\
from robot.device_settings import {settings}
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.{stem} import codec
from robot.errors import NotReachable
from robot.wire.base import Wire"""


@dataclass(frozen=True)
class Verb:
    """One promise of the interface, still to be kept."""

    name: str
    header: str
    summary: str
    duty: str


def class_name(stem: str) -> str:
    """The class of a driver.

    >>> class_name("julabo_f25")
    'JulaboF25'
    """
    return "".join(part.capitalize() for part in stem.split("_"))


def written(stem: str, interface: type) -> dict[str, str]:
    """All files of a new driver: text by path.

    Args:
        stem: the model's name, such as julabo_f25.
        interface: what it will promise.
    """
    environment = Environment(
        loader=PackageLoader("console.scaffold"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 (Python and Markdown are no HTML)
    )
    facts = _facts(stem, interface)
    return {
        path.format(stem=stem): environment.get_template(template).render(facts) for path, template in FILES.items()
    }


def _facts(stem: str, interface: type) -> Mapping[str, object]:
    article = "An" if interface.__name__[0] in "AEIOU" else "A"
    found = list(_verbs(interface))
    settings = f"{class_name(stem)}Settings"
    return {
        "stem": stem,
        "title": stem.replace("_", " ").title(),
        "cls": class_name(stem),
        "settings": settings,
        "interface": interface.__name__,
        "a_interface": f"{article} {interface.__name__.lower()}",
        "attributes": [(name, hint.__name__) for name, hint in _attributes(interface).items()],
        "unknown": UNKNOWN,
        "verbs": found,
        "imports": _imports(interface, found, BY_DRIVER.format(settings=settings, stem=stem).splitlines()),
        "tests": f"tests/robot/drivers/test_{stem}.py",
    }


def _attributes(interface: type) -> dict[str, type]:
    return {name: hint for name, hint in get_type_hints(interface).items() if hint in (int, float)}


def _verbs(interface: type) -> Iterator[Verb]:
    for name, member in inspect.getmembers(interface, inspect.isfunction):
        if name.startswith("_") or name in ("connect", "make_safe"):
            continue
        source = inspect.cleandoc(inspect.getsource(member))
        match = re.search(r"def .*?\) -> [^\n]*?:\n", source, re.DOTALL)
        assert match is not None, f"{name} has no declared result"
        header = re.sub(r",?\s*\n\s*", lambda m: ", " if "," in m[0] else "", match[0].rstrip()).replace("(, ", "(")
        duty = (
            DUTIES[repeat_rule(interface, name)]
            if hasattr(member, "__athanor_repeat__")
            else "It is answered without asking the device."
        )
        summary = (inspect.getdoc(member) or "").splitlines()[0]
        yield Verb(name, header, summary, duty)


def _imports(interface: type, verbs: list[Verb], lines: list[str]) -> list[str]:
    """Import what the headers name."""
    names = {"Identity", *(name for verb in verbs for name in re.findall(r"\b[A-Z]\w+", verb.header))}
    ours = sorted(name for name in names if name in robot.interfaces.__all__)
    lines = [*lines, f"from robot.interfaces import {', '.join(ours)}"]
    known = {base: vars(inspect.getmodule(base)) for base in interface.__mro__[:-1] if inspect.getmodule(base)}
    for name in sorted(names - set(ours)):
        found = next((scope[name] for scope in known.values() if name in scope), None)
        if found is not None:
            lines.append(f"from {found.__module__} import {name}")
    first = sorted(line for line in lines if not line.startswith("from robot"))
    return first + [""] * bool(first) + sorted(line for line in lines if line.startswith("from robot"))
