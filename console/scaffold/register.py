"""Making a new model known: its settings, its place in the catalogue, its emulator among the others. Pure."""

import re
from collections.abc import Callable, Mapping

from console.scaffold.skeleton import class_name

SETTINGS, CATALOG = "robot/device_settings/__init__.py", "robot/catalog.py"
EMULATORS = "hardware_sim/emulators/catalog.py"
KNOWN = (SETTINGS, CATALOG, EMULATORS)
"""The files that know all models."""


class AnchorLost(Exception):
    """A file no longer looks as expected: what was looked for."""


def registered(stem: str, interface: type, texts: Mapping[str, str]) -> dict[str, str]:
    """Add a model to the three files that know all models.

    Args:
        stem: the model's name.
        interface: what it promises.
        texts: the three files as they are, by path.

    Raises:
        AnchorLost: a file does not have the place where it belongs.
    """
    edits: dict[str, Callable[[str], str]] = {
        SETTINGS: lambda text: _in_settings(text, stem),
        CATALOG: lambda text: _in_catalog(text, stem, interface.__name__),
        EMULATORS: lambda text: _in_emulators(text, stem),
    }
    return {path: edit(texts[path]) for path, edit in edits.items()}


def _in_settings(text: str, stem: str) -> str:
    cls = class_name(stem)
    text = _sorted_in(text, "from robot.device_settings.", f"from robot.device_settings.{stem} import {cls}Settings")
    text = _before(text, r"^    \| OpenCvCameraSettings,", f"    | {cls}Settings\n")
    return _sorted_in(text, '    "', f'    "{cls}Settings",')


def _in_catalog(text: str, stem: str, interface: str) -> str:
    cls = class_name(stem)
    start = _find(text, r"^MODELS = \{\n")
    return text[:start] + _before(text[start:], r"^\}", f'    "{stem}": Model({interface}, "{stem}.{cls}"),\n')


def _in_emulators(text: str, stem: str) -> str:
    cls = class_name(stem)
    text = _sorted_in(text, "from hardware_sim.emulators.", f"from hardware_sim.emulators.{stem} import {cls}Emulator")
    start = _find(text, r"^EMULATORS: ")
    return text[:start] + _before(text[start:], r"^\}", f'    "{stem}": {cls}Emulator,\n')


def _sorted_in(text: str, prefix: str, line: str) -> str:
    """Put a line among its like, which stand together."""
    lines = text.splitlines(keepends=True)
    places = [number for number, found in enumerate(lines) if found.startswith(prefix)]
    if not places:
        raise AnchorLost(f"no line begins with {prefix!r}")
    place = next((number for number in places if lines[number].rstrip() > line), places[-1] + 1)
    return "".join([*lines[:place], line + "\n", *lines[place:]])


def _before(text: str, pattern: str, insertion: str) -> str:
    place = _find(text, pattern)
    return text[:place] + insertion + text[place:]


def _find(text: str, pattern: str) -> int:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise AnchorLost(f"nothing matches {pattern!r}")
    return match.start()
