"""A PreciseFlex 400. What a chemist should know of it stands in docs/devices/preciseflex_pf400.md."""

from collections.abc import Callable, Mapping
from math import hypot
from typing import TypeVar

from robot.clock import wall_s
from robot.device_settings import PreciseFlexPf400Settings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.preciseflex_pf400 import codec
from robot.errors import Busy, CommandRefused, DeviceFault, NotReachable, ReplyLost
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, Identity
from robot.limits import require
from robot.motion.trapezoid import seconds_along
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 2.0
ACTS_WITHIN_S = 10.0  # some versions answer a grip only when the fingers stand
STOPS_WITHIN_S = 2.0
MIN_REACH_MM, MAX_REACH_MM = 200.0, 576.0  # of the fingers, level, from the column
CLOSING_MM = 1.0  # fingers so far from open are closed, or closed on something

Answer = TypeVar("Answer")


class PreciseFlexPf400:
    """One arm on the network; `Arm` lists the promises kept here.

    It is commanded on its robot server, which may keep silent until homing is over, and watched and halted on its
    status server, which always answers.
    """

    def __init__(self, name: str, wires: Mapping[str, Wire], settings: PreciseFlexPf400Settings) -> None:
        self.name = name
        self._settings = settings
        self._robot = Dialogue(name, wires["robot"], ACTS_WITHIN_S)
        self._status = Dialogue(name, wires["status"], REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask its command server who it is."""
        with introducing(self.name):
            version = self._ask(codec.ASK_VERSION, codec.decode).data
        if "Command Server" not in version:
            raise NotReachable(self.name, f"says that it is {version!r}, not a TCP Command Server", "Check its address")
        return Identity("Brooks", "PreciseFlex 400", firmware=version)

    def read_state(self) -> ArmState:
        """Where the fingers are and how wide, whether it moves, what is wrong; it keeps no count of commands."""
        troubles, busy = self._look()
        position = self._ask(codec.ASK_PLACE, codec.decode_place)
        width_mm = self._ask(codec.ASK_JOINTS, codec.decode_width_mm)
        is_closed = width_mm < self._settings.open_mm - CLOSING_MM
        return ArmState(position, None, tuple(what for what, _ in troubles), busy, is_closed, width_mm)

    def senses_vessel(self) -> bool | None:
        """Whether the signal of a light barrier between its fingers is on, if there is one."""
        number = self._settings.grip_sensor
        return None if number is None else self._ask(codec.encode_signal_question(number), codec.decode_signal)

    def start_homing(self) -> None:
        """Power on, take hold of the robot, set speeds; find home if it does not know it: then it sweeps.

        Raises:
            Busy: it moves.
            DeviceFault: its emergency stop is pressed.
        """
        troubles, busy = self._look()
        if busy:
            raise Busy(self.name, "will not home: it is at work", "Wait until it stands")
        if codec.SYSTEM_TROUBLES[15] in troubles:
            raise DeviceFault(self.name, *codec.SYSTEM_TROUBLES[15])
        is_homed = self._ask(codec.ASK_HOMED, codec.decode_number) != 0
        settings = self._settings
        set_up = codec.encode_set_up(
            settings.speed_mm_per_s, settings.acceleration_mm_per_s2, settings.open_mm, settings.closed_mm
        )
        lines = codec.POWER_ON + codec.ATTACH + set_up + (b"" if is_homed else codec.HOME)
        self._robot.send(lines)  # answered one by one, the last when it is home: watched, not awaited

    def start_move(self, to: BenchPoint) -> None:
        """Begin a straight move of the fingers to a point."""
        self.check_reach(to)
        self._act(codec.encode_move(to))

    def start_grip(self, closed: bool) -> None:
        """Close or open the fingers."""
        self._act(codec.encode_grip(closed))

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long a straight move takes."""
        settings = self._settings
        return seconds_along(start.distance_mm(to), settings.speed_mm_per_s, settings.acceleration_mm_per_s2)

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the fingers cannot get to `to`: a thick ring around the column."""
        require(self.name, "distance_from_column_mm", hypot(to.x_mm, to.y_mm), MIN_REACH_MM, MAX_REACH_MM)
        require(self.name, "z_mm", to.z_mm, 0.0, self._settings.column_mm)

    def make_safe(self) -> None:
        """Stop where it is; power stays on, so that it does not sag.

        Raises:
            ReplyLost: it did not confirm that it stands.
        """
        until_s = wall_s() + STOPS_WITHIN_S
        self._select_robot()
        self._ask(codec.HALT, codec.decode)
        while self._ask(codec.ASK_MOTION, codec.decode_number) not in codec.AT_REST:
            if wall_s() > until_s:
                raise ReplyLost(self.name, "was halted and says that it still moves", "Press its emergency stop")

    def _look(self) -> tuple[list[tuple[str, str]], bool]:
        """What is wrong and what to do, and whether it is at work."""
        self._select_robot()
        system = self._ask(codec.ASK_SYSTEM, codec.decode_number)
        motion = self._ask(codec.ASK_MOTION, codec.decode_number)
        is_homed = self._ask(codec.ASK_HOMED, codec.decode_number) != 0
        busy = motion not in codec.AT_REST or system == codec.HOMING or system in codec.COMING_UP
        troubles = [codec.SYSTEM_TROUBLES[system]] if system in codec.SYSTEM_TROUBLES else []
        if not (is_homed or busy):
            troubles.append(codec.REFUSALS[-1021])
        return troubles, busy

    def _act(self, line: bytes) -> None:
        """Send an acting line; a connection made anew must first take hold of the robot again."""
        troubles, busy = self._look()
        if busy:
            raise Busy(self.name, "is at work", "Wait until it stands")
        for what, remedy in troubles:
            raise CommandRefused(self.name, f"will not move: {what}", remedy)
        if self._command(line) == codec.NOT_ATTACHED:
            self._require(codec.ATTACH, self._command(codec.ATTACH))
            self._require(line, self._command(line))  # the first was refused: this does not repeat it

    def _command(self, line: bytes) -> int:
        """Send a line once; return 0, or that the robot is not attached."""
        code = self._robot.once(line, codec.frame, codec.decode).code
        if code != codec.NOT_ATTACHED:
            self._require(line, code)
        return code

    def _require(self, line: bytes, code: int) -> None:
        if code in codec.COLLISIONS:
            what = f"was not where it should be (error {code}): it met something, and its power drops"
            raise DeviceFault(self.name, what, "Look at the arm and at what it holds")
        if code != 0:
            what, remedy = codec.REFUSALS.get(code, (f"error {code}", "Look it up in its manual"))
            raise CommandRefused(self.name, f"refused {line!r}: {what}", remedy)

    def _select_robot(self) -> None:
        """Tell the status server which robot questions are about: a connection made anew has forgotten it."""
        self._ask(codec.SELECT_ROBOT, codec.decode)

    def _ask(self, request: bytes, decode: Callable[[bytes], Answer]) -> Answer:
        return self._status.read(request, codec.frame, decode)
