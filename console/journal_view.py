"""A journal in a terminal: events as lines, and what a check of it found."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from console.engine import conductor
from console.runfolder import RunFolder
from planning.errors import Refused
from planning.journal import End, Event, Journal
from planning.journal.verify import Verification

POLL_S = 0.5
STYLES = {
    "done": "green", "task_done": "green", "sample_finished": "bold green", "measured": "bold cyan", "look": "cyan",
    "failed": "red", "task_failed": "bold red", "set_aside": "bold red", "in_doubt": "bold yellow",
    "reply_lost": "yellow", "resolved": "yellow", "admitted": "magenta", "run_started": "bold", "run_resumed": "bold",
    "run_finished": "bold", "made_safe": "bold",
}  # fmt: skip
PLUMBING = frozenset({"command", "before", "picture", "mask", "versions", "files", "eyes", "arguments", "predicted"})
"""What a reader of lines can do without; `--json` has it all."""
OUTCOMES = ("done", "failed", "in_doubt")
LONGEST = 36
HEADER = f"{'bench time':>10}  {'event':>6}  {'kind':<15} {'task or sample':<26} {'device':<12} what"


@dataclass
class Chosen:
    """Which events are wanted: those of a sample, also through the tasks it shares, and of some kinds."""

    sample: str = ""
    kinds: frozenset[str] = frozenset()
    seen: set[str] = field(default_factory=set)
    _tasks: set[str] = field(default_factory=set)

    def wants(self, event: Event) -> bool:
        """Look at each event in order: a task's first one says whose it is."""
        self.seen.add(event.kind)
        concerns = not self.sample or self._concerns(event)
        return concerns and (not self.kinds or event.kind in self.kinds)

    def _concerns(self, event: Event) -> bool:
        named = self.sample in event.sample.split(",") or any(
            sample["name"] == self.sample for sample in event.data.get("samples", ())
        )
        if named and event.task:
            self._tasks.add(event.task)
        return named or event.task in self._tasks


def show_events(folder: RunFolder, chosen: Chosen, *, follow: bool, as_json: bool) -> None:
    """Print the events that are wanted, commands folded to one line each unless kinds are asked for or JSON; with
    `follow`, until nobody conducts the run any more.

    Raises:
        Refused: there is no such journal, or nothing in it is wanted.
    """
    console = Console(highlight=False, soft_wrap=True)
    if not as_json:
        console.print(HEADER, style="dim")
    count = 0
    start_s: float | None = None
    events = _events(folder, follow=follow)
    for event in events if as_json or chosen.kinds else folded(events):
        start_s = event.time_s if start_s is None else start_s
        if chosen.wants(event):
            count += 1
            if as_json:
                print(json.dumps(asdict(event), sort_keys=True, ensure_ascii=False), flush=True)
            else:
                console.print(line(event, start_s))
    if not count:
        raise Refused(
            "no event is of that kind and sample", f"There are {', '.join(sorted(chosen.seen)) or 'none yet'}"
        )


def _events(folder: RunFolder, *, follow: bool) -> Iterator[Event]:
    with Journal.reading(folder.place) as journal:
        last = 0
        while True:
            is_conducted = follow and conductor(folder.path) is not None
            for event in journal.events(after=last):
                last = event.seq
                yield event
            if not is_conducted:
                return
            threading.Event().wait(POLL_S)


def folded(events: Iterable[Event]) -> Iterator[Event]:
    """A command as one line, when its outcome is known: the outcome, with what was asked for.

    What has no outcome yet comes last, as it stands.
    """
    asked: dict[tuple[str, int], Event] = {}
    for event in events:
        command = (event.task, event.data.get("command", 0))
        if event.kind == "intent":
            asked[command] = event
        elif event.kind in OUTCOMES and command in asked:
            intent = asked[command] if event.kind == "in_doubt" else asked.pop(command)
            data = {"verb": intent.data["verb"], "arguments": intent.data["arguments"], **event.data}
            data |= {"took": f"{event.time_s - intent.time_s:.1f} s"} if event.kind == "done" else {}
            yield replace(event, data=data)
        elif event.kind != "accepted":
            yield event
    yield from asked.values()


def line(event: Event, start_s: float) -> Text:
    """One event as a line; times count from the run's first event."""
    minutes, seconds = divmod(event.time_s - start_s, 60)
    told = Text(f"{minutes // 60:4.0f}:{minutes % 60:02.0f}:{int(seconds):02d}  {event.seq:6}  ", "dim")
    told.append(f"{event.kind:<15} ", STYLES.get(event.kind, ""))
    told.append(f"{event.task or event.sample:<26} ")
    told.append(f"{event.device:<12} ", "blue")
    return told.append(", ".join(_words(event.data)))


def _words(data: Mapping[str, Any]) -> Iterator[str]:
    """An event's data, the verb with its arguments first."""
    if "verb" in data:
        arguments = ", ".join(f"{name}={short(value)}" for name, value in data.get("arguments", {}).items())
        yield f"{data['verb']}({arguments})"
    for name, value in data.items():
        if name not in PLUMBING and name != "verb" and value not in (None, "", {}, []):
            yield f"{name} {short(value)}"


def short(value: Any) -> str:
    """A value in few letters.

    >>> short({"p3ht": 0.123456, "dwnt": 0.6}), short([180.0, 0.0, 120.0])
    ('p3ht 0.1235 dwnt 0.6', '[180 0 120]')
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.4g}"
        case Mapping():
            text = " ".join(f"{name} {short(part)}" for name, part in value.items())
        case list():
            parts = [part.get("name", part) if isinstance(part, Mapping) else part for part in value]
            text = f"[{' '.join(map(short, parts))}]"
        case _:
            return str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def noted(text: str) -> End:
    """Read a number and a hash that somebody noted: `1234:9f86d0…`, all 64 digits of it."""
    seq, _, digits = text.partition(":")
    if not seq.isdigit() or len(digits) != 64:
        raise Refused(f"--passed {text!r} is no number and hash", "Write what `journal verify` printed, as 1234:9f86…")
    return End(int(seq), digits)


def show_verification(folder: Path, found: Verification, *, as_json: bool) -> None:
    """Print what a check found."""
    if as_json:
        print(json.dumps(asdict(found), sort_keys=True, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    counts = f"{found.events} events, {found.readings} readings and {found.files} files beside it"
    for finding in found.findings:
        console.print(f"[bold red]✗[/] {escape(finding.where)}: {escape(finding.what)}")
    if not found.findings:
        console.print(f"[bold green]✓[/] {counts} are as they were written")
    console.print(f"  ends at {found.end.seq}:{found.end.hash}", style="dim")
    if not found.has_farewell:
        owner = conductor(folder)
        why = f"{owner} conducts it" if owner else f"the engine was killed; athanor resume {folder}"
        console.print(f"  has no farewell: {why}")
