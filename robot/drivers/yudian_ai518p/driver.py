"""A furnace behind a Yudian AI-518P. What a chemist should know of it stands in docs/devices/yudian_ai518p.md."""

from collections.abc import Sequence

from robot.device_settings import YudianAI518PSettings
from robot.drivers.dialogue import introducing
from robot.drivers.programme import check_programme
from robot.drivers.readback import bring_to
from robot.drivers.yudian_ai518p import codec
from robot.drivers.yudian_ai518p.codec import Reply
from robot.drivers.yudian_ai518p.parameters import Parameters
from robot.errors import Busy, CommandRefused, DeviceFault, LimitExceeded, NotReachable
from robot.interfaces import FurnaceState, Identity, Segment, Stage
from robot.wire.base import Wire
from robot.wire.turnstile import urgent

CONTROL_MODES = range(5)
MAX_STEPS = 30  # the smallest memory in the family
MAX_MINUTES = 9999
_STAGES: dict[int, Stage] = {codec.RUN: "running", codec.PAUSE: "holding", codec.STOP: "idle"}


class YudianAI518P:
    """One controller on an AIBUS line; `Furnace` lists the promises kept here."""

    max_segments = (MAX_STEPS - 2) // 2  # each takes a ramp and a dwell; one switches off, one is the end
    max_dwell_min = float(MAX_MINUTES)
    dwell_step_min = 1.0
    max_rate_c_per_min = 999.9

    def __init__(self, name: str, wire: Wire, settings: YudianAI518PSettings) -> None:
        self.name = name
        self.min_target_c = codec.REST_C
        self.max_target_c = settings.max_temperature_c
        self._parameters = Parameters(name, wire, settings.address)
        self._counts_per_degree: int | None = None

    def connect(self) -> Identity:
        """Make sure that it talks AIBUS and has a programmer; AIBUS knows no name of the model."""
        self._counts_per_degree = None
        with introducing(self.name):
            per_degree = self._counts_of(self._parameters.learn())
            mode = self._parameters.read(codec.CONTROL).value
            if mode not in CONTROL_MODES:
                raise NotReachable(self.name, f"reports control mode {mode}", "Check port, address and model")
            self._stage_of(self._parameters.read(codec.RUN_STATE), per_degree)
        self._counts_per_degree = per_degree
        return Identity("Yudian", "AI-518P or a sister")

    def read_state(self) -> FurnaceState:
        """Take one reading of the chamber and the programmer."""
        per_degree = self._known_scale()
        reply = self._parameters.read(codec.RUN_STATE)
        return FurnaceState(
            temperature_c=reply.process_value / per_degree,
            setpoint_c=reply.setpoint / per_degree,
            programme=self._stage_of(reply, per_degree),
            output_fraction=reply.output_percent / 100,
            sensor_broken=reply.status & codec.INPUT_OUT_OF_RANGE != 0,
        )

    def load_programme(self, segments: Sequence[Segment]) -> None:
        """Write what differs of a programme and read every word back; the heater stays off."""
        check_programme(self, segments)
        if codec.longest_ramp_min(segments) > MAX_MINUTES:
            raise LimitExceeded(self.name, f"a ramp of more than {MAX_MINUTES} min cannot be stored", "Heat faster")
        per_degree = self._known_scale()
        state = self.read_state()
        if state.programme == "ended":
            raise self._ended()
        if state.programme != "idle":
            raise Busy(self.name, "a programme is running", "Wait for its end, or stop it")
        start_c = float(min(max(state.temperature_c // 1, codec.REST_C), self.max_target_c))
        self._parameters.store(codec.programme_words(segments, per_degree, start_c))

    def start_programme(self) -> None:
        """Run the loaded programme, or go on with one that holds; return once the controller says it runs."""
        self._known_scale()
        if self._read_stage() == "ended":
            raise self._ended()
        if self._parameters.read(codec.RUN_STATE).status & codec.INPUT_OUT_OF_RANGE:
            raise CommandRefused(self.name, "will not run: its thermocouple is broken", "Have it replaced")
        bring_to("running", self.name, self._read_stage, lambda: self._command(codec.RUN))

    @urgent()
    def stop_programme(self) -> None:
        """Stop the programme and rest its set-point at room temperature: heater off, natural cooling."""
        per_degree = self._known_scale()
        if self._read_stage() != "ended":
            bring_to("idle", self.name, self._read_stage, lambda: self._command(codec.STOP))
        self._parameters.store({codec.SETPOINT: round(codec.REST_C * per_degree)})

    def make_safe(self) -> None:
        """Heater off, as `stop_programme`.

        Raises:
            ReplyLost: the controller did not confirm it.
            NotReachable: what answers there is no AIBUS controller with a programmer; nothing was written.
        """
        self.stop_programme()

    def _command(self, state: int) -> None:
        self._parameters.write(codec.RUN_STATE, state)

    def _read_stage(self) -> Stage:
        return self._stage_of(self._parameters.read(codec.RUN_STATE), self._known_scale())

    def _stage_of(self, reply: Reply, per_degree: int) -> Stage:
        if reply.value not in _STAGES:
            what = f"its programmer reports state {reply.value}"
            raise DeviceFault(self.name, what, "Is it a model with a programmer (its name ends with P)?")
        is_at_end = reply.setpoint == round(codec.END_MARK_C * per_degree)
        return "ended" if reply.value == codec.STOP and is_at_end else _STAGES[reply.value]

    def _known_scale(self) -> int:
        if self._counts_per_degree is None:
            self.connect()
        assert self._counts_per_degree is not None
        return self._counts_per_degree

    def _counts_of(self, decimals: int) -> int:
        try:
            return codec.counts_per_degree(decimals)
        except ValueError as err:
            raise NotReachable(self.name, str(err), "Set dPt to 0 or 1, or check port and model") from err

    def _ended(self) -> CommandRefused:
        return CommandRefused(self.name, "its last programme has ended", "Stop the programme first")
