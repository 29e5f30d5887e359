"""Furnaces and hotplates that heat though nobody asked them: found within five minutes, told of, made safe once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from planning.bench import Bench, call_inline
from planning.idle_heaters import IdleHeaters
from planning.interlocks import Interlocks
from planning.journal import Journal
from robot.interfaces import Segment

FIRING = [Segment(target_c=140.0, rate_c_per_min=10.0, dwell_min=20.0)]
HEATERS = {
    "furnaces": ["eurotherm_2416", "eurotherm_3216p", "epc3016_ethernet", "yudian_ai518p"],
    "liquids": ["hotplate"],
}
every_heater = pytest.mark.parametrize(
    ("bench", "name"), [(bench, name) for bench, names in HEATERS.items() for name in names], indirect=["bench"]
)
Look = Callable[[], list[str]]


@pytest.fixture
def look(bench: Any, tmp_path: Path) -> Iterator[Look]:
    """Look once at all that are idle; return why the run would stop."""
    with Journal(tmp_path / "journal.db", bench.clock) as journal:
        under_engine = Bench(bench.fleet.devices, journal, bench.clock, Interlocks(bench.lab, []), call_inline)
        heaters = IdleHeaters(under_engine, bench.lab, in_use=lambda: ())

        def look() -> list[str]:
            said: list[str] = []
            anyio.run(heaters.look_at_all, said.append)
            return said + [event.data["what"] for event in journal.events() if event.kind == "heats_unasked"]

        yield look


def heat(bench: Any, name: str) -> None:
    device = bench.device(name)
    device.connect()
    if name == "hotplate":
        device.start_heating(target_c=90.0)
    else:
        device.load_programme(FIRING)
        device.start_programme()
    bench.wait(600.0)


@every_heater
def test_one_that_rests_is_left_alone(bench: Any, name: str, look: Look) -> None:
    bench.device(name).connect()

    assert look() == []


@every_heater
def test_one_that_heats_is_told_of_and_made_safe(bench: Any, name: str, look: Look) -> None:
    heat(bench, name)

    (what,) = look()
    bench.wait(300.0)

    assert what.startswith(f"{name}: it heats at ")
    assert what.endswith("and nobody asked for it; it is made safe")
    assert look() == [what]


@every_heater
def test_one_that_heats_again_though_it_was_made_safe_stops_the_run(bench: Any, name: str, look: Look) -> None:
    heat(bench, name)
    look()
    heat(bench, name)

    stop, _ = look()

    assert stop.startswith(f"{name}: it was made safe, and it heats")
