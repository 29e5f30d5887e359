"""Heaters that nobody has asked to heat: looked at now and then while a run goes on, told of and made safe once."""

from collections.abc import Callable, Iterable

import anyio

from planning.bench import Bench
from planning.furnace_watch import while_unused
from robot.config import FurnaceSettings, IkaRctSettings, LabConfig
from robot.errors import DeviceError

LOOK_EVERY_S = 300.0
"""How long a heater may heat before it is found out, at most: it has cut-outs of its own for what is faster."""


class IdleHeaters:
    """The furnaces and hotplates of a bench. `in_use` names the devices that are at work for a task."""

    def __init__(self, bench: Bench, lab: LabConfig, in_use: Callable[[], Iterable[str]]) -> None:
        self._bench = bench
        self._in_use = in_use
        kinds = FurnaceSettings | IkaRctSettings
        self._heaters = [name for name, settings in lab.devices.items() if isinstance(settings, kinds)]
        self._told: set[str] = set()

    async def watch(self, is_over: anyio.Event, stop: Callable[[str], object]) -> None:
        """Look at all that are idle, every five minutes until a run is over; `stop` it if one heats though made safe."""
        while not is_over.is_set():
            for heater in self._heaters:
                await self._look(heater, stop)
            with anyio.move_on_after(LOOK_EVERY_S / self._bench.clock.speed):
                await is_over.wait()

    async def _look(self, heater: str, stop: Callable[[str], object]) -> None:
        if heater in self._in_use():
            return
        try:
            trouble = while_unused(await self._bench.read(heater))
        except DeviceError:
            return  # the journal tells; whoever needs it next will find it silent
        if heater in self._in_use():  # begun meanwhile
            return
        if trouble is None:
            self._told.discard(heater)
        elif heater in self._told:
            stop(
                f"{heater}: it was made safe and {trouble.what}: switch it off at its independent cut-out, then look at it"
            )
        else:
            self._told.add(heater)
            await self._make_safe(heater, trouble.what, stop)

    async def _make_safe(self, heater: str, what: str, stop: Callable[[str], object]) -> None:
        self._bench.journal.write(
            "heats_unasked", device=heater, durable=True, what=f"{heater}: {what}; it is made safe"
        )
        try:
            await self._bench.call(self._bench.devices[heater].make_safe)
        except DeviceError as err:
            stop(f"{heater}: {what}, and cannot be made safe: {err}")
