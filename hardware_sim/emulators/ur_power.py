"""Power and safety of a Universal Robots arm: what brings it up, what stops it, what befalls it."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable

from hardware_sim.emulators.gripper_mishaps import BUSY_S, RELEASED_AFTER_S, GripperMishaps
from hardware_sim.faults import suffers
from hardware_sim.world.agenda import Event
from hardware_sim.world.tool import Tool
from hardware_sim.world.world import World
from robot.geometry import BenchPoint

POWER_S, BRAKES_S = 6.0, 2.0
UNLOCK_AFTER_S = 5.0
REST = BenchPoint(250.0, 0.0, 200.0)  # from its foot, where it stands at power-up


class UrPower(GripperMishaps, ABC):
    """An arm that wants power, released brakes and safety. Its encoders are absolute: it loses no steps."""

    def __init__(self, name: str, world: World, foot_mm: tuple[float, float, float]) -> None:
        self.acts: Counter[str] = Counter()
        self.tool = Tool(name, world, REST.plus(foot_mm))
        world.bodies[name] = self.tool
        self.mode, self.safety = "POWER_OFF", "NORMAL"
        self.loaded: str | None = None
        self.popup: str | None = None
        self._name, self._world = name, world
        self._stopped_s = 0.0
        self._coming_up: list[Event] = []
        self._registers: dict[str, float] = {}
        self._outputs = 0
        self._refuses_next = False
        self._lent_until_s = 0.0

    @abstractmethod
    def stop(self) -> bool:
        """Stand still, forget what is left."""

    def power_on(self) -> None:
        """Up to the brakes, which stay engaged."""
        if self.mode == "POWER_OFF":
            self.acts["power on"] += 1
            self.mode = "POWER_ON"
            self._later(POWER_S, lambda: self._set_mode("IDLE"))

    def release_brakes(self) -> None:
        """All the way up."""
        self.acts["brake release"] += 1
        delay_s = {"POWER_OFF": POWER_S, "POWER_ON": POWER_S}.get(self.mode, 0.0)
        if self.mode == "POWER_OFF":
            self.mode = "POWER_ON"
        if self.mode != "RUNNING":
            self._later(delay_s, lambda: self._set_mode("IDLE"))
            self._later(delay_s + BRAKES_S, lambda: self._set_mode("RUNNING"))

    def power_off(self) -> None:
        """The brakes fall in, what runs ends."""
        self.stop()
        for event in self._coming_up:
            event.cancel()
        self.mode = "POWER_OFF"

    def stop_for_safety(self, status: str) -> None:
        """It met something, or somebody pressed a button: freeze; only a person gets it going again."""
        self.stop()
        self.safety, self._stopped_s = status, self._world.now_s
        self._world.note("stopped for safety", device=self._name, status=status)
        if status.endswith("EMERGENCY_STOP"):
            self.power_off()

    def unlock(self) -> bool:
        """Release a protective stop, not too soon."""
        if self.safety != "PROTECTIVE_STOP" or self._world.now_s - self._stopped_s < UNLOCK_AFTER_S:
            return False
        self.safety = "NORMAL"
        return True

    def restart_safety(self) -> None:
        """After a violation or a fault; the arm ends without power."""
        self.power_off()
        self.safety = "NORMAL"

    def _set_mode(self, mode: str) -> None:
        self.mode = mode

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._coming_up.append(self._world.agenda.at(self._world.now_s + seconds, self._name, act))

    # What befalls it

    @suffers("busy")
    def be_busy(self) -> None:
        """Somebody runs a program of his own at the pendant for a while."""
        self._lent_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """The next program does not compile, it says on its pendant."""
        self._refuses_next = True

    @suffers("collision")
    def collide(self) -> None:
        """A protective stop."""
        self.stop_for_safety("PROTECTIVE_STOP")
        self.tool.bump()

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Come up anew without power on the joints; outputs are off, so that an air gripper opens (assumed)."""
        self.power_off()
        self.safety, self.loaded, self.popup, self._outputs = "NORMAL", None, None, 0
        self._registers.clear()
        self.tool.set_grip(False)

    @suffers("emergency-stop")
    def press_stop(self) -> None:
        """Power off; when the button is released it stays off."""
        self.stop_for_safety("ROBOT_EMERGENCY_STOP")
        self._world.agenda.at(self._world.now_s + RELEASED_AFTER_S, self._name, self._release_stop)

    def _release_stop(self) -> None:
        self.safety = "NORMAL"
        self._world.note("released", device=self._name)
