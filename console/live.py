"""What a terminal shows of a run: a projection of its journal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from console.compose import Conducted
from planning.campaign import Chosen
from planning.journal import Event, Reading

LAST_FINISHED = 4
HINT = "Ctrl-C stops safely, twice makes safe at once"
STYLES = {"yes": "green", "no": "red", "unknown": "yellow", "finished": "green", "set aside": "red"}


@dataclass
class Row:
    """What is known of one sample."""

    step: str = "waiting"
    seen: str = ""
    value: str = ""
    status: str = "under way"


def _choice(data: Mapping[str, Any]) -> str:
    """How a question may be answered."""
    return "|".join(data["answers"]) if data["answers"] else "NUMBER"


class LiveTable:
    """Follows a run's events; shows a live table on a terminal, a line for each ended sample elsewhere."""

    def __init__(self, console: Console, quantity: str | None, budget: int) -> None:
        self._console = console
        self._quantity = quantity
        self._rows: dict[str, Row] = {}
        self._temperature: dict[str, float] = {}
        self._trouble = ""
        self._run: Conducted | None = None
        self._ended = 0
        self._progress = Progress(
            TextColumn("{task.completed} of {task.total}"), BarColumn(), TextColumn("{task.fields[rest]}")
        )
        self._bar = self._progress.add_task("", total=budget, rest="")

    def event(self, event: Event) -> None:
        """Take up what one event says."""
        rows = [self._rows.setdefault(name, Row()) for name in event.sample.split(",") if name]
        match event.kind:
            case "task_started":
                for row in rows:
                    row.step = f"{event.task.split('.')[1]} ({event.data['skill']})"
            case "look":
                level = event.data["fill_height_fraction"]
                fill = f" {level[0]:.2f} ± {level[1]:.2f}" if level else ""
                for row in rows:
                    row.seen = event.data["answer"] + fill
            case "measured":
                for row in rows:
                    row.value = f"{event.data['value']:.4g}"
            case "set_aside":
                self._trouble = f"{event.sample}: {event.data['why']}"
            case "late" | "hold_limit" | "heats_unasked" if "what" in event.data:
                self._trouble = event.data["what"]
            case "ordered":
                self._trouble = f"{event.data['verb']} {event.sample}: ordered by {event.data['by']}"
            case "in_doubt" | "resolved" | "reply_lost":
                self._trouble = f"{event.device}: {event.kind.replace('_', ' ')} {event.data.get('outcome', '')}"
            case "asked":
                folder = self._run.folder.path if self._run else "RUN"
                self._trouble = f"{event.data['question']} → athanor answer {folder} {event.task} {_choice(event.data)}"
            case "sample_finished":
                self._end(event, rows[0])

    def _end(self, event: Event, row: Row) -> None:
        row.status = row.step = event.data["status"]
        self._ended += 1
        self._progress.update(self._bar, completed=self._ended)
        if self._run is not None and not self._console.is_terminal:
            best = self._best()
            self._console.print(f"{event.time_s / 3600:6.2f} h  {event.sample}  {row.status:9}  {row.value:>8}  {best}")

    def reading(self, reading: Reading) -> None:
        """Know how hot it is."""
        if reading.quantity == "temperature_c":
            self._temperature[reading.device] = reading.value

    @contextmanager
    def showing(self, run: Conducted) -> Iterator[None]:
        """Draw four times a second while inside, on a terminal."""
        self._run = run
        if not self._console.is_terminal:
            yield
            return
        with Live(get_renderable=self._draw, console=self._console, refresh_per_second=4):
            yield

    def _best(self) -> str:
        source = self._run.source if self._run else None
        best = source.best() if isinstance(source, Chosen) else None
        return f"best {best[1]:.4g} ({best[0].name})" if best else ""

    def _draw(self) -> RenderableType:
        table = Table("sample", "step", "seen", self._quantity or "result", box=None, header_style="dim")
        rows = list(self._rows.items())
        ended = [name for name, row in rows if row.status != "under way"][-LAST_FINISHED:]
        for name, row in rows:
            if row.status == "under way" or name in ended:
                step = Text(row.step, STYLES.get(row.status, ""))
                table.add_row(name, step, Text(row.seen, STYLES.get(row.seen.split(" ")[0], "")), row.value)
        heat = "   ".join(f"{name} {value:.1f} °C" for name, value in self._temperature.items())
        lines: list[RenderableType] = [table, Text(heat, "cyan"), self._progress, self._hint()]
        if self._trouble:
            lines.insert(2, Text(self._trouble, "yellow"))
        self._progress.update(self._bar, rest=self._rest())
        return Group(*lines)

    def _hint(self) -> Text:
        """How to stop; or, when stopping, what is still brought to its end and how long that should take."""
        executor = self._run.executor if self._run else None
        if executor is None or not executor.stopped_because:
            return Text(HINT, "dim")
        slots = executor.dispatcher.running.values()
        left_s = (
            max((slot.end_s for slot in slots), default=executor.bench.clock.now_s()) - executor.bench.clock.now_s()
        )
        names = ", ".join(slot.task.id for slot in slots)
        return Text(
            f"stopping: {names} to be ended, about {max(left_s, 0) / 60:.0f} min; Ctrl-C again makes safe at once",
            "yellow",
        )

    def _rest(self) -> str:
        if self._run is None:
            return ""
        hours = self._run.clock.now_s() / 3600
        per_sample = hours / self._ended if self._ended else 0
        left = self._progress.tasks[0].remaining or 0
        ends = f"ends in about {per_sample * left:.1f} bench hours" if per_sample else ""
        return f"bench time {hours:.1f} h   {ends}   {self._best()}"
