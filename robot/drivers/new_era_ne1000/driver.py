"""A New Era NE-1000 syringe pump. What a chemist should know of it stands in docs/devices/new_era_ne1000.md."""

from collections.abc import Callable
from math import floor, log10, pi
from typing import TypeVar

from robot.device_settings import NewEraNE1000Settings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.new_era_ne1000 import codec
from robot.errors import Busy, CommandRefused, DeviceFault, NotReachable, ReplyLost
from robot.interfaces import Identity, SyringeState
from robot.limits import require
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 0.5
ALARMS_AT_MOST = 3  # that may wait to be told before an answer comes
SLOWEST_MM_PER_S, FASTEST_MM_PER_S = 0.04205 / 3600, 51.005 / 60  # of the plunger; maker's data sheet
DIGITS = 4
MOST = 10**DIGITS - 1
UL_PER = {"UL": 1.0, "ML": 1000.0}

Reading = TypeVar("Reading")


class NewEraNE1000:
    """One pump at the end of a wire; `SyringePump` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: NewEraNE1000Settings) -> None:
        self.name = name
        self.capacity_ul = settings.syringe_ul
        self.min_volume_ul = settings.min_volume_ul
        self._units = "UL" if settings.syringe_ul <= MOST else "ML"
        self.resolution_ul = UL_PER[self._units] * 10 ** (
            floor(log10(settings.syringe_ul / UL_PER[self._units])) + 1 - DIGITS
        )
        self._settings = settings
        area_mm2 = pi * settings.diameter_mm**2 / 4
        self._flows_ul_per_s = (SLOWEST_MM_PER_S * area_mm2, FASTEST_MM_PER_S * area_mm2)
        self._knows_filling = True
        self._is_moving = False
        self._fault: str | None = None
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask for its version."""
        with introducing(self.name):
            version = self._ask(codec.ASK_VERSION).data
        model, _, firmware = version.partition("V")
        if not model.startswith("NE1000"):
            raise NotReachable(self.name, f"says that it is {version!r}, no NE-1000", "Check its port")
        return Identity("New Era", model, firmware=firmware)

    def declare_filled(self) -> None:
        """Take a person's word that the syringe holds `filled_ul` of lab.yaml: set diameter and units, clear counters."""
        self._set("DIA", codec.encode_number(self._settings.diameter_mm))
        self._tell(f"VOL{self._units}")
        for counter in ("INF", "WDR"):
            self._tell(f"CLD{counter}")
        infused, withdrawn, units = self._dispensed()
        if (infused, withdrawn, units) != (0.0, 0.0, self._units):
            raise CommandRefused(self.name, "did not clear its counters", "Stop it first")
        self._knows_filling, self._fault = True, None

    def read_state(self) -> SyringeState:
        """What is in the syringe by its counters, and whether it moves."""
        status = self._ask(codec.ASK_STATUS).status
        infused, withdrawn, units = self._dispensed()
        is_busy = status in codec.MOVING
        self._is_moving = self._is_moving and is_busy
        volume_ul = self._settings.filled_ul + (withdrawn - infused) * UL_PER[units]
        return SyringeState(volume_ul, is_busy, self._knows_filling, self._fault)

    def start_moving_plunger(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Infuse or withdraw until the counters say that the syringe holds `to_volume_ul`."""
        require(self.name, "to_volume_ul", to_volume_ul, 0.0, self.capacity_ul)
        require(self.name, "flow_ul_per_s", flow_ul_per_s, *self._flows_ul_per_s)
        state = self.read_state()
        if state.busy:
            raise Busy(self.name, "still moves", "Wait until it is ready")
        self._require_filling()
        by_ul = to_volume_ul - state.volume_ul
        if abs(by_ul) >= self.resolution_ul / 2:
            self._prepare(by_ul, flow_ul_per_s)
            self._require_filling()
            self._run()

    def make_safe(self) -> None:
        """Stop the plunger where it is.

        Raises:
            ReplyLost: the pump did not confirm that it stands still.
        """
        self._ask(codec.STOP)
        if self._ask(codec.ASK_STATUS).status in codec.MOVING:
            raise ReplyLost(self.name, "was told to stop and says that it still moves", "Switch it off")

    def _require_filling(self) -> None:
        if not self._knows_filling:
            what = "does not know what its syringe holds: it has been without power, or it stalled"
            raise CommandRefused(self.name, what, "Fill it to filled_ul of lab.yaml and call declare_filled")

    def _prepare(self, by_ul: float, flow_ul_per_s: float) -> None:
        """Direction, rate, volume, each read back; a pause left over would go on instead."""
        infused, withdrawn, units = self._dispensed()
        volume = abs(by_ul) / UL_PER[self._units]
        if units != self._units or (withdrawn if by_ul > 0 else infused) + volume > MOST:
            raise CommandRefused(self.name, "has full counters, or counts in other units", "Call declare_filled")
        if self._ask(codec.ASK_STATUS).status == codec.PAUSED:
            self._tell(codec.STOP)
        self._check("DIA", codec.encode_number(self._settings.diameter_mm))
        self._tell(f"DIR{'WDR' if by_ul > 0 else 'INF'}")
        rate_ul_per_min = flow_ul_per_s * 60
        rate_units, per_unit = ("UM", 1.0) if rate_ul_per_min <= MOST else ("MM", 1000.0)
        self._set("RAT", codec.encode_number(rate_ul_per_min / per_unit), rate_units)
        self._set("VOL", codec.encode_number(volume), self._units)
        if self._settings.watchdog_s:
            self._tell(f"SAF{self._settings.watchdog_s}")

    def _run(self) -> None:
        self._fault, self._is_moving = None, True
        answer = self._dialogue.once(self._encode(codec.RUN), codec.frame, self._decode)
        if answer.alarm:
            self._heed(answer.alarm)
            raise DeviceFault(self.name, codec.ALARMS.get(answer.alarm, "it raised an alarm"), "Look at its syringe")
        self._refuse_errors(codec.RUN, answer)

    def _dispensed(self) -> tuple[float, float, str]:
        return self._usable(codec.ASK_DISPENSED, codec.decode_dispensed)

    def _set(self, word: str, number: str, units: str = "") -> None:
        self._tell(word + number + (units if word == "RAT" else ""))
        self._check(word, number, units)

    def _check(self, word: str, number: str, units: str = "") -> None:
        found = self._usable(word, lambda data: codec.decode_number(data, units))
        if found != float(number):
            raise CommandRefused(self.name, f"keeps {word} at {found:g} instead of {number}", "Stop it, and try again")

    def _usable(self, question: str, decode: Callable[[str], Reading]) -> Reading:
        answer = self._ask(question)
        self._refuse_errors(question, answer)
        try:
            return decode(answer.data)
        except ValueError as err:
            raise ReplyLost(self.name, f"no usable answer to {question!r}: {err}", "Check the cable") from err

    def _tell(self, text: str) -> None:
        """Say what may be said twice."""
        self._refuse_errors(text, self._ask(text))

    def _ask(self, text: str) -> codec.Answer:
        """Ask until no alarm comes instead of an answer: an alarm is told once, in place of doing what was asked."""
        for _ in range(ALARMS_AT_MOST):
            answer = self._dialogue.read(self._encode(text), codec.frame, self._decode)
            if not answer.alarm:
                return answer
            self._heed(answer.alarm)
        raise DeviceFault(self.name, "raises one alarm after the other", "Look at its display")

    def _heed(self, alarm: str) -> None:
        """Remember what an alarm means for our belief. A watchdog that barks while nothing moves is content to be heard."""
        if alarm != "T" or self._is_moving:
            self._fault = None if alarm == "R" else codec.ALARMS.get(alarm, f"it raised alarm {alarm}")
        if alarm in "RS":
            self._knows_filling = False

    def _refuse_errors(self, text: str, answer: codec.Answer) -> None:
        if answer.error is not None:
            what, remedy = codec.ERRORS.get(answer.error, (f"it reports {answer.error}", "Look it up in its manual"))
            kind = Busy if answer.error in codec.FOR_NOW else CommandRefused
            raise kind(self.name, f"refused {text!r}: {what}", remedy)

    def _encode(self, text: str) -> bytes:
        encode = codec.encode_safe if self._settings.watchdog_s else codec.encode_basic
        return encode(self._settings.address, text)

    def _decode(self, reply: bytes) -> codec.Answer:
        answer = codec.decode(reply)
        if answer.address != self._settings.address:
            raise ValueError(f"pump {answer.address} answered")
        return answer
