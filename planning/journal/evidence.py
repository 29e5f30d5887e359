"""Files beside a journal that its events name: pictures, diffraction patterns. Each is named after its own content."""

import hashlib
import re
from pathlib import PurePath

FOLDERS = {".png": "pictures", ".xy": "patterns"}
"""Where each kind lies."""

_DIGITS = 20
_NAMED = re.compile(rf'"([0-9a-f]{{{_DIGITS}}}\.(?:png|xy))"')


def name_of(content: bytes, suffix: str) -> str:
    """The name that a file gets: the first digits of its SHA-256.

    >>> name_of(b"", ".png")
    'e3b0c44298fc1c149afb.png'
    """
    return hashlib.sha256(content).hexdigest()[:_DIGITS] + suffix


def is_name(text: str) -> bool:
    """Is this the name of a file of evidence, and nothing else?

    >>> is_name("e3b0c44298fc1c149afb.png"), is_name("../e3b0c44298fc1c149afb.png")
    (True, False)
    """
    return _NAMED.fullmatch(f'"{text}"') is not None


def path_of(name: str) -> str:
    """Where a file lies, from the journal's folder.

    >>> path_of("e3b0c44298fc1c149afb.xy")
    'patterns/e3b0c44298fc1c149afb.xy'
    """
    return f"{FOLDERS[PurePath(name).suffix]}/{name}"


def named_in(data: str) -> list[str]:
    """The files that an event names in its data, JSON."""
    return _NAMED.findall(data)
