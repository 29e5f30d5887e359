"""A Universal Robots arm of the e-Series in remote control: dashboard, URScript and RTDE.

Source: the fact sheet, after the maker's manuals and client library. Assumed: how long it takes to come up; that it stops at
once; that moves in joint angles run in a straight line too. Not modelled: the primary interface, forces, speeds, PolyScope X.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from math import pi
from typing import ClassVar

import numpy as np

from hardware_sim.emulators.base import Conversation
from hardware_sim.emulators.ur_dashboard import DashboardCall
from hardware_sim.emulators.ur_kinematics import Pose, joints_of, point_of, pose_of
from hardware_sim.emulators.ur_power import UrPower
from hardware_sim.emulators.ur_rtde import RtdeCall
from hardware_sim.emulators.ur_script import Program, ScriptCall, ScriptError, Statement, parse
from hardware_sim.world.agenda import Event
from hardware_sim.world.motion import Trapezoid
from hardware_sim.world.world import World
from robot.device_settings import UrESeriesSettings
from robot.geometry import BenchPoint

MODES = {"POWER_OFF": 3, "POWER_ON": 4, "IDLE": 5, "RUNNING": 7}
SAFETY = {"NORMAL": 1, "REDUCED": 2, "PROTECTIVE_STOP": 3, "SAFEGUARD_STOP": 5, "ROBOT_EMERGENCY_STOP": 7, "FAULT": 9}
RUNTIME = {"STOPPED": 1, "PLAYING": 2, "PAUSED": 4}
TOOL_DOWN = (0.0, pi, 0.0)
HOME_PROGRAM = ["movel(p[0.25,0,0.2,0,3.14159265,0], a=0.3, v=0.15)"]
NO_LIMIT = 1e9  # mm/s², of moves whose time follows from the joints


class UrESeriesEmulator(UrPower):
    """One arm: power, safety, the one program that runs, registers, outputs."""

    channels: ClassVar[Mapping[str, int]] = {"dashboard": 29999, "script": 30002, "rtde": 30004}

    def __init__(self, name: str, world: World, settings: UrESeriesSettings) -> None:
        super().__init__(name, world, settings.foot_mm)
        self.is_remote = True
        self.programs = {"home.urp": parse("home.urp", HOME_PROGRAM)}
        self._settings = settings
        self._turn: tuple[float, float, float] = TOOL_DOWN
        self._waiting: deque[Statement] = deque()
        self._under_way: Statement | None = None
        self._is_paused = False
        self._due: Event | None = None
        self._inputs: dict[str, RtdeCall] = {}
        self._joints: tuple[Pose, Sequence[float]] | None = None

    def call(self, channel: str) -> Conversation:
        """Take a client's connection."""
        match channel:
            case "dashboard":
                return DashboardCall(self)
            case "script":
                return ScriptCall(self.run)
            case _:
                return RtdeCall(lambda: self._world.now_s, self._read, self._inputs)

    def state(self) -> dict[str, object]:
        """What it believes."""
        return {
            "mode": self.mode, "safety": self.safety, "runtime": self.runtime, "loaded": self.loaded,
            "outputs": self._outputs, "registers": dict(self._registers), "popup": self.popup,
        }  # fmt: skip

    @property
    def runtime(self) -> str:
        """Does a program run?"""
        if self._is_paused:
            return "PAUSED"
        is_at_rest = self._under_way is None and not self._waiting and self._world.now_s >= self._lent_until_s
        return "STOPPED" if is_at_rest else "PLAYING"

    # Programs

    def load(self, program: str) -> bool:
        """Choose a program of its own store."""
        if program in self.programs:
            self.loaded = program
        return program in self.programs

    def play(self) -> bool:
        """Run or go on with what is loaded."""
        if self._is_paused:
            self._is_paused = False
            self._next()
            return True
        if self.loaded is None or not self._may_move():
            return False
        self.run(self.programs[self.loaded])
        return True

    def pause(self) -> bool:
        """Stand still, keep what is left."""
        if self.runtime != "PLAYING":
            return False
        self._break_off()
        if self._under_way is not None:
            self._waiting.appendleft(self._under_way)
        self._under_way, self._is_paused = None, True
        return True

    def stop(self) -> bool:
        """Stand still, forget what is left."""
        was_running = self.runtime != "STOPPED"
        self._break_off()
        self._waiting.clear()
        self._under_way, self._is_paused, self._lent_until_s = None, False, 0.0
        return was_running

    def run(self, program: Program) -> None:
        """A program takes the place of the one that runs; without power, or stopped, it is not begun."""
        if not self._may_move():
            return
        if self._refuses_next:
            self._refuses_next, self.popup = False, "Compile error: name 'go' is not defined"
            return
        self.stop()
        self.acts["program"] += 1
        self._waiting.extend(program.statements)
        self._next()

    def _may_move(self) -> bool:
        return self.mode == "RUNNING" and self.safety in ("NORMAL", "REDUCED") and self.is_remote

    def _break_off(self) -> None:
        if self._under_way is not None:
            self.tool.stop()
        if self._due is not None:
            self._due.cancel()

    def _next(self) -> None:
        """Do statements until one takes time."""
        self._under_way = None
        while self._waiting and self._under_way is None:
            statement = self._waiting.popleft()
            try:
                seconds = self._do(statement)
            except ScriptError as err:
                self.stop()
                self.popup = str(err)
                return
            if seconds > 0:
                self._under_way = statement
                self._due = self._world.agenda.at(self._world.now_s + seconds, self._name, self._next)

    def _do(self, statement: Statement) -> float:
        """Begin a statement; return how long it takes."""
        match statement.function:
            case "movel":
                return self._move(statement, statement.number("a", 1, 1.2), statement.number("v", 2, 0.25))
            case "movej" if statement.is_pose:
                return self._move(statement, statement.number("a", 1, 1.4), statement.number("v", 2, 1.05))
            case "movej":
                return self._move_joints(statement)
            case "sleep":
                return statement.number("t", 0)
            case "set_digital_out" | "set_standard_digital_out":
                self._set_output(int(statement.number("n", 0)), bool(statement.number("b", 1)))
            case "write_output_integer_register":
                self._registers[f"output_int_register_{statement.number('address', 0):.0f}"] = statement.number(
                    "value", 1
                )
            case "stopj" | "stopl":
                self._break_off()
            case "popup":
                self.popup = str(statement.arguments[0])
            case "textmsg":
                pass
            case unknown:
                raise ScriptError(f"function {unknown} is not known")
        return 0.0

    def _move(self, statement: Statement, acceleration_m_per_s2: float, speed_m_per_s: float) -> float:
        x_m, y_m, z_m, *turn = statement.numbers()
        pose: Pose = (x_m, y_m, z_m, turn[0], turn[1], turn[2])
        if joints_of(self._settings.size, pose) is None:
            raise ScriptError("the target position is out of reach")
        return self._set_out(pose, speed_m_per_s * 1000, acceleration_m_per_s2 * 1000)

    def _move_joints(self, statement: Statement) -> float:
        aim, here = np.array(statement.numbers()), np.array(self._actual_joints())
        speed, acceleration = statement.number("v", 2, 1.05), statement.number("a", 1, 1.4)
        pose = pose_of(self._settings.size, aim)
        takes_s = Trapezoid(float(np.abs(aim - here).max()), speed, acceleration).duration_s
        way_mm = self.tool.position.distance_mm(self._place_of(pose))
        return max(self._set_out(pose, max(way_mm / max(takes_s, 1e-3), 1e-3), NO_LIMIT), takes_s)

    def _set_out(self, pose: Pose, speed_mm_per_s: float, acceleration_mm_per_s2: float) -> float:
        self._turn = pose[3:]
        arrives_s = self.tool.start_move(self._place_of(pose), speed_mm_per_s, acceleration_mm_per_s2)
        return arrives_s - self._world.now_s

    def _place_of(self, pose: Pose) -> BenchPoint:
        return point_of(pose).plus(self._settings.foot_mm)

    def _set_output(self, number: int, is_on: bool) -> None:
        self._outputs = self._outputs & ~(1 << number) | is_on << number
        if number == self._settings.gripper_output:
            jaws_s = self._settings.grip_s * 0.9
            self._world.agenda.at(self._world.now_s + jaws_s, self._name, lambda: self.tool.set_grip(is_on))

    # What it tells

    def _read(self, name: str) -> Sequence[float]:
        match name:
            case "timestamp":
                return (self._world.now_s,)
            case "actual_TCP_pose" | "target_TCP_pose":
                return self._pose()
            case "actual_q" | "target_q":
                return self._actual_joints()
            case "robot_mode":
                return (MODES[self.mode],)
            case "safety_status" | "safety_mode":
                return (SAFETY[self.safety],)
            case "runtime_state":
                return (RUNTIME[self.runtime],)
            case "robot_status_bits":
                return ((self.mode != "POWER_OFF") | (self.runtime == "PLAYING") << 1,)
            case "safety_status_bits":
                return ((self.safety == "NORMAL") | (self.safety == "PROTECTIVE_STOP") << 2,)
            case "actual_digital_output_bits":
                return (self._outputs,)
            case "actual_digital_input_bits":
                sensor = self._settings.grip_sensor
                return (0 if sensor is None else self.tool.sees_vessel << sensor,)
            case "speed_scaling" | "target_speed_fraction":
                return (1.0,)
            case _ if name in self._registers:
                return (int(self._registers[name]),)
        return ()

    def _pose(self) -> Pose:
        here = self.tool.believed.minus(self._settings.foot_mm)
        return here.x_mm / 1000, here.y_mm / 1000, here.z_mm / 1000, *self._turn

    def _actual_joints(self) -> Sequence[float]:
        pose = self._pose()
        if self._joints is None or self._joints[0] != pose:
            angles = joints_of(self._settings.size, pose)
            self._joints = pose, (0.0,) * 6 if angles is None else tuple(angles.tolist())
        return self._joints[1]
