"""An IKA hotplate-stirrer. What a chemist should know of it stands in docs/devices/ika_rct_digital.md."""

from dataclasses import replace
from functools import partial
from math import inf

from robot.device_settings import IkaRctSettings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.ika_rct_digital import codec
from robot.errors import CommandRefused, NotReachable, ReplyLost
from robot.interfaces import Identity, StirrerState
from robot.limits import require
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0
PAUSE_S = 0.1  # after what it does not answer; it misses what comes sooner
LOWEST_C = 20.0  # below the room there is nothing to heat
SLOWEST_RPM = 50.0
SAFETY_MARGIN_K = 50.0  # that its safety circuit, set by a screw, must lie above the target
COOLED_K = 10.0  # below target and below where its plate was: it does not heat
PROBE_RANGE_C = (-20.0, 400.0)  # what lies outside is a probe that is unplugged or broken


class IkaRctDigital:
    """One hotplate-stirrer at the end of a wire; `Stirrer` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: IkaRctSettings) -> None:
        self.name = name
        self.min_target_c, self.max_target_c = LOWEST_C, settings.max_temperature_c
        self.min_speed_rpm, self.max_speed_rpm = SLOWEST_RPM, settings.max_speed_rpm
        self._has_probe = settings.has_probe
        self._watchdog = codec.encode_watchdog(settings.watchdog_s)
        self._is_heating: bool | None = None
        self._is_stirring: bool | None = None
        self._has_spun = False
        self._hottest_c = -inf
        """Of its plate, since it was last told to heat."""
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask for its name. Whether it heats or stirs it cannot tell; what is not known counts as on."""
        with introducing(self.name):
            name = self._dialogue.read(codec.ASK_NAME, codec.frame, codec.decode_name)
        if not name.startswith(codec.NAMES):
            raise NotReachable(self.name, f"says that it is {name!r}, no hotplate-stirrer", "Check its port")
        return Identity("IKA", name)

    def read_state(self) -> StirrerState:
        """Take one reading; a watchdog that was armed here is content for another while."""
        if self._is_heating or self._is_stirring:
            self._tell(self._watchdog)
        state = StirrerState(
            plate_c=self._ask(codec.ASK_PLATE),
            probe_c=self._ask(codec.ASK_PROBE) if self._has_probe else None,
            target_c=self._ask(codec.ASK_TARGET),
            speed_rpm=self._ask(codec.ASK_SPEED),
            target_rpm=self._ask(codec.ASK_TARGET_SPEED),
            is_heating=self._is_heating,
            is_stirring=self._is_stirring,
            fault=None,
        )
        return replace(state, fault=self._fault(state))

    def start_heating(self, target_c: float) -> None:
        """Set the target, read it back, then switch the heater on, with the watchdog armed."""
        require(self.name, "target_c", target_c, self.min_target_c, self.max_target_c)
        safety_c = self._ask(codec.ASK_SAFETY)
        if target_c > safety_c - SAFETY_MARGIN_K:
            what = f"cannot heat to {target_c:g} °C: its safety circuit is set to {safety_c:g} °C"
            raise CommandRefused(self.name, what, f"Turn it to {target_c + SAFETY_MARGIN_K:g} °C or more")
        self._set(codec.encode_target(target_c), codec.ASK_TARGET, target_c)
        self._arm()
        self._is_heating = None
        self._tell(codec.HEATER_ON)
        self._is_heating, self._hottest_c = True, -inf

    def stop_heating(self) -> None:
        """Heater off, and the target down to 20 °C, which it can be asked for."""
        self._is_heating = None
        self._tell(codec.HEATER_OFF)
        self._set(codec.encode_target(LOWEST_C), codec.ASK_TARGET, LOWEST_C)
        self._is_heating = False

    def start_stirring(self, speed_rpm: float) -> None:
        """Set the speed, read it back, then switch the motor on, with the watchdog armed."""
        require(self.name, "speed_rpm", speed_rpm, self.min_speed_rpm, self.max_speed_rpm)
        self._set(codec.encode_speed(speed_rpm), codec.ASK_TARGET_SPEED, round(speed_rpm))
        self._arm()
        self._is_stirring = None
        self._tell(codec.MOTOR_ON)
        self._is_stirring, self._has_spun = True, False

    def stop_stirring(self) -> None:
        """Motor off; that something answers proves the line."""
        self._is_stirring = None
        self._tell(codec.MOTOR_OFF)
        self._ask(codec.ASK_SPEED)
        self._is_stirring = False

    def make_safe(self) -> None:
        """Heater and motor off.

        Raises:
            ReplyLost: the lowered target could not be read back.
        """
        self._is_stirring = None
        self._tell(codec.MOTOR_OFF)
        try:
            self.stop_heating()
        except CommandRefused as err:
            raise ReplyLost(self.name, err.what, "Switch it off by hand") from err
        self._is_stirring = False

    def _arm(self) -> None:
        """A watchdog that barked while nothing was on keeps heater and motor off until it is reset."""
        if not (self._is_heating or self._is_stirring):
            self._tell(codec.RESET)
        self._tell(self._watchdog)

    def _set(self, request: bytes, question: bytes, value: float) -> None:
        self._tell(request)
        found = self._ask(question)
        if abs(found - value) > 0.05:
            what = f"was told {request.decode().strip()!r} and reads back {found:g}"
            raise CommandRefused(self.name, what, "Look at its display")

    def _fault(self, state: StirrerState) -> str | None:
        """What is wrong: it shows its errors on its display only, and has to be found out by what it does."""
        low_c, high_c = PROBE_RANGE_C
        if state.probe_c is not None and not low_c <= state.probe_c <= high_c:
            return "its probe is unplugged or broken"
        self._has_spun |= state.speed_rpm >= SLOWEST_RPM
        if self._is_stirring and self._has_spun and state.speed_rpm < SLOWEST_RPM / 2:
            return "its motor was not told to stop, and stands still"
        self._hottest_c = max(self._hottest_c, state.plate_c)
        if self._is_heating and state.plate_c < min(self._hottest_c, state.target_c) - COOLED_K:
            return "it was not told to stop heating, and cools: has its safety circuit opened?"
        return None

    def _tell(self, request: bytes) -> None:
        self._dialogue.send(request, listen_s=PAUSE_S)

    def _ask(self, question: bytes) -> float:
        decode = partial(codec.decode_value, codec.channel_of(question))
        return self._dialogue.read(question, codec.frame, decode)
