"""A Universal Robots arm. What a chemist should know of it stands in docs/devices/ur_eseries.md."""

from collections.abc import Callable, Mapping
from math import hypot
from typing import TypeVar

from robot.clock import wall_s
from robot.device_settings import UrESeriesSettings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.ur_eseries import dashboard, rtde, script
from robot.drivers.ur_eseries.telemetry import Telemetry
from robot.errors import Busy, CommandRefused, DeviceFault, NotReachable, ReplyLost
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, Identity
from robot.limits import require
from robot.motion.trapezoid import seconds_along
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 3.0  # older PolyScope answers a stop only when the arm stands
STOPS_WITHIN_S = 3.0
MIN_REACH_MM = 150.0  # of the tool, level, from the axis of the foot: nearer, the wrist meets the arm
SHOULDER_MM = {"ur3e": 152.0, "ur5e": 163.0, "ur10e": 181.0}
REACH_MM = {"ur3e": 500.0, "ur5e": 850.0, "ur10e": 1300.0}

Answer = TypeVar("Answer")


class UrESeries:
    """One arm on the network; `Arm` lists the promises kept here.

    The dashboard powers and stops it, URScript moves it, RTDE shows what it does. A program would replace one that
    runs, so that none is sent while the arm is at work.
    """

    def __init__(self, name: str, wires: Mapping[str, Wire], settings: UrESeriesSettings) -> None:
        self.name = name
        self._settings = settings
        self._dashboard = Dialogue(name, wires["dashboard"], REPLY_TIMEOUT_S)
        self._script = Dialogue(name, wires["script"], REPLY_TIMEOUT_S)
        self._script_wire = wires["script"]
        self._telemetry = Telemetry(name, wires["rtde"])

    def connect(self) -> Identity:
        """Ask which PolyScope runs, and have a look at the arm."""
        with introducing(self.name):
            version = self._ask(dashboard.ASK_VERSION, dashboard.decode_version)
            self._telemetry.look()
        return Identity("Universal Robots", f"e-Series {self._settings.size.upper()}", firmware=version)

    def read_state(self) -> ArmState:
        """Where the tool is, which program began last, whether one runs, what is wrong."""
        seen = self._telemetry.look()
        is_closed = bool(seen.outputs >> self._settings.gripper_output & 1)
        return ArmState(
            seen.position.plus(self._settings.foot_mm), seen.count, seen.troubles, seen.is_at_work, is_closed
        )

    def senses_vessel(self) -> bool | None:
        """Whether the input of a light barrier between its jaws is on, if there is one."""
        number = self._settings.grip_sensor
        return None if number is None else bool(self._telemetry.look().inputs >> number & 1)

    def start_homing(self) -> int:
        """Switch the power on and release the brakes; it knows where it is and does not sweep. Return the ticket.

        Raises:
            Busy: a program runs, or it is coming up.
            DeviceFault: it was stopped for safety; a person looks.
            CommandRefused: it is not in remote control.
        """
        seen = self._telemetry.look()
        if seen.is_at_work:
            raise Busy(self.name, "is at work", "Wait until it stands")
        if seen.safety not in rtde.HEALTHY:
            raise DeviceFault(self.name, seen.troubles[0], "Look at the arm; a person frees it at its pendant")
        if not self._ask(dashboard.ASK_REMOTE, dashboard.decode_truth):
            raise CommandRefused(self.name, "is not in remote control", "Choose it at the top right of its pendant")
        if seen.troubles:
            said = self._dashboard.once(dashboard.RELEASE_BRAKES, dashboard.frame, dashboard.decode)
            if said != "Brake releasing":
                refused = said.startswith(dashboard.REFUSAL)
                error = CommandRefused if refused else ReplyLost
                raise error(self.name, f"was to release its brakes and said {said!r}", "Look at its pendant")
        return seen.count

    def start_move(self, to: BenchPoint) -> int:
        """Begin a straight move of the tool, pointing down, to a point; return the ticket."""
        self.check_reach(to)
        settings, ticket = self._settings, self._next_ticket()
        return self._run(
            script.encode_move(
                to.minus(settings.foot_mm), settings.speed_mm_per_s, settings.acceleration_mm_per_s2, ticket
            ),
            ticket,
        )

    def start_grip(self, closed: bool) -> int:
        """Close the gripper by switching its output on, or open it by switching it off; return the ticket."""
        settings, ticket = self._settings, self._next_ticket()
        return self._run(script.encode_grip(settings.gripper_output, closed, settings.grip_s, ticket), ticket)

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long a straight move takes."""
        settings = self._settings
        return seconds_along(start.distance_mm(to), settings.speed_mm_per_s, settings.acceleration_mm_per_s2)

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`: a ball around the shoulder without its axis."""
        size, from_foot = self._settings.size, to.minus(self._settings.foot_mm)
        from_shoulder_mm = from_foot.distance_mm(BenchPoint(0.0, 0.0, SHOULDER_MM[size]))
        require(self.name, "distance_from_shoulder_mm", from_shoulder_mm, 0.0, REACH_MM[size])
        require(self.name, "distance_from_axis_mm", hypot(from_foot.x_mm, from_foot.y_mm), MIN_REACH_MM, REACH_MM[size])

    def unlock_protective_stop(self) -> None:
        """For a person who has looked at the arm, 5 s after the stop or later; never for a programme."""
        said = self._dashboard.once(dashboard.UNLOCK, dashboard.frame, dashboard.decode)
        if said != "Protective stop releasing":
            raise CommandRefused(self.name, f"was not unlocked: {said}", "Wait 5 s after the stop")

    def make_safe(self) -> None:
        """Stop the program that runs; power stays on and what is gripped stays gripped.

        Raises:
            ReplyLost: it did not confirm that nothing runs.
        """
        until_s = wall_s() + STOPS_WITHIN_S
        self._ask(dashboard.STOP, dashboard.decode)  # refused where nothing runs: only what comes next counts
        while self._ask(dashboard.ASK_RUNNING, dashboard.decode_truth):
            if wall_s() > until_s:
                raise ReplyLost(self.name, "was stopped and says that its program runs", "Press its emergency stop")

    def _next_ticket(self) -> int:
        """See that it stands and may be commanded; return the next ticket."""
        seen = self._telemetry.look()
        if seen.troubles:
            raise CommandRefused(self.name, f"will not move: {seen.troubles[0]}", "Look at it, then home it")
        if seen.is_at_work:
            raise Busy(self.name, "is at work", "Wait until it stands")
        return seen.count + 1

    def _run(self, program: bytes, ticket: int) -> int:
        """Send a program and see it begin.

        Raises:
            ReplyLost: it did not show the program's number: it may run or not.
        """
        self._script.send(program)
        try:
            self._telemetry.look_for(lambda seen: seen.count == ticket)
        except NotReachable as err:
            raise ReplyLost(self.name, f"was sent a program and cannot be watched: {err.what}", err.remedy) from err
        finally:
            self._script_wire.close()  # the robot sends its state there as well, and nobody reads it
        return ticket

    def _ask(self, request: bytes, decode: Callable[[bytes], Answer]) -> Answer:
        return self._dashboard.read(request, dashboard.frame, decode)
