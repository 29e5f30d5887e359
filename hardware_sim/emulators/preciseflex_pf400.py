"""A PreciseFlex 400 under Brooks' TCP command server 3.0C1: a robot server and a status server, in PC mode.

Sources: the fact sheet; the command server's own GPL source for states and errors of its commands. A command that waits
keeps its connection waiting. Not modelled: stations, pallets, the verbose mode, guiding by hand.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar

from hardware_sim.emulators.preciseflex_drive import (
    ATTACHED,
    COMING,
    FOLDED,
    IS_HOMING,
    JAWS_S,
    MOVING,
    OFF,
    READY,
    STOPPED,
    Drive,
)
from hardware_sim.emulators.preciseflex_kinematics import Pose, can_reach, joints, pose_of
from hardware_sim.emulators.preciseflex_profiles import SPEED, STRAIGHT
from hardware_sim.emulators.preciseflex_server import Call, Refusal, Waiting
from hardware_sim.world.world import World
from robot.device_settings import PreciseFlexPf400Settings
from robot.geometry import BenchPoint

VERSION = "TCP Command Server 3.0C1 05-27-2021"
FULL_SPEED_MM_PER_S, FULL_ACCELERATION_MM_PER_S2 = 500.0, 2500.0  # of 100 % (assumed)
POWER_S, HOMING_S = 5.0, 12.0  # assumed


class PreciseFlexPf400Emulator(Drive):
    """One robot; whoever attached it may move it, everybody may look and halt."""

    channels: ClassVar[Mapping[str, int]] = {"robot": 10100, "status": 10000}

    def __init__(self, name: str, world: World, settings: PreciseFlexPf400Settings) -> None:
        super().__init__(name, world)
        self._column_mm = settings.column_mm
        self._sensor = settings.grip_sensor
        self._commands = self._all_commands()

    def call(self, channel: str) -> Call:
        """Take a client's connection."""
        call = Call(self, 1 if channel == "robot" else 0)
        self._calls.append(call)
        return call

    def release(self, call: Call) -> None:
        """A client has gone: the robot is free, and goes on with what it does."""
        self._calls.remove(call)
        if self._holder is call:
            self._holder = None

    def state(self) -> dict[str, object]:
        """What it believes."""
        return {"system": self._system, "motion": self._motion, "homed": self._is_homed, "width_mm": self._width_mm}

    def do(self, call: Call, line: str) -> str:
        """Carry out one line; return the data of its reply."""
        word, *texts = line.split() or ["nop"]
        command = self._commands.get(word.lower())
        if command is None:
            raise Refusal(-2805)
        try:
            numbers = [float(text) for text in texts]
        except ValueError as err:
            raise Refusal(-2800) from err
        return command(call, numbers)

    def _all_commands(self) -> dict[str, Callable[[Call, list[float]], str]]:
        return {
            "nop": lambda call, numbers: "",
            "version": lambda call, numbers: VERSION,
            "mode": lambda call, numbers: "" if numbers else "0",
            "sysstate": lambda call, numbers: str(self._system_state()),
            "state": lambda call, numbers: str(MOVING if self._is_moving else self._motion),
            "selectrobot": self._select,
            "pd": lambda call, numbers: str(int(self._is_homed)) if numbers[:1] == [2800.0] else "0",
            "hp": self._power,
            "attach": self._attach,
            "home": self._home,
            "wherec": lambda call, numbers: _shown(*self._place(call)),
            "wherej": lambda call, numbers: _shown(*self._place(call) and joints(self._pose()), self._width_mm),
            "profile": lambda call, numbers: self._profiles.whole(numbers),
            "speed": lambda call, numbers: self._profiles.part(numbers, SPEED),
            "straight": lambda call, numbers: self._profiles.part(numbers, STRAIGHT),
            "movec": self._move_to_place,
            "movej": self._move_joints,
            "moveoneaxis": self._move_one,
            "waitforeom": self._wait,
            "halt": self._halt,
            "gripper": self._grip,
            "gripopenpos": lambda call, numbers: self._grip_position("gripopenpos", numbers),
            "gripclosepos": lambda call, numbers: self._grip_position("gripclosepos", numbers),
            "isfullyclosed": lambda call, numbers: str(-int(self._width_mm < self._grip_mm["gripclosepos"] + 2)),
            "sig": self._signal,
            "exit": lambda call, numbers: "",
        }

    # Who may do what

    def _system_state(self) -> int:
        return ATTACHED if self._system == READY and self._holder is not None else self._system

    def _select(self, call: Call, numbers: list[float]) -> str:
        if not numbers:
            return str(call.robot)
        if numbers[0] not in (0.0, 1.0):
            raise Refusal(-2811)
        if not call.is_status and numbers[0] != 1.0:
            raise Refusal(-2808)
        call.robot = int(numbers[0])
        return ""

    def _power(self, call: Call, numbers: list[float]) -> str:
        if not numbers:
            return str(int(self._system >= READY))
        if numbers[0] == 0:
            self._stop()
            self._system, self._holder = OFF, None
            return ""
        if self._system == STOPPED:
            raise Refusal(-1028)
        if self._system < READY:
            self.acts["power"] += 1
            self._system, self._error = COMING, 0
            self._after(POWER_S, self._be_powered)
        if len(numbers) > 1 and numbers[1]:
            raise Waiting(lambda: self._system != COMING)
        return ""

    def _be_powered(self) -> None:
        self._system = READY

    def _attach(self, call: Call, numbers: list[float]) -> str:
        if not numbers:
            return str(-int(self._holder is call))
        if numbers[0] == 0:
            self._holder = None if self._holder is call else self._holder
            return ""
        if call.is_status:
            raise Refusal(-2808)
        if self._holder not in (None, call):
            raise Refusal(-1006)
        if self._system < READY:
            raise Refusal(-1007)
        self._holder = call
        return ""

    def _require_control(self, call: Call) -> None:
        """Refuse whoever does not hold the robot; keep him waiting while it finishes what he told it before."""
        if call.is_status:
            raise Refusal(-2808)
        if self._system < READY:
            raise Refusal(self._error or -1046)
        if self._holder is not call:
            raise Refusal(-1009)
        if self._is_moving:
            raise Waiting(lambda: not self._is_moving, then_again=True)

    # Moving

    def _home(self, call: Call, numbers: list[float]) -> str:
        self._require_control(call)
        self.acts["home"] += 1
        self._system, self._yaw_deg = IS_HOMING, FOLDED.yaw_deg
        arrives_s = self.tool.start_move(BenchPoint(FOLDED.x_mm, FOLDED.y_mm, FOLDED.z_mm), 50.0, 100.0)
        self._after(max(arrives_s - self._world.now_s, HOMING_S), self._be_home)
        raise Waiting(lambda: self._system != IS_HOMING)

    def _be_home(self) -> None:
        self._system, self._is_homed = READY, True

    def _move_to_place(self, call: Call, numbers: list[float]) -> str:
        if len(numbers) not in (7, 8):
            raise Refusal(-2804)
        profile, x_mm, y_mm, z_mm, yaw_deg = numbers[:5]
        return self._set_out(call, int(profile), Pose(x_mm, y_mm, z_mm, yaw_deg))

    def _move_joints(self, call: Call, numbers: list[float]) -> str:
        if len(numbers) < 6:
            raise Refusal(-2803)
        column_mm, shoulder_deg, elbow_deg, wrist_deg = numbers[1:5]
        return self._set_out(call, int(numbers[0]), pose_of(column_mm, shoulder_deg, elbow_deg, wrist_deg))

    def _move_one(self, call: Call, numbers: list[float]) -> str:
        axis, to, profile = numbers
        angles = list(joints(self._pose()))
        angles[int(axis) - 1] = to
        return self._set_out(call, int(profile), pose_of(*angles))

    def _set_out(self, call: Call, profile: int, pose: Pose) -> str:
        """Begin a move."""
        self._require_control(call)
        if not self._is_homed:
            raise Refusal(-1021)
        speed, acceleration = self._profiles.limits(profile)
        if not can_reach(pose, self._column_mm):
            raise Refusal(-1012)
        self._refuse_if_asked_to()
        self.acts["move"] += 1
        self._yaw_deg = pose.yaw_deg
        arrives_s = self.tool.start_move(
            BenchPoint(pose.x_mm, pose.y_mm, pose.z_mm),
            speed * FULL_SPEED_MM_PER_S,
            acceleration * FULL_ACCELERATION_MM_PER_S2,
        )
        self._motion = MOVING
        self._after(arrives_s - self._world.now_s, self._come_to_rest)
        return ""

    def _grip(self, call: Call, numbers: list[float]) -> str:
        self._require_control(call)
        if numbers not in ([1.0], [2.0]):
            raise Refusal(-2800)
        self._refuse_if_asked_to()
        self.acts["grip"] += 1
        closes = numbers == [2.0]
        self._motion = MOVING
        self._after(JAWS_S, lambda: self._set_jaws(closes))
        return ""

    def _wait(self, call: Call, numbers: list[float]) -> str:
        if self._is_moving:
            raise Waiting(lambda: not self._is_moving)
        return ""

    def _halt(self, call: Call, numbers: list[float]) -> str:
        if call.robot == 0:
            raise Refusal(-2811)
        self._stop()
        return ""

    def _grip_position(self, name: str, numbers: list[float]) -> str:
        if not numbers:
            return f"{self._grip_mm[name]:g}"
        self._grip_mm[name] = numbers[0]
        return ""

    def _signal(self, call: Call, numbers: list[float]) -> str:
        """Nothing but its light barrier hangs on its inputs."""
        if len(numbers) != 1:
            raise Refusal(-2800)
        number = int(numbers[0])
        return f"{number} {int(number == self._sensor and self.tool.sees_vessel)}"

    # Where it is

    def _pose(self) -> Pose:
        here = self.tool.believed
        return Pose(here.x_mm, here.y_mm, here.z_mm, self._yaw_deg)

    def _place(self, call: Call) -> tuple[float, ...]:
        """Place, orientation and how the elbow is bent."""
        if call.robot == 0:
            raise Refusal(-2811)
        pose = self._pose()
        return pose.x_mm, pose.y_mm, pose.z_mm, pose.yaw_deg, 90.0, 180.0, 1


def _shown(*values: float) -> str:
    return " ".join(str(value) if isinstance(value, int) else f"{value:.3f}" for value in values)
