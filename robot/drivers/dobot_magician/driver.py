"""A Dobot Magician with its gripper. What a chemist should know of it stands in docs/devices/dobot_magician.md."""

from math import hypot

from robot.device_settings import DobotMagicianSettings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.dobot_magician import codec
from robot.errors import DeviceError, DeviceFault
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, Identity
from robot.limits import require
from robot.motion.trapezoid import seconds_along
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0
MIN_REACH_MM, MAX_REACH_MM = 115.0, 320.0  # of the tool, level, from the axis of the foot
MIN_HEIGHT_MM, MAX_HEIGHT_MM = -60.0, 165.0


class DobotMagician:
    """One arm at the end of a wire; `Arm` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: DobotMagicianSettings) -> None:
        self.name = name
        self._settings = settings
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """See whether an arm answers; it has no question for its model, but nobody else speaks its frames."""
        with introducing(self.name):
            self.read_state()
        return Identity("Dobot", "Magician")

    def read_state(self) -> ArmState:
        """Where the arm is, what it works on, what is wrong."""
        ticket = self._dialogue.read(codec.ASK_QUEUE_INDEX, _INDEX_REPLY, codec.decode_index)
        position = self._dialogue.read(codec.ASK_POSE, _POSE_REPLY, codec.decode_pose)
        alarms = self._dialogue.read(codec.ASK_ALARMS, _ALARMS_REPLY, codec.decode_alarms)
        return ArmState(position, ticket, alarms)

    def senses_vessel(self) -> bool | None:
        """The level of the pin that a light barrier hangs on, if one does; made an input first, which harms nothing."""
        pin = self._settings.grip_sensor
        if pin is None:
            return None
        as_input, question = codec.encode_pin_as_input(pin), codec.encode_level_question(pin)
        self._dialogue.read(as_input, codec.reply_to(as_input), codec.decode_done)
        return self._dialogue.read(question, codec.reply_to(question), codec.decode_level)

    def start_homing(self) -> int:
        """Empty and start the queue, set the limits of motion, find home; return the ticket.

        Raises:
            DeviceFault: an alarm stands; a person looks, then calls `clear_alarms`.
            ReplyLost: the arm may or may not sweep.
        """
        if alarms := self.read_state().alarms:
            raise DeviceFault(
                self.name, f"will not home: {', '.join(alarms)}", "Look at the arm, then clear the alarms"
            )
        for request in (codec.QUEUE_CLEAR, codec.QUEUE_START):
            self._dialogue.once(request, codec.reply_to(request), codec.decode_done)
        for request in codec.encode_limits(self._settings.speed_mm_per_s, self._settings.acceleration_mm_per_s2):
            self._queue(request)
        return self._queue(codec.HOME)

    def start_move(self, to: BenchPoint) -> int:
        """Queue a straight move of the tool to a point; return the ticket."""
        self.check_reach(to)
        return self._queue(codec.encode_move(to))

    def start_grip(self, closed: bool) -> int:
        """Queue closing or opening of the gripper; return the ticket."""
        return self._queue(codec.encode_grip(closed))

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long a straight move takes: speed up, cruise, slow down."""
        settings = self._settings
        return seconds_along(start.distance_mm(to), settings.speed_mm_per_s, settings.acceleration_mm_per_s2)

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`: a half ring before the foot, ±90° of its first joint."""
        require(self.name, "x_mm", to.x_mm, 0.0, MAX_REACH_MM)
        require(self.name, "distance_from_foot_mm", hypot(to.x_mm, to.y_mm), MIN_REACH_MM, MAX_REACH_MM)
        require(self.name, "z_mm", to.z_mm, MIN_HEIGHT_MM, MAX_HEIGHT_MM)

    def clear_alarms(self) -> None:
        """Forget all alarms; for a person who has looked at the arm and freed it, never for a programme."""
        self._dialogue.once(codec.CLEAR_ALARMS, codec.reply_to(codec.CLEAR_ALARMS), codec.decode_done)

    def make_safe(self) -> None:
        """Stop at once and empty the queue; the motors keep holding. Only `start_homing` starts the queue again.

        Raises:
            ReplyLost: the arm did not confirm that it stopped.
        """
        lost: DeviceError | None = None
        for request in (codec.QUEUE_FORCE_STOP, codec.QUEUE_CLEAR):
            try:  # stopping twice harms nobody, so it is asked for as often as a question
                self._dialogue.read(request, codec.reply_to(request), codec.decode_done)
            except DeviceError as err:
                lost = err
        if lost is not None:
            raise lost

    def _queue(self, request: bytes) -> int:
        return self._dialogue.once(request, codec.reply_to(request), codec.decode_index)


_INDEX_REPLY = codec.reply_to(codec.ASK_QUEUE_INDEX)
_POSE_REPLY = codec.reply_to(codec.ASK_POSE)
_ALARMS_REPLY = codec.reply_to(codec.ASK_ALARMS)
