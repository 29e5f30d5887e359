"""Heaters that nobody has asked to heat: looked at now and then while a run goes on, told of and made safe once."""

from collections.abc import Callable, Iterable

import anyio

from planning.bench import Bench
from planning.furnace_watch import Sighting, Trouble, plate_while_unused, while_unused
from robot.config import LabConfig
from robot.device_settings import FurnaceSettings, IkaRctSettings
from robot.errors import DeviceError
from robot.interfaces import FurnaceState, StirrerState

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
        self._seen: dict[str, list[Sighting]] = {}

    async def watch(self, is_over: anyio.Event, stop: Callable[[str], object]) -> None:
        """Look at all that are idle, every five minutes until a run is over; `stop` it if one heats though made safe."""
        while not is_over.is_set():
            await self.look_at_all(stop)
            with anyio.move_on_after(LOOK_EVERY_S / self._bench.clock.speed):
                await is_over.wait()

    async def look_at_all(self, stop: Callable[[str], object]) -> None:
        """Look at each that is idle, once."""
        for heater in self._heaters:
            await self._look(heater, stop)

    async def _look(self, heater: str, stop: Callable[[str], object]) -> None:
        try:
            state: FurnaceState | StirrerState | None = await self._state(heater)
        except DeviceError:
            return  # the journal tells; whoever needs it next will find it silent
        trouble = None if state is None else self._judge(heater, state)
        if state is None:
            self._seen.pop(heater, None)
        elif trouble is None:
            self._told.discard(heater)
        elif heater in self._told:
            stop(
                f"{heater}: it was made safe, and {trouble.what}: switch it off at its independent cut-out and look at it"
            )
        else:
            self._told.add(heater)
            await self._make_safe(heater, trouble.what, stop)

    async def _state(self, heater: str) -> FurnaceState | StirrerState | None:
        """How an idle one stands; None if it is in use, before we ask or once it has told."""
        state = None if heater in self._in_use() else await self._bench.read(heater)
        return None if heater in self._in_use() else state

    def _judge(self, heater: str, state: FurnaceState | StirrerState) -> Trouble | None:
        if isinstance(state, StirrerState):
            return plate_while_unused(state)
        self._seen[heater] = [*self._seen.get(heater, [])[-1:], Sighting(self._bench.clock.now_s(), state)]
        return while_unused(self._seen[heater])

    async def _make_safe(self, heater: str, what: str, stop: Callable[[str], object]) -> None:
        self._bench.journal.write(
            "heats_unasked", device=heater, durable=True, what=f"{heater}: {what}; it is made safe"
        )
        try:
            await self._bench.call(self._bench.devices[heater].make_safe)
        except DeviceError as err:
            stop(f"{heater}: {what}, and cannot be made safe: {err}")
