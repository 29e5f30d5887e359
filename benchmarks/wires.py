"""How many driver calls a second, wire bytes included? Every model over loopback, beside pylabrobot's chatterbox.

    python benchmarks/wires.py

A call is a question of the driver (its whole state, often several exchanges): the driver encodes it, the emulator on
the far side parses the bytes, asks the simulated world and answers, the driver checks and decodes. pylabrobot's
chatterbox backend writes no bytes; it prints what it would do (here into nothing). One of its steps is a fourth of the
transfer of a column: eight tips taken, eight wells drawn from, eight filled, eight tips returned. For comparison, a bare
aspirate or dispense of one channel is shown too. It runs in the same run, in an environment of its own under
$ATHANOR_PEERS (default .peers), made by `make peers`; without it its column stays empty. HTTP is shown apart.

Also: how long the replay of a furnace programme of twelve hours takes, with controller steps of a second.
"""

import json
import os
import platform
import subprocess
from pathlib import Path
from time import process_time

from rich.console import Console
from rich.table import Table

from hardware_sim.alone import DEVICE, bench_of_one, imagined
from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from robot.catalog import MODELS, open_device
from robot.interfaces import Camera, Segment, questions
from robot.settings import alone
from robot.wire.base import Port

PEERS = Path(os.environ.get("ATHANOR_PEERS", ".peers"))
ENVIRONMENTS = ("liquids", "arms", "plr")  # whichever has pylabrobot
LEAST_S = 0.5
CHATTER = """
import asyncio, contextlib, importlib.metadata, json, logging, os, time
logging.disable(logging.CRITICAL)
from pylabrobot.liquid_handling import LiquidHandler
from pylabrobot.liquid_handling.backends import LiquidHandlerChatterboxBackend
from pylabrobot.resources import Cor_96_wellplate_360ul_Fb, PLT_CAR_L5AC_A00, TIP_CAR_480_A00, hamilton_96_tiprack_1000uL_filter
from pylabrobot.resources.hamilton import STARLetDeck

async def a_second_of(act, steps):
    count, begun = 0, time.process_time()
    while time.process_time() - begun < 1.0:
        await act()
        count += steps
    return count / (time.process_time() - begun)

async def main():
    deck = STARLetDeck()
    handler = LiquidHandler(backend=LiquidHandlerChatterboxBackend(), deck=deck)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        await handler.setup()
        tips, plates = TIP_CAR_480_A00(name="tips"), PLT_CAR_L5AC_A00(name="plates")
        tips[0], plates[0] = hamilton_96_tiprack_1000uL_filter(name="rack"), Cor_96_wellplate_360ul_Fb(name="plate")
        deck.assign_child_resource(tips, rails=3), deck.assign_child_resource(plates, rails=15)
        plate, rack = handler.get_resource("plate"), handler.get_resource("rack")
        async def column():
            await handler.pick_up_tips(rack["A1:H1"])
            await handler.aspirate(plate["A1:H1"], vols=[100.0] * 8)
            await handler.dispense(plate["A2:H2"], vols=[100.0] * 8)
            await handler.return_tips()
        async def one():
            await handler.aspirate(plate["A1"], vols=[100.0])
            await handler.dispense(plate["A2"], vols=[100.0])
        by_column = await a_second_of(column, 4)
        await handler.pick_up_tips(rack["A1"])
        by_one = await a_second_of(one, 2)
    print(json.dumps({"column": by_column, "one": by_one, "version": importlib.metadata.version("PyLabRobot")}))
asyncio.run(main())
"""


class CountingPort:
    """A port that counts what passes."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self.exchanges = self.passed = 0
        self.discard_input, self.close = port.discard_input, port.close

    def write(self, data: bytes) -> None:
        """Count a request."""
        self.exchanges += 1
        self.passed += len(data)
        self._port.write(data)

    def read(self, timeout_s: float) -> bytes:
        """Count what comes."""
        data = self._port.read(timeout_s)
        self.passed += len(data)
        return data


def speed_of(model: str) -> tuple[float, float, float]:
    """Calls a second, and exchanges and bytes a call."""
    settings = alone(model, imagined(model))
    laboratory = Laboratory(bench_of_one(settings, {}), VirtualClock(), seed=1)
    ports: list[CountingPort] = []

    def line(name: str, settings: object, channel: str) -> CountingPort:
        ports.append(CountingPort(laboratory.port(DEVICE, channel)))
        return ports[-1]

    device = open_device(model, settings, line)
    device.connect()
    ask = getattr(device, questions(MODELS[model].interface)[0])
    for _ in range(20):
        ask()
    exchanges, passed = sum(port.exchanges for port in ports), sum(port.passed for port in ports)
    calls, begun_s = 0, process_time()
    while (took_s := process_time() - begun_s) < LEAST_S:
        for _ in range(10):
            ask()
        calls += 10
    exchanges, passed = sum(port.exchanges for port in ports) - exchanges, sum(port.passed for port in ports) - passed
    return calls / took_s, exchanges / calls, passed / calls


def chatterbox() -> dict[str, float | str]:
    """What pylabrobot does in a second, if it is there."""
    for environment in ENVIRONMENTS:
        python = PEERS / environment / "bin" / "python"
        if python.exists():
            done = subprocess.run([str(python), "-c", CHATTER], capture_output=True, text=True, timeout=120)
            if done.returncode == 0:
                said: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
                return said
            print(f"pylabrobot in {environment}: {done.stderr.strip().splitlines()[-1]}")
    return {}


def twelve_hours_s(model: str) -> float:
    """CPU seconds for a programme of twelve hours: load, run, let it pass, look."""
    clock = VirtualClock()
    settings = alone(model, {"port": "loopback"})
    laboratory = Laboratory(bench_of_one(settings, {}), clock, seed=1)
    furnace = open_device(model, settings, lambda name, settings, channel: laboratory.port(DEVICE, channel))
    furnace.connect()
    furnace.load_programme([Segment(300.0, 5.0, 300.0), Segment(140.0, 2.0, 280.0)])  # type: ignore[attr-defined]
    furnace.start_programme()  # type: ignore[attr-defined]
    begun_s = process_time()
    clock.jump_to(12 * 3600.0)
    state = furnace.read_state()  # type: ignore[attr-defined]
    took_s = process_time() - begun_s
    assert state.programme == "ended", state
    return took_s


def main() -> None:
    """Print the tables."""
    peer = chatterbox()
    steps_per_s = float(peer.get("column", 0.0))
    models = [model for model, entry in MODELS.items() if entry.interface is not Camera]
    table = Table("model", "question", "calls per s", "exchanges per s", "bytes per call", "× chatterbox", "line")
    for model in sorted(models, key=lambda model: (model == "opentrons_ot2", model)):
        calls_per_s, exchanges, passed = speed_of(model)
        ratio = f"{calls_per_s / steps_per_s:.0f}" if steps_per_s else ""
        line = "HTTP" if model == "opentrons_ot2" else "TCP" if MODELS[model].channels else "serial"
        question = questions(MODELS[model].interface)[0]
        table.add_row(
            model, question, f"{calls_per_s:,.0f}", f"{calls_per_s * exchanges:,.0f}", f"{passed:.0f}", ratio, line
        )
    console = Console(width=140)
    console.print(table)
    if steps_per_s:
        console.print(f"pylabrobot {peer['version']} chatterbox: {steps_per_s:,.0f} steps per s of a column's transfer, "
                      f"{float(peer['one']):,.0f} of one channel's aspirate and dispense")  # fmt: skip
    else:
        console.print("pylabrobot is not here: run `make peers`")
    console.print(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, one used; CPU time"
    )
    furnaces = [model for model in models if "programme" in " ".join(dir(MODELS[model].interface))]
    hours = Table("furnace", "CPU s for a programme of 12 h, best of 3")
    for model in furnaces:
        hours.add_row(model, f"{min(twelve_hours_s(model) for _ in range(3)):.3f}")
    console.print(hours)


if __name__ == "__main__":
    main()
