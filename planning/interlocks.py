"""What must hold before a command may go out, however it came about. Read afresh each time, never remembered."""

from collections.abc import Awaitable, Callable
from typing import Any

from planning.commands import Command
from planning.errors import Refused
from robot.config import ArmSettings, FurnaceSettings, LabConfig
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, FurnaceState

ReadState = Callable[[str], Awaitable[Any]]
NEAR_MM = 40.0
"""Nearer than this to a place in a chamber, an arm below travel height is in its mouth."""


class Interlocks:
    """The bench's rules between devices: no arm in a hot or working furnace, no heating with the arm inside."""

    def __init__(self, lab: LabConfig) -> None:
        self._chambers: dict[str, list[BenchPoint]] = {}
        self._handle_below_c: dict[str, float] = {}
        self._travel_height_mm = lab.travel_height_mm
        self._arms = [name for name, device in lab.devices.items() if isinstance(device, ArmSettings)]
        for name, device in lab.devices.items():
            if isinstance(device, FurnaceSettings):
                inside = [site for site in lab.sites.values() if site.inside == name]
                self._chambers[name] = [site.point(place) for site in inside for place in range(site.places)]
                self._handle_below_c[name] = device.handle_below_c

    async def check(self, command: Command, read_state: ReadState) -> None:
        """Let a command pass, or raise Refused."""
        if command.verb == "start_move":
            await self._may_reach(command, read_state)
        elif command.verb == "start_programme":
            await self._may_heat(command, read_state)

    async def _may_reach(self, command: Command, read_state: ReadState) -> None:
        for furnace, places in self._chambers.items():
            if not self._is_in(BenchPoint(*command.arguments["to"]), places):
                continue
            state: FurnaceState = await read_state(furnace)
            limit_c = self._handle_below_c[furnace]
            if state.programme in ("running", "holding"):
                raise Refused(
                    f"{command.device} may not reach into {furnace} while a programme runs", "Wait for its end"
                )
            if state.sensor_broken or not state.temperature_c < limit_c:
                found = "of unknown temperature" if state.sensor_broken else f"at {state.temperature_c:.0f} °C"
                raise Refused(f"{command.device} may not reach into {furnace}, {found}", f"Wait for {limit_c:g} °C")

    async def _may_heat(self, command: Command, read_state: ReadState) -> None:
        for arm in self._arms:
            state: ArmState = await read_state(arm)
            if self._is_in(state.position, self._chambers[command.device]):
                raise Refused(f"{command.device} may not heat while {arm} is inside", "Move the arm out")

    def _is_in(self, point: BenchPoint, places: list[BenchPoint]) -> bool:
        return point.z_mm < self._travel_height_mm - 1 and any(
            point.at_height(place.z_mm).distance_mm(place) < NEAR_MM for place in places
        )
