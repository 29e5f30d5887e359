"""A vial capper. What a chemist should know of it stands in docs/devices/vial_capper.md."""

from robot.device_settings import VialCapperSettings
from robot.drivers.dialogue import introducing
from robot.drivers.numbered_lines import Session
from robot.drivers.open_protocols import require_able
from robot.drivers.vial_capper import codec
from robot.interfaces import CapperState, Identity
from robot.limits import require, whole
from robot.wire.base import Wire
from robot.wire.turnstile import urgent

REPLY_TIMEOUT_S = 0.5  # the protocol promises 0.2 s


class OpenVialCapper:
    """One capper at the end of a wire; `Capper` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: VialCapperSettings) -> None:
        self.name = name
        self.max_torque_mnm = float(settings.torque_mnm)
        self._session = Session(name, wire, REPLY_TIMEOUT_S, codec.REFUSALS)

    def connect(self) -> Identity:
        """Ask who it is; refuse one that turns more weakly than lab.yaml says."""
        with introducing(self.name):
            who = self._session.read(codec.WHO, decode=codec.decode_introduction)
        require_able(self.name, "turns with {} mN·m at most", who.max_torque_mnm, self.max_torque_mnm)
        return Identity("Athanor", " ".join(codec.PROTOCOL), who.serial_number, who.firmware)

    def read_state(self) -> CapperState:
        """What stands there, whether it is closed, what became of the last order."""
        return self._session.read(codec.STATE, decode=codec.decode_state)

    def start_capping(self, torque_mnm: float) -> int:
        """Order the capping that comes after the last order."""
        require(self.name, "torque_mnm", torque_mnm, codec.LEAST_MNM, self.max_torque_mnm)
        return self._order(codec.CAP, whole(self.name, "torque_mnm", torque_mnm))

    def start_uncapping(self) -> int:
        """Order the uncapping that comes after the last order."""
        return self._order(codec.UNCAP)

    @urgent()
    def stop_capping(self) -> None:
        """Turn no more."""
        self._session.ask(codec.STOP)

    def make_safe(self) -> None:
        """Turn no more."""
        self.stop_capping()

    def _order(self, word: str, *figures: int) -> int:
        """Give an order. A lost answer is asked for again: the order's number makes that safe."""
        number = self.read_state().order + 1
        self._session.ask(word, number, *figures)
        return number
