"""A gantry under Smoothieware. What a chemist should know of it stands in docs/devices/smoothie_gantry.md."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from robot.clock import wall_s
from robot.device_settings import SmoothieGantrySettings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.smoothie_gantry import codec
from robot.errors import Busy, CommandRefused, DeviceFault, LineBroken, ReplyLost
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, Identity
from robot.motion.axes import Axes
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0  # it answers within some 20 ms, unless it homes
SLOWEST_HOMING_MM_PER_S = 4.0  # of a z axis, as Smoothieware is delivered
HALTS_WITHIN_S = 0.2
ARRIVED_MM = 0.02  # more than a step, and less than anybody asks for

Answer = TypeVar("Answer")


class SmoothieGantry:
    """One gantry at the end of a wire; `Arm` lists the promises kept here.

    It keeps no count of commands: its place and where its last planned move ends are the evidence. While it homes it
    answers nothing, which is all that shows it; the driver remembers for how long that may last.
    """

    def __init__(self, name: str, wire: Wire, settings: SmoothieGantrySettings) -> None:
        self.name = name
        self._settings = settings
        self._axes = Axes(
            settings.home_mm,
            settings.travel_mm,
            settings.speed_mm_per_s,
            settings.acceleration_mm_per_s2,
            settings.homed_at_mm,
        )
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)
        self._homes_until_s = 0.0
        self._seen = BenchPoint(*settings.home_mm)

    def connect(self) -> Identity:
        """Ask for its place and its firmware."""
        with introducing(self.name):
            self._ask(codec.ASK_PLACE, codec.decode_place)
            firmware = self._ask(codec.ASK_VERSION, codec.decode_version)
        return Identity("Smoothieware", "gantry", firmware=firmware)

    def read_state(self) -> ArmState:
        """Where it is, whether it moves if it tells, what is wrong; of a gantry that homes, where it was seen last."""
        if self._is_homing():
            return ArmState(self._seen, None, (), busy=True)
        is_homed = self._ask(codec.ASK_HOMED, codec.decode_is_homed)
        busy, self._seen = self._look()
        trouble = {True: (), False: (codec.NOT_HOMED[0],), None: (codec.HALTED[0],)}[is_homed]
        return ArmState(self._seen, None, trouble, busy)

    def senses_vessel(self) -> bool | None:
        """Whether its probe input is on, if a light barrier hangs there."""
        if self._settings.grip_sensor is None:
            return None
        return self._ask(codec.ASK_SWITCHES, codec.decode_probe_is_on)

    def start_homing(self) -> None:
        """Find all limit switches.

        Raises:
            Busy: it moves.
            DeviceFault: it is halted, and a person has to clear that.
        """
        state = self.read_state()
        if state.busy:
            raise Busy(self.name, "will not home: it is at work", "Wait until it stands")
        if codec.HALTED[0] in state.alarms:
            raise DeviceFault(self.name, *codec.HALTED)
        self._homes_until_s = wall_s() + max(self._settings.travel_mm) * 3 / SLOWEST_HOMING_MM_PER_S
        self._dialogue.send(codec.HOME)  # acknowledged only at its end: watched, not awaited

    def start_move(self, to: BenchPoint) -> None:
        """Begin a straight move of the tool to a point."""
        self.check_reach(to)
        self._require_ready()
        self._command(codec.encode_move(self._axes.on_machine(to), self._settings.speed_mm_per_s))

    def start_grip(self, closed: bool) -> None:
        """Close the gripper by switching its output off, or open it by switching it on."""
        self._require_ready()
        self._command(codec.encode_switch(not closed))

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long a straight move takes; along a diagonal each axis lends its acceleration."""
        return self._axes.seconds_for(start, to)

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`: a box that ends at home."""
        self._axes.check_reach(self.name, to)

    def clear_alarms(self) -> None:
        """End a halt; for a person who has looked at it, never for a programme. Home it afterwards."""
        self._command(codec.CLEAR)
        self._command(codec.FORGET_HOME)

    def make_safe(self) -> None:
        """If it moves, or may: halt it, forget what was planned, and have it homed before it moves again.

        Halting lets go of the motors, wherever they are in a step: one that stands is better left alone.

        Raises:
            ReplyLost: it did not confirm that it stands.
        """
        if self._stands():
            return
        self._dialogue.send(codec.HALT, listen_s=HALTS_WITHIN_S)
        self._homes_until_s = 0.0
        self.clear_alarms()
        _, before = self._look()
        busy, after = self._look()
        if busy or after != before:
            raise ReplyLost(self.name, "was halted and still moves", "Switch it off")

    def _is_homing(self) -> bool:
        """Is it still silent, of all that it was told to find its home?"""
        if wall_s() < self._homes_until_s:
            try:
                self._dialogue.once(codec.ASK_HOMED, codec.reply_to(codec.ASK_HOMED), codec.decode_is_homed)
            except LineBroken:
                raise
            except ReplyLost:
                return True
        self._homes_until_s = 0.0
        return False

    def _stands(self) -> bool:
        """Does it say that it does not move? Silence says nothing."""
        with suppress(ReplyLost):
            return not self._is_homing() and self._look()[0] is False
        return False

    def _look(self) -> tuple[bool | None, BenchPoint]:
        """Whether it moves, if it tells, and where it is on the bench."""
        aim = self._ask(codec.ASK_AIM, codec.decode_aim)
        place = self._ask(codec.ASK_PLACE, codec.decode_place)
        return None if aim is None else aim.distance_mm(place) > ARRIVED_MM, self._axes.on_bench(place)

    def _require_ready(self) -> None:
        state = self.read_state()
        if state.busy:
            raise Busy(self.name, "is at work", "Wait until it stands")
        for what, remedy in (codec.HALTED, codec.NOT_HOMED):
            if what in state.alarms:
                raise CommandRefused(self.name, f"will not move: {what}", remedy)

    def _command(self, line: bytes) -> None:
        refusal = self._dialogue.once(line, codec.reply_to(line), codec.decode_refusal)
        if refusal is not None:
            error = DeviceFault if refusal.startswith("ALARM") else CommandRefused
            raise error(self.name, f"refused {line!r}: {refusal}", "Look at it, then clear its alarms and home it")

    def _ask(self, request: bytes, decode: Callable[[bytes], Answer]) -> Answer:
        return self._dialogue.read(request, codec.reply_to(request), decode)
