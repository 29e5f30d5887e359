"""A powder handler. What a chemist should know of it stands in docs/devices/powder_handler.md."""

from robot.device_settings import PowderHandlerSettings
from robot.drivers.dialogue import introducing
from robot.drivers.numbered_lines import Session
from robot.drivers.open_protocols import micrograms, require_able
from robot.drivers.powder_handler import codec
from robot.interfaces import Identity, PowderHandlerState
from robot.limits import require, whole
from robot.wire.base import Wire
from robot.wire.turnstile import urgent

REPLY_TIMEOUT_S = 0.5  # the protocol promises 0.2 s


class OpenPowderHandler:
    """One handler at the end of a wire; `PowderHandler` lists the promises kept here."""

    max_duration_s = codec.LONGEST_S
    max_mass_mg = codec.MOST_MG

    def __init__(self, name: str, wire: Wire, settings: PowderHandlerSettings) -> None:
        self.name = name
        self.max_speed_rpm = settings.max_speed_rpm
        self._watchdog_s = settings.watchdog_s
        self._session = Session(name, wire, REPLY_TIMEOUT_S, codec.REFUSALS)

    def connect(self) -> Identity:
        """Ask who it is; refuse one that shakes more slowly than lab.yaml says."""
        with introducing(self.name):
            who = self._session.read(codec.WHO, decode=codec.decode_introduction)
        require_able(self.name, "shakes at {} rpm at most", who.max_speed_rpm, self.max_speed_rpm)
        return Identity("Athanor", " ".join(codec.PROTOCOL), who.serial_number, who.firmware)

    def read_state(self) -> PowderHandlerState:
        """What it does, what stands on its places, what became of the last order."""
        return self._session.read(codec.STATE, decode=codec.decode_state)

    def start_shaking(self, duration_s: float, speed_rpm: float) -> int:
        """Order the shake that comes after the last order."""
        require(self.name, "duration_s", duration_s, 1.0, self.max_duration_s)
        require(self.name, "speed_rpm", speed_rpm, 1.0, self.max_speed_rpm)
        figures = whole(self.name, "duration_s", duration_s), whole(self.name, "speed_rpm", speed_rpm)
        return self._order(codec.SHAKE, *figures)

    def start_transferring(self, target_mg: float) -> int:
        """Order the transfer that comes after the last order."""
        require(self.name, "target_mg", target_mg, 1.0, self.max_mass_mg)
        return self._order(codec.TRANSFER, micrograms(target_mg))

    @urgent()
    def stop_handling(self) -> None:
        """Shake and tap no more."""
        self._session.ask(codec.STOP)

    def make_safe(self) -> None:
        """Shake and tap no more."""
        self.stop_handling()

    def _order(self, word: str, *figures: int) -> int:
        """Give an order. A lost answer is asked for again: the order's number makes that safe."""
        number = self.read_state().order + 1
        self._session.ask(codec.WATCHDOG, self._watchdog_s)
        self._session.ask(word, number, *figures)
        return number
