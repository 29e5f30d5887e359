"""A station that shakes and transfers powders, behind numbered lines. Source: docs/protocols/powder_handler.md."""

from hardware_sim.emulators.guarded_station import GuardedStation
from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.numbered_lines import Command, require
from hardware_sim.emulators.shaker_and_tapper import Order, ShakerAndTapper
from hardware_sim.emulators.station import RANGE
from hardware_sim.faults import suffers
from hardware_sim.world.world import World
from robot.device_settings import PowderHandlerSettings

SOURCE, TARGET = 14, 15
FASTEST_RPM = 3000
LONGEST_S = 3600
MOST_UG = 20_000_000


class PowderHandlerEmulator(GuardedStation[Order]):
    """Shakes and transfers on order; `ShakerAndTapper` does the work."""

    def __init__(self, name: str, world: World, settings: PowderHandlerSettings) -> None:
        source, target = (world.bench.spot(settings.reaches[end]) for end in ("source", "target"))
        self.tapper = ShakerAndTapper(name, world, source, target, self.listen)
        commands: dict[str, Command] = {
            "WHO": (0, lambda: f"powder-handler 1 PH-0001 1.0 {FASTEST_RPM}"),
            "STATE": (0, self._tell_state),
            "SHAKE": (3, self._take_shake),
            "TRANSFER": (2, self._take_transfer),
        }
        super().__init__(name, world, self.tapper, commands)

    def state(self) -> dict[str, object]:
        """What it believes, for records."""
        order = self.tapper.order
        return {
            "boots": self._boots,
            "doing": self.tapper.doing,
            "door_is_open": self._door_is_open,
            "order": order.number,
            "task": order.task,
            "end": order.end,
            "done": order.done,
            "sieve_is_clogged": self.tapper.sieve_is_clogged,
        }

    # What befalls it

    @suffers("clogged-sieve")
    def clog(self) -> None:
        """Nothing passes the sieve until somebody brushes it."""
        self.tapper.sieve_is_clogged = True
        mend_later(self._world, self._name, lambda t_s: self._brush_sieve())

    def _brush_sieve(self) -> None:
        self.tapper.sieve_is_clogged = False

    # Commands

    def _tell_state(self) -> str:
        tapper, order = self.tapper, self.tapper.order
        door = ("closed", "open")[self._door_is_open]
        source, target = (("no", "yes")[there] for there in (tapper.has_source, tapper.cell.has_vessel))
        done = "?" if tapper.done is None else tapper.done
        here = (self._boots, tapper.doing, door, source, target, tapper.cell.load_ug)
        return " ".join(map(str, (*here, *order.figures, order.end, done)))

    def _take_shake(self, number: int, seconds: int, speed_rpm: int) -> str:
        require(1 <= seconds <= LONGEST_S and 1 <= speed_rpm <= FASTEST_RPM, RANGE)
        return self._take(Order(number, "shake", seconds, speed_rpm), (self.tapper.has_source, SOURCE))

    def _take_transfer(self, number: int, target_ug: int) -> str:
        require(1 <= target_ug <= MOST_UG, RANGE)
        tapper = self.tapper
        needs = (tapper.has_source, SOURCE), (tapper.cell.has_vessel, TARGET)
        return self._take(Order(number, "transfer", target_ug), *needs)
