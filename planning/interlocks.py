"""What must hold before a command may go out, however it came about. Read afresh each time, never remembered."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from planning.commands import Command
from planning.errors import Refused
from planning.interlock_rules import Interlock
from robot.config import LabConfig
from robot.device_settings import (
    ArmSettings,
    FurnaceSettings,
    PowderDiffractometerSettings,
    PowderDoserSettings,
    PowderHandlerSettings,
    VialCapperSettings,
)
from robot.errors import DeviceError
from robot.geometry import BenchPoint
from robot.interfaces import (
    ArmState,
    CapperState,
    DiffractometerState,
    FurnaceState,
    PowderDoserState,
    PowderHandlerState,
)

ReadState = Callable[[str], Awaitable[Any]]
NEAR_MM = 40.0
"""Nearer than this to a place in a chamber, an arm below travel height is in its mouth."""
ENCLOSED = (
    FurnaceSettings | PowderDiffractometerSettings | PowderDoserSettings | PowderHandlerSettings | VialCapperSettings
)
"""Devices that an arm reaches into, and that hurt it, or are hurt, if they work meanwhile."""
AT_WORK = {
    "start_programme": "heat",
    "start_scan": "turn X-rays on",
    "start_closing_door": "close its door",
    "start_opening_door": "move its door",
    "start_dosing": "dose",
    "start_shaking": "shake",
    "start_transferring": "tap powder over",
    "start_capping": "screw a cap on",
    "start_uncapping": "screw a cap off",
}


class Interlocks:
    """The bench's rules between devices.

    Built in: no arm reaches into a hot or working furnace, through a door that is not open, or into a station at
    work; nothing heats, shines, doses or moves its door with an arm inside. Then what the lab file declares.
    """

    def __init__(self, lab: LabConfig, declared: Sequence[Interlock] = ()) -> None:
        self._chambers: dict[str, list[BenchPoint]] = {}
        self._handle_below_c: dict[str, float] = {}
        self._travel_height_mm = lab.travel_height_mm
        self._declared = declared
        self._arms = [name for name, device in lab.devices.items() if isinstance(device, ArmSettings)]
        for name, device in lab.devices.items():
            if isinstance(device, ENCLOSED):
                inside = [site for site in lab.sites.values() if site.inside == name]
                self._chambers[name] = [site.point(place) for site in inside for place in range(site.places)]
            if isinstance(device, FurnaceSettings):
                self._handle_below_c[name] = device.handle_below_c

    async def check(self, command: Command, read_state: ReadState) -> None:
        """Let a command pass, or raise Refused."""
        if command.verb == "start_move":
            await self._may_reach(command, read_state)
        elif command.verb in AT_WORK and command.device in self._chambers:
            await self._may_work(command, read_state)
        for rule in self._declared:
            if f"{command.device}.{command.verb}" in rule.before:
                await _must_hold(rule, command, read_state)

    async def _may_reach(self, command: Command, read_state: ReadState) -> None:
        for device, places in self._chambers.items():
            if self._is_in(BenchPoint(*command.arguments["to"]), places):
                trouble = self._trouble_inside(device, await read_state(device))
                if trouble is not None:
                    raise Refused(f"{command.device} may not reach into {device}{trouble[0]}", trouble[1])

    def _trouble_inside(self, device: str, state: object) -> tuple[str, str] | None:
        """Why no arm may reach into a device, and what to do."""
        match state:
            case FurnaceState(programme="running" | "holding"):
                return " while a programme runs", "Wait for its end"
            case FurnaceState(sensor_broken=True):
                return ", of unknown temperature", f"Wait for {self._handle_below_c[device]:g} °C"
            case FurnaceState() if not state.temperature_c < self._handle_below_c[device]:
                return f", at {state.temperature_c:.0f} °C", f"Wait for {self._handle_below_c[device]:g} °C"
            case DiffractometerState() if state.xrays_on or state.door != "open":
                return f": its door is {state.door}", "Open it first"
            case PowderDoserState(busy=True) | PowderHandlerState(busy=True) | CapperState(busy=True):
                return " while it works", "Wait for its end"
        return None

    async def _may_work(self, command: Command, read_state: ReadState) -> None:
        for arm in self._arms:
            state: ArmState = await read_state(arm)
            if self._is_in(state.position, self._chambers[command.device]):
                what = f"{command.device} may not {AT_WORK[command.verb]} while {arm} is inside"
                raise Refused(what, "Move the arm out")

    def _is_in(self, point: BenchPoint, places: list[BenchPoint]) -> bool:
        return point.z_mm < self._travel_height_mm - 1 and any(
            point.at_height(place.z_mm).distance_mm(place) < NEAR_MM for place in places
        )


async def _must_hold(rule: Interlock, command: Command, read_state: ReadState) -> None:
    try:
        states = {device: await read_state(device) for device in rule.devices}
    except DeviceError as err:
        raise Refused(f"{rule.name}: cannot be told before {command.verb}: {err.what}", "Mend that first") from err
    if not rule.is_met(states):
        raise Refused(f"{rule.name}: {rule.require} does not hold before {command.verb}", "Look at the bench")
