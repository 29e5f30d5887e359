"""A Cavro syringe pump. What a chemist should know of it stands in docs/devices/cavro.md."""

from collections.abc import Callable
from typing import TypeVar

from robot.device_settings import CavroSettings
from robot.drivers.cavro import codec
from robot.drivers.dialogue import Dialogue, introducing
from robot.errors import Busy, CommandRefused, DeviceFault, LimitExceeded, NotReachable, ReplyLost
from robot.interfaces import Identity, PipetteState
from robot.limits import require
from robot.wire.base import Wire

Reading = TypeVar("Reading")

REPLY_TIMEOUT_S = 0.5  # it answers within 20 ms; a USB adapter may sit on the bytes for 16 ms more


class Cavro:
    """One pump at the end of a wire; `Pipette` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: CavroSettings) -> None:
        self.name = name
        self.capacity_ul = settings.syringe_ul
        self.min_volume_ul = settings.min_volume_ul
        self.resolution_ul = settings.syringe_ul / codec.STROKE_INCREMENTS[settings.model]
        self.ports = {line: port for port, line in settings.valve.items()}
        self._model = settings.model
        self._address = settings.address
        self._framing = codec.FRAMINGS[settings.protocol]
        self._sequence = 0
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask for its firmware; refuse one that calls itself another pump, whose stroke has other increments."""
        with introducing(self.name):
            firmware = self._ask(codec.ASK_FIRMWARE, codec.decode).data
        for model, called in codec.NAMES.items():
            if model != self._model and called in firmware.upper():
                raise NotReachable(self.name, f"says that it is {firmware!r}", f"Set model: {model} in lab.yaml")
        return Identity("Tecan", f"Cavro {codec.NAMES[self._model]}", firmware=firmware)

    def read_state(self) -> PipetteState:
        """Where plunger and valve are, and whether they still move."""
        # Only the status tells of errors that show after a command was accepted; asking clears all but the loss of home.
        status = self._ask(codec.ASK_STATUS, codec.decode)
        position = self._ask(codec.ASK_POSITION, codec.decode_number)
        port = self._ask(codec.ASK_VALVE, codec.decode_port)
        return PipetteState(
            volume_ul=position * self.resolution_ul,
            port=port,
            busy=not status.ready,
            initialised=status.error not in codec.LOST_HOME,
            fault=_fault(status.error),
        )

    def start_initialising(self, waste_port: int) -> None:
        """Home plunger and valve; what is in the syringe leaves through `waste_port`."""
        self._require_port(waste_port)
        self._command(codec.initialisation(waste_port))

    def start_turning_valve(self, port: int) -> None:
        """Turn the valve to a port."""
        self._require_port(port)
        self._command(codec.valve_turn(port))

    def start_moving_plunger(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Move the plunger until the syringe holds `to_volume_ul`, to the nearest of its increments."""
        self.check_stroke(to_volume_ul, flow_ul_per_s)
        increments = round(to_volume_ul / self.resolution_ul)
        self._command(codec.plunger_move(increments, speed=round(flow_ul_per_s / self.resolution_ul)))

    def check_stroke(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Raise LimitExceeded if the plunger cannot get there, or not at that speed."""
        slowest, fastest = codec.MIN_SPEED * self.resolution_ul, codec.MAX_SPEED * self.resolution_ul
        require(self.name, "to_volume_ul", to_volume_ul, 0.0, self.capacity_ul)
        require(self.name, "flow_ul_per_s", flow_ul_per_s, slowest, fastest)

    def make_safe(self) -> None:
        """Stop plunger and valve where they are.

        Raises:
            ReplyLost: the pump did not confirm that it stands still.
        """
        self._ask(codec.STOP, codec.decode)
        if not self._ask(codec.ASK_STATUS, codec.decode).ready:
            raise ReplyLost(self.name, "was told to stop and says that it still moves", "Switch it off")

    def _command(self, data: str) -> None:
        answer = self._dialogue.repeat(self._encode(data), self._framing.frame, codec.decode)
        if answer.error == codec.NO_ERROR:
            return
        what, remedy = _explain(answer.error)
        if answer.error == codec.OVERFLOW:
            raise Busy(self.name, f"did not take {data!r}: {what}", remedy)
        if answer.error in codec.LOST_HOME - {codec.NOT_INITIALISED}:
            raise DeviceFault(self.name, what, remedy)
        raise CommandRefused(self.name, f"refused {data!r}: {what}", remedy)

    def _ask(self, data: str, decode: Callable[[bytes], Reading]) -> Reading:
        requests = self._encode(data)
        return self._dialogue.repeat([*requests, *requests[-1:] * 2], self._framing.frame, decode)

    def _encode(self, data: str) -> tuple[bytes, ...]:
        self._sequence = self._sequence % 7 + 1
        return self._framing.encode(self._address, data, self._sequence)

    def _require_port(self, port: int) -> None:
        if port not in self.ports.values():
            known = ", ".join(f"{number} {line}" for line, number in self.ports.items())
            raise LimitExceeded(self.name, f"nothing hangs on valve port {port}", f"There are: {known}")


def _fault(error: int) -> str | None:
    # That it awaits its initialisation has a field of its own; an overflow was told to whoever caused it.
    if error in {codec.NO_ERROR, codec.NOT_INITIALISED, codec.OVERFLOW}:
        return None
    return _explain(error)[0]


def _explain(error: int) -> tuple[str, str]:
    return codec.ERRORS.get(error, (f"it reports error {error}", "Look it up in its manual"))
