"""A Dobot Magician with its gripper, on USB serial.

Sources: "Dobot Magician communication protocol" V1.1.5 by way of pydobot's and dobotApiRs' sources; see the fact sheet.
What they leave open is marked as assumed. Not modelled: jumps, moves in joint angles, rails, lasers and inputs.
"""

import struct
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from hardware_sim.emulators.dobot_frames import framed, payloads_in
from hardware_sim.emulators.dobot_kinematics import INVERSE_ERROR, alarm_of, joints_deg
from hardware_sim.emulators.gripper_mishaps import RELEASED_AFTER_S, StepperMishaps
from hardware_sim.faults import suffers
from hardware_sim.world.agenda import Event
from hardware_sim.world.tool import Tool
from hardware_sim.world.world import World
from robot.device_settings import DobotMagicianSettings
from robot.geometry import BenchPoint

WRITE, QUEUED = 1, 2  # bits of ctrl
INPUT = 3  # of the functions of a pin

HOME = BenchPoint(200.0, 0.0, 120.0)  # where the arm stands at power-up and after homing (assumed)
HOMING_S = 25.0
HOMING_MM_PER_S, HOMING_MM_PER_S2 = 50.0, 100.0  # assumed
GRIP_S = 0.5  # for the air pump to move the jaws (assumed)
QUEUE_LENGTH = 32
FULL_S = 4.0  # how long another program keeps the queue full (assumed)
UNDEFINED_INSTRUCTION, JOINT_LIMIT = 0x01, 0x40  # alarms, as those of `alarm_of`

MOVE_JOINTS, MOVE_LINE, MOVE_LINE_BY = 1, 2, 7  # modes; joints run in a straight line too (assumed)
PARAMETERS = {
    80: (200.0,) * 8,  # joints: four speeds, four accelerations
    81: (200.0, 200.0, 200.0, 200.0),  # space: speed, turn, acceleration, turn's acceleration
    82: (10.0, 200.0),  # jumps: height, limit of z
    83: (100.0, 100.0),  # per cent of speed and acceleration
}
"""Settings of point-to-point moves at power-up (assumed)."""


@dataclass(frozen=True)
class Queued:
    """A command that waits: `begin` returns the instant at which `end` is due."""

    index: int
    begin: Callable[[], float]
    end: Callable[[], None]


class DobotMagicianEmulator(StepperMishaps):
    """Commands wait in a queue of 32 that runs only after command 240; the index falls back to 0 at power-up."""

    def __init__(self, name: str, world: World, settings: DobotMagicianSettings) -> None:
        self.acts: Counter[str] = Counter()
        self.tool = Tool(name, world, HOME)
        world.bodies[name] = self.tool
        self._name = name
        self._world = world
        self._received = b""
        self._queue: deque[Queued] = deque()
        self._running: Queued | None = None
        self._due: Event | None = None
        self._is_started = False
        self._last_index = self._current_index = 0
        self._alarms = 0
        self._jaws = b"\x00\x00"
        self._turn_deg = 0.0
        self._sensor = settings.grip_sensor
        self._pins: dict[int, int] = {}
        self._parameters = dict(PARAMETERS)
        self._is_off = self._refuses_next = False
        self._full_until_s = 0.0

    def receive(self, data: bytes) -> bytes:
        """Answer each frame whose sum is right; skip everything else."""
        if self._is_off:
            return b""
        payloads, self._received = payloads_in(self._received + data)
        return b"".join(self._answer(payload) for payload in payloads)

    def state(self) -> dict[str, object]:
        """Queue and alarms."""
        return {
            "index": self._current_index,
            "waiting": len(self._queue),
            "is_started": self._is_started,
            "alarms": f"{self._alarms:032x}",
            "parameters": {str(number): list(values) for number, values in self._parameters.items()},
        }

    def _answer(self, payload: bytes) -> bytes:
        number, ctrl, body = payload[0], payload[1], payload[2:]
        reply = self._write(number, ctrl, body) if ctrl & WRITE else self._read(number, body)
        return b"" if reply is None else framed(payload[:2] + reply)

    def _read(self, number: int, body: bytes) -> bytes:
        match number:
            case 0:
                return b"DT0000000000\x00"  # serial number (assumed)
            case 1:
                return b"DOBOT\x00"
            case 2:
                return bytes((3, 6, 8))  # firmware (assumed)
            case 10:
                return struct.pack("<8f", *self._pose())
            case 20:
                return self._alarms.to_bytes(16, "little")
            case 62 | 63:
                return self._jaws
            case 80 | 81 | 82 | 83:
                values = self._parameters[number]
                return struct.pack(f"<{len(values)}f", *values)
            case 133 if len(body) == 2:
                return bytes((body[0], self._level(body[0])))
            case 246:
                return struct.pack("<Q", self._current_index)
            case 247:
                return struct.pack("<I", QUEUE_LENGTH - len(self._queue))
        self._alarm(UNDEFINED_INSTRUCTION)
        return b""

    def _write(self, number: int, ctrl: int, body: bytes) -> bytes | None:
        """Return the reply's parameters; None is silence."""
        match number:
            case 21:
                self._alarms = 0
            case 240:
                self._is_started = True
                self._start_next()
            case 241:
                self._is_started = False  # what runs is finished first
            case 242:
                self._is_started = False
                self._break_off()
            case 245:
                self._queue.clear()
            case 130 if len(body) == 2:
                self._pins[body[0]] = body[1]
            case 31 | 62 | 63 | 80 | 81 | 82 | 83 | 84:
                return self._enqueue(number, ctrl, body)
            case _:
                self._alarm(UNDEFINED_INSTRUCTION)
        return b""

    def _level(self, pin: int) -> bool:
        """Only a pin that was made an input tells."""
        return pin == self._sensor and self._pins.get(pin) == INPUT and self.tool.sees_vessel

    def _enqueue(self, number: int, ctrl: int, body: bytes) -> bytes | None:
        """Queue a command; without the queue's bit a setting acts at once and a motion waits all the same (assumed)."""
        action = self._action(number, body)
        if action is None:
            self._alarm(UNDEFINED_INSTRUCTION)
            return b""
        begin, end = action
        if number in PARAMETERS and not ctrl & QUEUED:
            end()
            return b""
        if len(self._queue) >= QUEUE_LENGTH or self._now() < self._full_until_s:
            return None  # dropped without an answer (assumed)
        if number not in PARAMETERS:
            self.acts[{31: "home", 62: "suction", 63: "gripper", 84: "ptp"}[number]] += 1
        self._last_index += 1
        self._queue.append(Queued(self._last_index, begin, end))
        self._start_next()
        return struct.pack("<Q", self._last_index) if ctrl & QUEUED else b""

    def _action(self, number: int, body: bytes) -> tuple[Callable[[], float], Callable[[], None]] | None:
        """What a command does first, and at its end; None if its length is wrong or its mode unknown."""
        now = self._now
        match number:
            case 31 if len(body) == 4:
                return self._go_home, lambda: None
            case 62 if len(body) == 2:
                return now, lambda: None
            case 63 if len(body) == 2:
                return lambda: self._now() + GRIP_S, lambda: self._set_jaws(body)
            case 84 if len(body) == 17 and body[0] in (MOVE_JOINTS, MOVE_LINE, MOVE_LINE_BY):
                mode, *target = struct.unpack("<B4f", body)
                return lambda: self._set_out(mode, target), lambda: None
            case _ if number in PARAMETERS and len(body) == 4 * len(PARAMETERS[number]):
                values = struct.unpack(f"<{len(body) // 4}f", body)
                return now, lambda: self._parameters.update({number: values})
        return None

    def _start_next(self) -> None:
        if not self._is_started or self._running is not None or not self._queue:
            return
        self._running = self._queue.popleft()
        self._current_index = self._running.index
        self._due = self._world.agenda.at(self._running.begin(), self._name, self._finish)

    def _finish(self) -> None:
        assert self._running is not None
        self._running.end()
        self._running = None
        self._start_next()

    def _break_off(self) -> None:
        if self._running is not None and self._due is not None:
            self._due.cancel()
            self._running = None
            self.tool.stop()

    def _set_out(self, mode: int, target: list[float]) -> float:
        """Begin a move; an alarm standing or arising ends it where it begins."""
        here = self.tool.believed
        x_mm, y_mm, z_mm, turn_deg = target
        to = BenchPoint(x_mm, y_mm, z_mm)
        if mode == MOVE_LINE_BY:
            to = BenchPoint(here.x_mm + x_mm, here.y_mm + y_mm, here.z_mm + z_mm)
        alarm = INVERSE_ERROR if self._refuses_next else alarm_of(to)
        self._refuses_next = False
        if alarm is not None:
            self._alarm(alarm)
        if self._alarms:
            return self._now()
        self._turn_deg = turn_deg
        speed_mm_per_s, _, acceleration_mm_per_s2, _ = self._parameters[81]
        speed_percent, acceleration_percent = self._parameters[83]
        return self.tool.start_move(
            to,
            max(speed_mm_per_s * speed_percent / 100, 0.1),
            max(acceleration_mm_per_s2 * acceleration_percent / 100, 1),
        )

    def _go_home(self) -> float:
        self.tool.find_home()
        arrives_s = self.tool.start_move(HOME, HOMING_MM_PER_S, HOMING_MM_PER_S2)
        return max(arrives_s, self._now() + HOMING_S)

    def _set_jaws(self, body: bytes) -> None:
        """Enabled and on closes; without air, or off, the jaws are open."""
        self._jaws = body
        self.tool.set_grip(body == b"\x01\x01")

    def _alarm(self, bit: int) -> None:
        self._alarms |= 1 << bit

    # What befalls it

    @suffers("busy")
    def be_busy(self) -> None:
        """Another program fills its queue for a while: what comes is dropped."""
        self._full_until_s = self._now() + FULL_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """Its next move cannot be planned."""
        self._refuses_next = True

    @suffers("collision")
    def collide(self) -> None:
        """Stop at what it met, some steps short; a joint takes itself to be at its limit (assumed)."""
        self._break_off()
        self._queue.clear()
        self._alarm(JOINT_LIMIT)
        self._bump()

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Forget everything but how it is built; the pump stops, and its jaws open. It holds its pose (assumed)."""
        self._break_off()
        self.tool.stop()
        self._queue.clear()
        self._received, self._is_started, self._alarms, self._turn_deg = b"", False, 0, 0.0
        self._last_index = self._current_index = 0
        self._parameters = dict(PARAMETERS)
        self._pins.clear()
        self._set_jaws(b"\x00\x00")
        self.tool.forget_position(HOME)

    @suffers("emergency-stop")
    def be_switched_off(self) -> None:
        """Its power switch is all there is for an emergency; later it is switched on again."""
        self.lose_power()
        self._is_off = True
        self._world.agenda.at(self._now() + RELEASED_AFTER_S, self._name, self._switch_on)

    def _switch_on(self) -> None:
        self._is_off = False
        self._world.note("released", device=self._name)

    def _now(self) -> float:
        return self._world.now_s

    def _pose(self) -> tuple[float, ...]:
        here = self.tool.believed
        return here.x_mm, here.y_mm, here.z_mm, self._turn_deg, *joints_deg(here, self._turn_deg)
