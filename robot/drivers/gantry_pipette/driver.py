"""A gantry pipette. What a chemist should know of it stands in docs/devices/gantry_pipette.md."""

from collections.abc import Mapping
from dataclasses import dataclass

from robot.device_settings import GantryPipetteSettings
from robot.drivers.cavro import Cavro
from robot.drivers.gantry_pipette.memo import Memo
from robot.drivers.gantry_pipette.way import between, well_at
from robot.drivers.grbl_gantry import GrblGantry
from robot.drivers.grbl_gantry.codec import TROUBLES
from robot.errors import Busy, CommandRefused, LimitExceeded
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, DipState, Identity
from robot.limits import require
from robot.wire.base import Wire

NOT_HOMED, _ = TROUBLES["Alarm"]


@dataclass(frozen=True)
class Look:
    """What both parts say at one time."""

    gantry: ArmState
    memo: Memo
    state: DipState


class GantryPipette:
    """Two devices on two lines; `DippingPipette` lists the promises kept here.

    All that is known is read from the parts: the well from the gantry's place, the volume from the plunger's, and the
    tip from what the gantry was given to remember. A tip goes sideways at travel height or above, or not at all.
    """

    def __init__(self, name: str, lines: Mapping[str, Wire], settings: GantryPipetteSettings) -> None:
        self.name = name
        self.capacity_ul = settings.syringe_ul
        self.min_volume_ul = settings.pump.min_volume_ul
        self.ports = {place: number for number, place in enumerate(settings.places, start=1)}
        self._places = dict(enumerate(settings.places.values(), start=1))
        self._settings = settings
        self._gantry = GrblGantry(f"{name}: gantry", lines["gantry"], settings.gantry)
        self._pump = Cavro(f"{name}: pump", lines["pump"], settings.pump)
        self.resolution_ul = self._pump.resolution_ul

    def connect(self) -> Identity:
        """Ask both parts who they are."""
        gantry, pump = self._gantry.connect(), self._pump.connect()
        return Identity(
            f"{gantry.maker} and {pump.maker}",
            f"{gantry.model} with {pump.model}",
            firmware=f"{gantry.firmware} and {pump.firmware}",
        )

    def read_state(self) -> DipState:
        """Where plunger and tip are; of the tip, what the gantry remembers."""
        return self._look().state

    def dip_height_mm(self, port: int, contents_ul: float) -> float:
        """How high over a well's floor a tip's end stays in the liquid until `contents_ul` are left."""
        self._require_port(port)
        well = self._places[port].well
        level_mm = well.level_mm(contents_ul)
        require(self.name, "the liquid's level_mm", level_mm, 0.0, well.depth_mm)
        return max(level_mm - self._settings.immersion_mm, self._settings.above_floor_mm)

    def hover_height_mm(self, port: int) -> float:
        """How high over a well's floor a tip's end is just over the rim."""
        self._require_port(port)
        return self._places[port].well.hover_mm

    def start_initialising(self, waste_port: int) -> None:
        """Home both parts. No tip may be on the nozzle: who starts from an alarm has looked."""
        self._require_port(waste_port)
        look = self._look()
        self._require_still(look)
        if look.state.has_tip or (look.state.has_tip is None and NOT_HOMED not in look.gantry.alarms):
            raise CommandRefused(self.name, "wears a tip, or may do so", "Drop it first")
        self._gantry.start_homing(look.memo.without_tip().number)
        self._pump.start_initialising(self._pump.ports[self._settings.pump.waste])

    def start_turning_valve(self, port: int) -> None:
        """Bring the tip's end down to the floor of a well, unless it is in it already."""
        self._require_port(port)
        if self._look().state.port != port:
            self.start_dipping(port, self._settings.above_floor_mm)

    def start_dipping(self, port: int, height_mm: float) -> None:
        """Bring the tip's end to a height over the floor of a well: up, across, down."""
        self._require_port(port)
        place = self._places[port]
        require(self.name, "height_mm", height_mm, self._settings.above_floor_mm, place.well.hover_mm)
        to = place.floor.above(height_mm + self._settings.tips.length_mm)
        self._gantry.check_reach(to)
        look = self._look()
        self._require_still(look)
        way = between(look.gantry.position, to, self._settings.nozzle_travel_mm)
        self._gantry.start_path([(stop, look.memo.number) for stop in way])

    def start_moving_plunger(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Draw from, or push into, the well that the tip is in or over until the tip holds `to_volume_ul`."""
        require(self.name, "to_volume_ul", to_volume_ul, 0.0, self.capacity_ul)
        self._pump.check_stroke(to_volume_ul, flow_ul_per_s)
        look = self._look()
        self._require_still(look)
        if not (look.state.has_tip and look.state.over):
            raise CommandRefused(self.name, "wears no tip, or is over no well", "Take a tip and go to a well")
        self._pump.start_moving_plunger(to_volume_ul, flow_ul_per_s)

    def start_taking_tip(self, number: int) -> None:
        """Press the nozzle into a tip and pull up. The plunger goes to its stop, that the tip be filled from there."""
        tips = self._settings.tips
        if not 0 <= number < tips.places:
            raise LimitExceeded(self.name, f"its rack has no tip {number}", f"There are 0 to {tips.places - 1}")
        press = tips.point(number)
        self._gantry.check_reach(press)
        look = self._look()
        self._require_still(look)
        if look.state.has_tip is not False:
            raise CommandRefused(self.name, "wears a tip already, or may do so", "Drop it first")
        if look.state.volume_ul > 0:
            self._pump.start_moving_plunger(0.0, self._settings.pump.flow_ul_per_s)
        travel_mm = self._settings.nozzle_travel_mm
        *approach, down = between(look.gantry.position, press, travel_mm)
        taken = look.memo.with_tip_from(number).number
        before = [(stop, look.memo.number) for stop in approach]
        self._gantry.start_path([*before, (down, taken), (press.at_height(travel_mm), taken)])

    def start_dropping_tip(self) -> None:
        """Strip the tip in the comb over the bin; harmless without one."""
        comb, travel_mm = self._settings.comb, self._settings.nozzle_travel_mm
        front, under = (BenchPoint(*where, travel_mm) for where in (comb.enter_mm, comb.under_mm))
        stripped = under.above(comb.strip_mm)
        for stop in (front, stripped):
            self._gantry.check_reach(stop)
        look = self._look()
        self._require_still(look)
        way = [*between(look.gantry.position, front, travel_mm), under]
        self._gantry.start_path(
            [*((stop, look.memo.number) for stop in way), (stripped, look.memo.without_tip().number)]
        )

    def make_safe(self) -> None:
        """Hold the gantry and stop the plunger where they are; the tip stays in whatever it is in.

        Raises:
            ReplyLost: one of them did not confirm that it stands still; the other was told all the same.
        """
        try:
            self._gantry.make_safe()
        finally:
            self._pump.make_safe()

    def _look(self) -> Look:
        gantry, pump = self._gantry.read_state(), self._pump.read_state()
        is_homed = NOT_HOMED not in gantry.alarms
        memo = Memo.read(gantry.ticket)
        faults = [what for what in gantry.alarms if what != NOT_HOMED]
        over, height_mm = well_at(gantry.position, self._places, self._settings) if is_homed else (0, None)
        is_in = height_mm is not None and height_mm <= self._places[over].well.depth_mm
        state = DipState(
            volume_ul=pump.volume_ul,
            busy=bool(gantry.busy) or pump.busy,
            initialised=is_homed and pump.initialised,
            fault=next(iter(faults), pump.fault),
            port=over if is_in else 0,
            has_tip=memo.has_tip,
            over=over,
            height_mm=height_mm,
            next_tip=memo.next_tip,
        )
        return Look(gantry, memo, state)

    def _require_still(self, look: Look) -> None:
        if look.state.busy:
            raise Busy(self.name, "still moves", "Wait until it is ready")

    def _require_port(self, port: int) -> None:
        if port not in self._places:
            known = ", ".join(f"{number} {well}" for well, number in self.ports.items())
            raise LimitExceeded(self.name, f"there is no port {port}", f"There are: {known}")
