"""What moves a PreciseFlex 400: power, motion and fingers, whoever commands them."""

from collections import Counter
from collections.abc import Callable

from hardware_sim.emulators.gripper_mishaps import BUSY_S, RELEASED_AFTER_S, GripperMishaps
from hardware_sim.emulators.preciseflex_kinematics import Pose
from hardware_sim.emulators.preciseflex_profiles import Profiles
from hardware_sim.emulators.preciseflex_server import Call, Refusal
from hardware_sim.faults import suffers
from hardware_sim.world.agenda import Event
from hardware_sim.world.tool import Tool
from hardware_sim.world.world import World
from robot.geometry import BenchPoint

FOLDED = Pose(250.0, 0.0, 150.0, 0.0)  # where it stands at power-up and after homing (assumed)
JAWS_S = 0.4  # assumed
OFF_BY_FAULT, OFF, COMING, STOPPED, READY, ATTACHED, IS_HOMING = 5, 7, 8, 15, 20, 21, 28  # of DataID 234
IDLE, MOVING, HALTED = 1, 3, 0  # of the trajectory
OPEN_MM, CLOSED_MM = 120.0, 75.0  # at power-up


class Drive(GripperMishaps):
    """The body of the robot. Its encoders are absolute: it loses no steps, though it wants to be homed at power-up."""

    tool: Tool

    def __init__(self, name: str, world: World) -> None:
        self.acts: Counter[str] = Counter()
        self.tool = Tool(name, world, BenchPoint(FOLDED.x_mm, FOLDED.y_mm, FOLDED.z_mm))
        world.bodies[name] = self.tool
        self._name, self._world = name, world
        self._yaw_deg = FOLDED.yaw_deg
        self._system, self._motion = OFF, IDLE
        self._is_homed = False
        self._holder: Call | None = None
        self._calls: list[Call] = []
        self._due: Event | None = None
        self._grip_mm = {"gripopenpos": OPEN_MM, "gripclosepos": CLOSED_MM}
        self._profiles = Profiles()
        self._aim_mm = OPEN_MM
        self._error = 0
        self._refuses_next = False
        self._jogged_until_s = 0.0

    @property
    def _width_mm(self) -> float:
        """How far the fingers are apart: what they hold keeps them."""
        held = self.tool.held
        return self._aim_mm if held is None else max(self._aim_mm, held.ware.outer_width_mm)

    @property
    def _is_moving(self) -> bool:
        """Does anybody move it?"""
        return self._motion == MOVING or self._world.now_s < self._jogged_until_s

    def _set_jaws(self, closes: bool) -> None:
        self.tool.set_grip(closes)
        self._aim_mm = self._grip_mm["gripclosepos" if closes else "gripopenpos"]
        self._come_to_rest()

    def _stop(self) -> None:
        if self._motion == MOVING or self._system == IS_HOMING:
            self.tool.stop()
            if self._due is not None:
                self._due.cancel()
            self._motion = HALTED
            self._system = READY if self._system == IS_HOMING else self._system
            self._wake()

    def _come_to_rest(self) -> None:
        self._motion = IDLE

    def _after(self, seconds: float, end: Callable[[], None]) -> None:
        def finish() -> None:
            end()
            self._wake()

        self._due = self._world.agenda.at(self._world.now_s + seconds, self._name, finish)

    def _wake(self) -> None:
        """Whoever waits for this goes on at this very instant."""
        for call in list(self._calls):
            call.work()

    def _refuse_if_asked_to(self) -> None:
        if self._refuses_next:
            self._refuses_next = False
            raise Refusal(-1012)

    # What befalls it

    @suffers("busy")
    def be_busy(self) -> None:
        """Somebody jogs it for a while, and brings it back."""
        self._jogged_until_s = self._world.now_s + BUSY_S
        self._world.agenda.at(self._jogged_until_s, self._name, self._wake)

    @suffers("refusal")
    def refuse_next(self) -> None:
        """A joint of its next move is out of its range, it says."""
        self._refuses_next = True

    @suffers("collision")
    def collide(self) -> None:
        """Its encoders fall behind what was commanded: power drops, and the brakes hold it where it is."""
        self._cut_power(OFF_BY_FAULT, -3100)
        self.tool.bump()

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Forget who held it, where home is, and what was set; the fingers keep what they hold (assumed)."""
        self._cut_power(OFF, 0)
        self._is_homed = False
        self._grip_mm = {"gripopenpos": OPEN_MM, "gripclosepos": CLOSED_MM}
        self._profiles = Profiles()

    @suffers("emergency-stop")
    def press_stop(self) -> None:
        """Power drops; when the button is released it stays off."""
        self._cut_power(STOPPED, -1028)
        self._world.agenda.at(self._world.now_s + RELEASED_AFTER_S, self._name, self._release_stop)

    def _release_stop(self) -> None:
        self._system = OFF if self._system == STOPPED else self._system
        self._world.note("released", device=self._name)

    def _cut_power(self, system: int, error: int) -> None:
        """Stand still without power. `error` is what commands will be told, until the power is on again."""
        self._stop()
        if self._due is not None:
            self._due.cancel()
        self._system, self._holder, self._error = system, None, error
