"""One pipette of an Opentrons OT-2. What a chemist should know of it stands in docs/devices/opentrons_ot2.md."""

from collections.abc import Mapping
from typing import Any

from robot.device_settings import OpentronsOT2Settings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.opentrons_ot2 import codec
from robot.errors import Busy, CommandRefused, LimitExceeded, NotReachable, ReplyLost
from robot.interfaces import Identity, TipState
from robot.limits import require
from robot.wire.base import Wire
from robot.wire.http import frame

REPLY_TIMEOUT_S = 10.0  # it answers at once, unless its small computer is busy
SLOWEST_UL_PER_S, FASTEST_UL_PER_S = 0.5, 500.0
RESOLUTION_FRACTION = 1e-3  # of the pipette's range: what its display shows
ASPIRATE_ABOVE_MM = 1.0  # over the bottom of a well


class OpentronsOT2:
    """One robot at the end of a wire; `TipPipette` lists the promises kept here.

    The robot's own list of commands is asked for all that happened: this object remembers nothing that cannot be
    read again.
    """

    def __init__(self, name: str, wire: Wire, settings: OpentronsOT2Settings) -> None:
        self.name = name
        self.capacity_ul = settings.syringe_ul
        self.min_volume_ul = settings.min_volume_ul
        self.resolution_ul = RESOLUTION_FRACTION * settings.syringe_ul
        self.ports = {well: number for number, well in enumerate(settings.wells, start=1)}
        self._wells = dict(enumerate(settings.wells.values(), start=1))
        self._settings = settings
        self._run = ""
        self._belief = codec.Belief()
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask for its health, and for the pipette on its mount."""
        with introducing(self.name):
            health = self._ask(codec.ASK_HEALTH)
            pipettes = self._ask(codec.ASK_PIPETTES)
        if "fw_version" not in health:
            raise NotReachable(self.name, "answers, but not as a robot of Opentrons", "Check its address")
        mount, wanted = self._settings.mount, self._settings.pipette
        found = (pipettes.get(mount) or {}).get("name")
        if found != wanted:
            raise NotReachable(self.name, f"wears {found or 'nothing'} on its {mount} mount, not {wanted}",
                               "Change the pipette, or pipette and mount in lab.yaml")  # fmt: skip
        return Identity("Opentrons", "OT-2", health.get("name", ""), health["fw_version"])

    def read_state(self) -> TipState:
        """Where tip and plunger are by the robot's own record."""
        run = codec.current_run(self._ask_listing(codec.ASK_RUNS))
        name, status = run or ("", "stopped")
        if name != self._run:
            self._run, self._belief = name, codec.Belief()
        is_busy = False
        if name:
            listed = self._ask_listing(codec.ask_commands(name, self._belief.settled))
            self._belief, is_busy = codec.fold(self._belief, listed["data"])
        belief = self._belief
        numbers = {well: number for number, well in self._wells.items()}
        return TipState(
            volume_ul=belief.volume_ul,
            busy=is_busy and status not in codec.OVER,
            initialised=belief.is_homed and belief.failure is None and status not in codec.OVER,
            fault=belief.failure,
            port=numbers.get(belief.well, 0),
            has_tip=belief.has_tip if name else None,  # it does not remember runs from before it was switched on
        )

    def start_initialising(self, waste_port: int) -> None:
        """Begin a fresh run: load pipette and labware, home. A tip that it still wears must be dropped before."""
        self._require_port(waste_port)
        state = self.read_state()
        if state.initialised and state.has_tip:
            raise CommandRefused(self.name, "still wears a tip", "Drop it first")
        if state.busy:
            raise Busy(self.name, "still moves", "Wait until it is ready")
        self.make_safe()
        self._once(codec.NEW_RUN)
        self.read_state()  # which run that is, the robot says
        mount, pipette = self._settings.mount, self._settings.pipette
        self._queue("loadPipette", {"pipetteName": pipette, "mount": mount, "pipetteId": codec.PIPETTE_ID})
        for slot, load_name in self._settings.labware.items():
            location = {"slotName": str(slot)}
            self._queue("loadLabware", {"loadName": load_name, "namespace": "opentrons", "version": 1,
                                        "location": location, "labwareId": codec.labware_id(str(slot))})  # fmt: skip
        self._queue("home", {})

    def start_turning_valve(self, port: int) -> None:
        """Bring the tip over a well."""
        self._require_port(port)
        self._require_ready()
        self._queue("moveToWell", codec.place(self._wells[port], "top"))

    def start_moving_plunger(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Draw from the bottom of the well below, or push into it from its rim, until the tip holds `to_volume_ul`."""
        require(self.name, "to_volume_ul", to_volume_ul, 0.0, self.capacity_ul)
        require(self.name, "flow_ul_per_s", flow_ul_per_s, SLOWEST_UL_PER_S, FASTEST_UL_PER_S)
        state = self._require_ready()
        if not state.has_tip or state.port == 0:
            raise CommandRefused(self.name, "wears no tip, or is over no well", "Take a tip and go to a well")
        by_ul = to_volume_ul - state.volume_ul
        if abs(by_ul) < self.resolution_ul / 2:
            return
        amount = {"volume": abs(by_ul), "flowRate": flow_ul_per_s}
        if by_ul > 0:
            self._queue("aspirate", {**codec.place(self._wells[state.port], "bottom", ASPIRATE_ABOVE_MM), **amount})
        else:
            self._queue("dispense", {**codec.place(self._wells[state.port], "top"), **amount})

    def start_taking_tip(self, number: int) -> None:
        """Put on a tip; that it really hangs there the robot cannot feel."""
        if not 0 <= number < codec.TIPS:
            raise LimitExceeded(self.name, f"its rack has no tip {number}", f"There are 0 to {codec.TIPS - 1}")
        if self._require_ready().has_tip is not False:
            raise CommandRefused(self.name, "wears a tip already, or may do so", "Drop it first")
        self._queue("pickUpTip", codec.place(f"{self._settings.tips}/{codec.tip_name(number)}", "top"))

    def start_dropping_tip(self) -> None:
        """Throw the tip into the fixed trash, and whatever is in it."""
        self._require_ready()
        trash = {"pipetteId": codec.PIPETTE_ID, "labwareId": codec.TRASH_ID, "wellName": "A1"}
        self._queue("dropTip", trash)

    def make_safe(self) -> None:
        """Stop the run: motors halt where they are.

        Raises:
            ReplyLost: the robot did not confirm that its run is over.
        """
        run = codec.current_run(self._ask_listing(codec.ASK_RUNS))
        if run is None or run[1] in codec.OVER:
            return
        self._dialogue.read(codec.stop(run[0]), frame, codec.decode)
        after = codec.current_run(self._ask_listing(codec.ASK_RUNS))
        if after is not None and after[1] not in codec.OVER | {"stop-requested"}:
            raise ReplyLost(self.name, f"was told to stop and says that it is {after[1]}", "Switch it off")

    def _queue(self, kind: str, params: Mapping[str, Any]) -> None:
        """Post a command. If its answer is lost, the key tells whether it arrived."""
        listed = self._ask_listing(codec.ask_commands(self._run, self._belief.settled))
        key = f"{self.name}-{self._belief.settled + len(codec.keys_of(listed))}"
        try:
            self._once(codec.command(self._run, key, kind, params))
        except ReplyLost:
            arrived = self._ask_listing(codec.ask_commands(self._run, self._belief.settled))
            if key not in codec.keys_of(arrived):
                raise

    def _require_ready(self) -> TipState:
        state = self.read_state()
        if state.busy:
            raise Busy(self.name, "still moves", "Wait until it is ready")
        if not state.initialised:
            what = f"is not ready: {state.fault or 'it has not been initialised'}"
            raise CommandRefused(self.name, what, "Look at tip and deck, then initialise it")
        return state

    def _require_port(self, port: int) -> None:
        if port not in self._wells:
            known = ", ".join(f"{number} {well}" for well, number in self.ports.items())
            raise LimitExceeded(self.name, f"there is no port {port}", f"There are: {known}")

    def _ask(self, request: bytes) -> Any:
        return self._accepted(*self._dialogue.read(request, frame, codec.decode))

    def _ask_listing(self, request: bytes) -> Any:
        return self._accepted(*self._dialogue.read(request, frame, codec.decode_listing))

    def _once(self, request: bytes) -> Any:
        return self._accepted(*self._dialogue.once(request, frame, codec.decode))

    def _accepted(self, status: int, answer: Any) -> Any:
        if status >= 500:
            raise ReplyLost(self.name, f"failed ({status}): {codec.complaint(answer)}", "Look at its app")
        if status >= 400:
            error = Busy if codec.is_occupied(status, answer) else CommandRefused
            raise error(self.name, f"refused ({status}): {codec.complaint(answer)}", "Look at its app")
        return answer
