"""A powder doser. What a chemist should know of it stands in docs/devices/powder_doser.md."""

from functools import partial

from robot.device_settings import PowderDoserSettings
from robot.drivers.dialogue import introducing
from robot.drivers.numbered_lines import Session
from robot.drivers.open_protocols import micrograms, require_able
from robot.drivers.powder_doser import codec
from robot.errors import CommandRefused, LimitExceeded
from robot.interfaces import Identity, PowderDoserState
from robot.limits import require
from robot.wire.base import Wire
from robot.wire.turnstile import urgent

REPLY_TIMEOUT_S = 0.5  # the protocol promises 0.2 s


class OpenPowderDoser:
    """One doser at the end of a wire; `PowderDoser` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: PowderDoserSettings) -> None:
        self.name = name
        self.hoppers = {powder: number for number, powder in settings.hoppers.items()}
        self.min_mass_mg, self.max_mass_mg = settings.min_mass_mg, settings.max_mass_mg
        self.min_tolerance_mg = settings.min_tolerance_mg
        self._watchdog_s = settings.watchdog_s
        self._session = Session(name, wire, REPLY_TIMEOUT_S, codec.REFUSALS)

    def connect(self) -> Identity:
        """Ask who it is; refuse one that has fewer hoppers or doses less than lab.yaml says."""
        with introducing(self.name):
            who = self._session.read(codec.WHO, decode=codec.decode_introduction)
        require_able(self.name, "has {} hoppers", who.hoppers, max(self.hoppers.values()))
        require_able(self.name, "doses {} mg at most", who.max_mass_mg, self.max_mass_mg)
        return Identity("Athanor", " ".join(codec.PROTOCOL), who.serial_number, who.firmware)

    def read_state(self) -> PowderDoserState:
        """What it does, what it bears, what became of the last dose."""
        remaining_mg = self._session.read(codec.HOPPERS, decode=codec.decode_hoppers)
        return self._session.read(codec.STATE, decode=partial(codec.decode_state, remaining_mg=remaining_mg))

    def start_dosing(self, hopper: int, target_mg: float, tolerance_mg: float) -> int:
        """Order the dose that comes after the last. A lost answer is asked for again: the order's number makes that safe."""
        self._require_hopper(hopper)
        require(self.name, "target_mg", target_mg, self.min_mass_mg, self.max_mass_mg)
        require(self.name, "tolerance_mg", tolerance_mg, self.min_tolerance_mg, target_mg)
        number = self.read_state().dose + 1
        self._session.ask(codec.WATCHDOG, self._watchdog_s)
        self._session.ask(codec.DOSE, number, hopper, micrograms(target_mg), micrograms(tolerance_mg))
        return number

    @urgent()
    def stop_dosing(self) -> None:
        """Let nothing more fall."""
        self._session.ask(codec.STOP)

    def declare_filled(self, hopper: int, mass_mg: float) -> None:
        """Tell it what a hopper holds, and read that back."""
        self._require_hopper(hopper)
        require(self.name, "mass_mg", mass_mg, 0.0, float("inf"))
        self._session.ask(codec.FILLED, hopper, micrograms(mass_mg))
        found_mg = self._session.read(codec.HOPPERS, decode=codec.decode_hoppers).get(hopper)
        if found_mg is None or micrograms(found_mg) != micrograms(mass_mg):
            what = f"was told that hopper {hopper} holds {mass_mg:g} mg and says {found_mg}"
            raise CommandRefused(self.name, what, "Look at its panel")

    def make_safe(self) -> None:
        """Let nothing more fall."""
        self.stop_dosing()

    def _require_hopper(self, hopper: int) -> None:
        if hopper not in self.hoppers.values():
            known = ", ".join(f"{number} ({powder})" for powder, number in self.hoppers.items())
            raise LimitExceeded(self.name, f"has no hopper {hopper} in use", f"There are {known}")
