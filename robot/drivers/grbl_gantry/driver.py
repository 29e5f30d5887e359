"""A gantry under GRBL. What a chemist should know of it stands in docs/devices/grbl_gantry.md."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from robot.clock import wall_s
from robot.device_settings import GrblGantrySettings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.grbl_gantry import codec
from robot.errors import Busy, CommandRefused, DeviceFault, ReplyLost
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, Identity
from robot.motion.axes import Axes
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0  # it answers within 20 ms, a board that was reset by opening its port after 2 s: asked thrice
STOPS_WITHIN_S = 2.0

Answer = TypeVar("Answer")

MOVING = {"Run", "Jog", "Hold:1"}
"""States that a hold brings to rest."""
AT_WORK = MOVING | {"Home"}
READY = "Idle"
BLOCKED = {"Alarm", "Hold", "Door", "Sleep", "Home"}
"""States in which lines wait, or may have to wait for a reset: only the status is sure to be told."""


class GrblGantry:
    """One gantry at the end of a wire; `Arm` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: GrblGantrySettings) -> None:
        self.name = name
        self._settings = settings
        self._axes = Axes(
            settings.home_mm,
            settings.travel_mm,
            settings.speed_mm_per_s,
            settings.acceleration_mm_per_s2,
            counts_at_home_mm=(0.0, 0.0, 0.0),
        )
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask for its status, and for its firmware if it has time to tell."""
        with introducing(self.name):
            status = self._read_status()
            may_tell = status.state in (READY, "Alarm")
            firmware = self._ask(codec.ASK_VERSION, codec.decode_version) if may_tell else ""
        return Identity("GRBL", "gantry", firmware=firmware)

    def read_state(self) -> ArmState:
        """Where it is, which command it planned last, whether it moves, what is wrong."""
        status = self._read_status()
        here = self._axes.on_bench(status.place)
        busy = status.state in AT_WORK
        alarms = tuple(what for what, _ in codec.troubles(status))
        if status.kind in BLOCKED:
            return ArmState(here, None, alarms, busy)
        modes = self._ask(codec.ASK_MODES, codec.decode_modes)
        return ArmState(here, modes.count, alarms, busy, not modes.coolant_is_on)

    def senses_vessel(self) -> bool | None:
        """Whether its probe input is on, if a light barrier hangs there."""
        return None if self._settings.grip_sensor is None else self._read_status().probe_is_on

    def start_homing(self, ticket: int | None = None) -> int | None:
        """Compare its settings with ours, then find all limit switches; return the ticket.

        Args:
            ticket: what the machine is to remember; left out: its next count.

        Raises:
            Busy: it moves.
            CommandRefused: its settings would let it go astray; nothing moved.
            DeviceFault: an alarm stands that a person has to clear.
        """
        status = self._read_status()
        if status.state in AT_WORK:
            raise Busy(self.name, f"will not home: it is in state {status.state}", "Wait until it stands")
        try:
            self._check_settings()
        except ReplyLost as err:
            if status.kind != "Alarm":
                raise
            what = "an alarm stands that only a reset ends"
            raise DeviceFault(self.name, what, "Look at it, then clear its alarms") from err
        ticket = ticket or self._next_ticket()
        self._dialogue.send(codec.encode_homing(ticket))  # acknowledged only at its end: watched, not awaited
        return ticket

    def start_move(self, to: BenchPoint) -> int | None:
        """Begin a straight move of the tool to a point; return the ticket."""
        self.check_reach(to)
        ticket = self._require_ready()
        self._plan(to, ticket)
        return ticket

    def start_path(self, stops: Sequence[tuple[BenchPoint, int]]) -> None:
        """Begin straight moves one after the other; each stop comes with the ticket that the machine is to remember.

        A move is sent once the one before it is planned: if an answer is lost, nothing that comes after is sent.
        """
        for to, _ in stops:
            self.check_reach(to)
        self._require_ready()
        for to, ticket in stops:
            self._plan(to, ticket)

    def start_grip(self, closed: bool) -> int | None:
        """Close the gripper by switching the coolant's output off, or open it by switching it on; return the ticket."""
        ticket = self._require_ready()
        self._command(codec.encode_coolant(not closed, ticket))
        return ticket

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long a straight move takes; along a diagonal each axis lends its acceleration."""
        return self._axes.seconds_for(start, to)

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`: a box that ends at machine zero."""
        self._axes.check_reach(self.name, to)

    def clear_alarms(self) -> None:
        """Reset and unlock; for a person who has looked at it, never for a programme. Home it afterwards."""
        self._ask(codec.RESET, bytes)
        self._command(codec.UNLOCK)

    def make_safe(self) -> None:
        """Hold, then forget what was planned; the motors keep holding, the gripper closes.

        Raises:
            ReplyLost: it did not confirm that it stands.
        """
        self._dialogue.send(codec.HOLD)
        until_s = wall_s() + STOPS_WITHIN_S
        while (status := self._read_status()).state in MOVING and wall_s() < until_s:
            pass
        if status.kind == "Hold" or status.state in AT_WORK:
            self._ask(codec.RESET, bytes)
            status = self._read_status()
        if status.state in AT_WORK:
            raise ReplyLost(self.name, f"was reset and is in state {status.state}", "Switch it off")

    def _read_status(self) -> codec.Status:
        return self._ask(codec.ASK_STATUS, codec.decode_status)

    def _require_ready(self) -> int | None:
        """See that it stands and may be commanded; return the next ticket."""
        status = self._read_status()
        if status.state in AT_WORK:
            raise Busy(self.name, f"is at work, in state {status.state}", "Wait until it stands")
        for what, remedy in codec.troubles(status):
            raise CommandRefused(self.name, f"will not move: {what}", remedy)
        return self._next_ticket()

    def _next_ticket(self) -> int | None:
        count = self._ask(codec.ASK_MODES, codec.decode_modes).count
        return None if count is None else count + 1

    def _check_settings(self) -> None:
        """Millimetres of the machine, homing, soft limits, and travel as in lab.yaml: or it may crash into its ends."""
        found = self._ask(codec.ASK_SETTINGS, codec.decode_settings)
        wanted: dict[int, float] = {codec.INCHES: 0.0, codec.HOMING: 1.0, codec.SOFT_LIMITS: 1.0}
        wanted |= dict(zip(codec.TRAVEL, self._settings.travel_mm, strict=True))
        for number, value in wanted.items():
            if found.get(number) != value:
                what = f"will not home: its setting ${number} is {found.get(number)}, not {value:g}"
                raise CommandRefused(self.name, what, f"Send ${number}={value:g} once, or correct lab.yaml")

    def _plan(self, to: BenchPoint, ticket: int | None) -> None:
        self._command(codec.encode_move(self._axes.on_machine(to), self._settings.speed_mm_per_s, ticket))

    def _command(self, line: bytes) -> None:
        said = self._dialogue.once(line, codec.reply_to(line), codec.decode_acknowledgement)
        kind, _, number = said.partition(b":")
        if kind == b"error":
            what, remedy = codec.ERRORS.get(int(number), (f"G-code error {int(number)}", "Is its firmware an old one?"))
            raise CommandRefused(self.name, f"refused {line!r}: {what}", remedy)
        if kind == b"ALARM":
            what, remedy = codec.ALARMS.get(int(number), (f"alarm {int(number)}", "Look at it"))
            raise DeviceFault(self.name, what, remedy)
        if said != b"ok":
            raise DeviceFault(self.name, f"was reset: {said!r}", "Look for a brown-out or noise, then home it")

    def _ask(self, request: bytes, decode: Callable[[bytes], Answer]) -> Answer:
        return self._dialogue.read(request, codec.reply_to(request), decode)
