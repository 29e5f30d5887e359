"""How much faster than a bench is a dry run? The film campaign, wire bytes, journal and world log included.

    python benchmarks/dry_run_speed.py

Prints bench hours per wall-clock second and times real time, with vision off and on, and where the time goes. The
designer's own thinking is shown apart: it does not depend on how fast the bench is.
"""

import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from film_campaign import EXAMPLE
from rich.console import Console
from rich.table import Table

from console.compose import Conducted, conduct
from console.runfolder import RunFolder, Setup
from console.runs import settle_campaign
from console.unwatched import Unwatched
from planning.campaign import Chosen
from planning.executor import Request
from robot.clock import wall_s


class Timed(Unwatched):
    """Measures a run from its first command to its last, less the designer's thinking."""

    def __init__(self) -> None:
        super().__init__()
        self.thinking_s = 0.0
        self.start_s = 0.0

    def showing(self, run: Conducted) -> AbstractContextManager[object]:
        """Put a stopwatch around the designer."""
        assert isinstance(run.source, Chosen)
        ask = run.source.next_requests

        def timed_ask(under_way: int, now_s: float, held: Sequence[Request] = ()) -> Sequence[Request]:
            start_s = wall_s()
            answer = ask(under_way, now_s, held)
            self.thinking_s += wall_s() - start_s
            return answer

        run.source.next_requests = timed_ask  # type: ignore[method-assign]
        self.start_s = wall_s()
        return super().showing(run)


def measure(vision: bool) -> list[str]:
    """Run the campaign once; return a row."""
    with tempfile.TemporaryDirectory() as temporary:
        example = (EXAMPLE / f"{name}.yaml" for name in ("lab", "protocol", "campaign"))
        folder = RunFolder.create(Path(temporary) / "run", *example)
        settle_campaign(folder, 7, None, None)
        watch = Timed()
        run = conduct(folder, Setup(seed=7, vision=vision), watch)
        whole_s = wall_s() - watch.start_s
        requests = folder.world_log.read_text(encoding="utf-8").count('"rx"')
    bench_s = run.clock.now_s()
    bare_s = whole_s - watch.thinking_s
    return [
        "on" if vision else "off",
        f"{bench_s / 3600:.1f}",
        f"{requests}",
        f"{whole_s:.1f}",
        f"{watch.thinking_s:.1f}",
        f"{bench_s / 3600 / whole_s:.2f}",
        f"{bench_s / whole_s:,.0f} ×",
        f"{bench_s / bare_s:,.0f} ×",
    ]


def main() -> None:
    """Print the table."""
    import torch

    torch.set_num_threads(1)
    table = Table("vision", "bench hours", "requests on wires", "wall s", "of it designer s", "bench h per s", "× real time",
                  "without designer")  # fmt: skip
    for vision in (False, True):
        table.add_row(*measure(vision))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
