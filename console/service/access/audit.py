"""What was done that belongs to no run, one JSON line each; what concerns a run stands in its journal."""

import json
import os
from pathlib import Path

from robot.clock import WallClock

FILE = "audit.jsonl"


class Audit:
    """A file that only grows. Without one nothing is kept."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def note(self, what: str, who: str, where: str = "", **more: str) -> None:
        """Write down who did what, from where."""
        if self._path is None:
            return
        said = {"at": WallClock().date().isoformat(timespec="seconds"), "what": what, "who": who, "from": where, **more}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(said, ensure_ascii=True) + "\n"
        with os.fdopen(
            os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8"
        ) as file:
            file.write(line)
