"""The ground truth, written down: every byte that came in before it acts, every effect when it happens."""

import json
from collections.abc import Iterator
from pathlib import Path

Effect = dict[str, object]


class TruthLog:
    """JSON lines, appended. A line leaves this process before `request` returns: it outlives a kill -9."""

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("ab", buffering=0)
        self.effects: list[Effect] = []

    def request(self, t_s: float, device: str, data: bytes) -> None:
        """These bytes reached a device; it has not acted on them yet."""
        if self._file is not None:
            self._file.write(b'{"t":%a,"device":"%b","rx":"%b"}\n' % (t_s, device.encode(), data.hex().encode()))

    def effect(self, t_s: float, what: str, facts: Effect) -> None:
        """This happened."""
        line: Effect = {"t": t_s, "effect": what, **facts}
        self.effects.append(line)
        if self._file is not None:
            self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()


def requests_in(path: Path) -> Iterator[tuple[float, str, bytes]]:
    """The requests of a log: instant, device, bytes. A torn last line never reached its device and is left out."""
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            entry = json.loads(line)
            if "rx" in entry:
                yield entry["t"], entry["device"], bytes.fromhex(entry["rx"])
