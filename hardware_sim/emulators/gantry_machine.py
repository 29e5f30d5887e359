"""What any gantry is made of, whatever dialect it speaks: axes, a gripper's valve, and what befalls them."""

import re
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable
from typing import ClassVar

from hardware_sim.emulators.grbl_planner import Planner
from hardware_sim.emulators.gripper_mishaps import BUSY_S, RELEASED_AFTER_S, StepperMishaps
from hardware_sim.faults import suffers
from hardware_sim.world.tool import Carriage, Tool
from hardware_sim.world.world import World
from robot.device_settings import GrblGantrySettings, SmoothieGantrySettings
from robot.geometry import BenchPoint

HOMING_MM_PER_S, HOMING_MM_PER_S2, HOMING_LOCATES_S = 25.0, 100.0, 3.0  # assumed
POWERED_UP_MM = 10.0  # from home on each axis, where the tool stands when first switched on (assumed)
JAWS_S = 0.3  # for the air (assumed)

GantrySettings = GrblGantrySettings | SmoothieGantrySettings


class GantryMachine(StepperMishaps, ABC):
    """What moves; it is told how by lines, and says what it says in a dialect."""

    pieces: ClassVar[re.Pattern[bytes]]
    """What its lines are cut into as they come in: bytes that mean something by themselves, and what stands between them."""

    def __init__(self, name: str, world: World, settings: GantrySettings, tool: Carriage | None) -> None:
        self.acts: Counter[str] = Counter()
        self.tool = tool or Tool(name, world, where_powered_up(settings))
        self.tool.set_grip(True)
        world.bodies[name] = self.tool
        self._name, self._world, self._home = name, world, settings.home_mm
        self._planner = Planner(name, world, self.tool, self._work)
        self._received = b""
        self._lines: deque[str] = deque()
        self._said = b""
        self._is_homing = self._is_pressed = self._refuses_next = False
        self._jogged_until_s = 0.0

    def receive(self, data: bytes) -> bytes:
        """Take in bytes; return what has been said by now."""
        for piece in self.pieces.findall(data):
            self._take(piece)
        said, self._said = self._said, b""
        return said

    @abstractmethod
    def _take(self, piece: bytes) -> None:
        """Take in a byte that means something by itself, or some that do not."""

    @abstractmethod
    def _work(self) -> None:
        """Do lines as far as they can be done by now."""

    @abstractmethod
    def _hit_limit(self) -> None:
        """A limit switch is pressed (a gantry may have some: assumed)."""

    @abstractmethod
    def _wake_up(self) -> bytes:
        """Come up after a moment without power; return the banner."""

    @abstractmethod
    def _be_cut_off(self) -> None:
        """The stop is pressed."""

    def _sweep_home(self, pull_off_mm: float, when_done: Callable[[], None], axes: str = "XYZ") -> None:
        """Run onto the limit switches of some axes, then off them."""
        self.tool.find_home()
        x_mm, y_mm, z_mm = (
            home - pull_off_mm - zero if axis in axes else here
            for axis, home, zero, here in zip("XYZ", self._home, self._planner.zero, self._planner.here(), strict=True)
        )
        arrives_s = self._planner.set_out((x_mm, y_mm, z_mm), HOMING_MM_PER_S, HOMING_MM_PER_S2)
        self._world.agenda.at(arrives_s + HOMING_LOCATES_S, self._name, when_done)

    def _set_jaws(self, is_closed: bool) -> None:
        self._world.agenda.at(self._world.now_s + JAWS_S, self._name, lambda: self.tool.set_grip(is_closed))

    def _release(self) -> None:
        self._is_pressed = False
        self._world.note("released", device=self._name)

    # What befalls it

    @suffers("busy")
    def be_busy(self) -> None:
        """Somebody jogs it at its pendant for a while, and brings it back."""
        self._jogged_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """Noise garbles the next line that moves, and no sum guards it."""
        self._refuses_next = True

    @suffers("collision")
    def collide(self) -> None:
        """Stop at what it met, some steps short, as if at a limit switch."""
        self._hit_limit()
        self._bump()

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Wake up without a home, its place taken for 0; the gripper's valve falls back to closed."""
        self._lines.clear()
        self._planner.forget()
        self._received, self._is_homing = b"", False
        self._said = self._wake_up()
        self._set_jaws(is_closed=True)

    @suffers("emergency-stop")
    def press_stop(self) -> None:
        """Somebody presses a stop that also cuts the motors' power; until it is released, a while later, it cannot home."""
        self._be_cut_off()
        self._is_pressed = True
        self.tool.lose_steps()
        self._world.agenda.at(self._world.now_s + RELEASED_AFTER_S, self._name, self._release)


def where_powered_up(settings: GantrySettings) -> BenchPoint:
    """Where the tool stands when the machine is first switched on."""
    x_mm, y_mm, z_mm = settings.home_mm
    return BenchPoint(x_mm - POWERED_UP_MM, y_mm - POWERED_UP_MM, z_mm - POWERED_UP_MM)
