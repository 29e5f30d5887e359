"""Recipes and campaigns that may be picked: those below a folder, and those that people bring."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from console.checking import Examined, examine, is_campaign
from console.parameters import given_values
from console.service.views import Bar, Timeline
from planning.errors import Refused
from planning.explain import Explained, explained
from planning.preflight import Preflight
from robot.files import FileProblem

MOST_BYTES = 200_000
"""Of a file that is brought."""
BROUGHT = "brought"
SKIPPED = frozenset({"runs", "tests", "benchmarks", "docs"})


@dataclass(frozen=True)
class Verdict:
    """What the check says of a file, what each step does, and when."""

    examined: Examined
    steps: list[Explained]
    timeline: Timeline


@dataclass(frozen=True)
class Shelf:
    """The files below a folder that a bench could run: campaigns, and protocols that have a lab file beside them."""

    home: Path

    def names(self) -> list[str]:
        """Their paths, from the folder on."""
        return [path.relative_to(self.home).as_posix() for path in sorted(self._files())]

    def path(self, name: str) -> Path:
        """Where one of them lies.

        Raises:
            Refused: it is none of them.
        """
        if name not in self.names():
            raise Refused(f"{name!r} is none of the recipes here", "Pick one of the list")
        return self.home / name

    def lab_of(self, path: Path) -> Path | None:
        """The bench of a protocol; None for a campaign, which names its own."""
        return None if is_campaign(path) else path.with_name("lab.yaml")

    def bring(self, name: str, content: bytes, beside: Path) -> str:
        """Keep a file that somebody brings, with the bench of another; return its name here.

        Raises:
            Refused: it is too large, or no text.
        """
        if len(content) > MOST_BYTES:
            raise Refused(
                f"{name} has {len(content) / 1000:.0f} kB", f"A recipe has at most {MOST_BYTES / 1000:.0f} kB"
            )
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as err:
            raise Refused(f"{name} is no text", "Bring a YAML file") from err
        stem = "".join(letter for letter in Path(name).stem if letter.isalnum() or letter in "-_") or "protocol"
        folder = self.home / BROUGHT / stem
        folder.mkdir(parents=True, exist_ok=True)
        for companion in ("lab.yaml", "protocol.yaml"):
            if (beside.with_name(companion)).exists() and not (folder / companion).exists():
                (folder / companion).write_bytes(beside.with_name(companion).read_bytes())
        target = folder / f"{stem}.yaml"
        target.write_text(text, encoding="utf-8")
        return target.relative_to(self.home).as_posix()

    def examine(self, name: str) -> Verdict:
        """Check one of them, as `athanor check` does."""
        path = self.path(name)
        lab = self.lab_of(path)
        if lab is None:
            from console.campaign_checking import examine_campaign

            examined = examine_campaign(path)
        else:
            examined = examine(path, lab, lambda recipe: [given_values([], recipe)])
        return Verdict(examined, _steps(examined), timeline_of(examined.preflight))

    def _files(self) -> Iterator[Path]:
        for path in self.home.glob("**/*.yaml"):
            parts = path.relative_to(self.home).parts
            is_hidden = any(part.startswith(".") or part in SKIPPED for part in parts)
            if len(parts) <= 3 and not is_hidden and _can_run(path):
                yield path


def _can_run(path: Path) -> bool:
    head = path.read_text(encoding="utf-8", errors="replace")[:20000]
    is_protocol = "\nsteps:" in head and path.with_name("lab.yaml").exists()
    return is_protocol or ("\nprotocol:" in head and "\nlab:" in head)


def _steps(examined: Examined) -> list[Explained]:
    if not examined.preflight.passed or examined.protocol is None or examined.lab is None:
        return []
    slots = [slot for slot in examined.preflight.timetable if slot.task.samples[0] == "s001"]
    return explained(examined.protocol.bind(examined.samples[0]), slots, examined.lab)


def timeline_of(result: Preflight) -> Timeline:
    """A timetable as a timeline that has not begun."""
    bars = [
        Bar(task=slot.task.id, skill=slot.task.skill, devices=sorted(slot.task.uses), samples=list(slot.task.samples),
            start_s=slot.start_s, end_s=slot.end_s, ending="done")
        for slot in sorted(result.timetable, key=lambda slot: slot.start_s)
    ]  # fmt: skip
    devices = list(dict.fromkeys(device for bar in bars for device in bar.devices))
    return Timeline(
        run="",
        start_s=0.0,
        now_s=0.0,
        end_s=result.duration_s,
        devices=devices,
        actual=bars,
        planned=[],
        why_no_plan="",
    )


__all__ = ["FileProblem", "Shelf", "Verdict", "timeline_of"]
