"""A doser for powders, at the end of a line of numbered lines. Source: docs/protocols/powder_doser.md."""

from hardware_sim.emulators.guarded_station import GuardedStation
from hardware_sim.emulators.numbered_lines import Command, require
from hardware_sim.emulators.station import BUSY, RANGE
from hardware_sim.emulators.weigh_feeder import Order, WeighFeeder
from hardware_sim.faults import suffers
from hardware_sim.world.hopper import Hopper
from hardware_sim.world.powder import Powder
from hardware_sim.world.world import World
from robot.device_settings import PowderDoserSettings

VESSEL = 14
MOST_UG = 20_000_000


class PowderDoserEmulator(GuardedStation[Order]):
    """Doses on order; `WeighFeeder` does the work."""

    def __init__(self, name: str, world: World, settings: PowderDoserSettings) -> None:
        filled = {number: world.powders[powder] for number, powder in settings.hoppers.items()}
        hoppers = {
            number: Hopper(filled.get(number, Powder()), world.rng(name, number))
            for number in range(1, max(filled) + 1)
        }
        self.feeder = WeighFeeder(name, world, hoppers, self.listen)
        commands: dict[str, Command] = {
            "WHO": (0, self._tell_who),
            "STATE": (0, self._tell_state),
            "HOPPERS": (0, self._tell_hoppers),
            "FILLED": (2, self._take_filling),
            "DOSE": (4, self._take_order),
        }
        super().__init__(name, world, self.feeder, commands)

    def state(self) -> dict[str, object]:
        """What it believes, for records."""
        order = self.feeder.order
        return {
            "boots": self._boots,
            "doing": self.feeder.doing,
            "door_is_open": self._door_is_open,
            "order": order.number,
            "end": order.end,
            "dosed_ug": order.dosed_ug,
            "left_ug": {str(number): left_ug for number, left_ug in self.feeder.left_ug.items()},
        }

    # What befalls it

    @suffers("clogged-hopper")
    def clog(self) -> None:
        """The hopper of the last order lets nothing fall any more; before the first order none does."""
        order, hoppers = self.feeder.order, self.feeder.hoppers
        for hopper in [hoppers[order.hopper]] if order.number else hoppers.values():
            hopper.is_clogged = True

    # Commands

    def _tell_who(self) -> str:
        return f"powder-doser 1 PD-0001 1.0 {len(self.feeder.hoppers)} {MOST_UG}"

    def _tell_state(self) -> str:
        feeder, order = self.feeder, self.feeder.order
        door, vessel = ("closed", "open")[self._door_is_open], ("no", "yes")[feeder.cell.has_vessel]
        here = (self._boots, feeder.doing, door, vessel, feeder.cell.load_ug)
        return " ".join(map(str, (*here, *order.figures, order.end, _word(feeder.dosed_ug))))

    def _tell_hoppers(self) -> str:
        return " ".join(map(_word, self.feeder.left_ug.values()))

    def _take_filling(self, hopper: int, mass_ug: int) -> str:
        require(hopper in self.feeder.left_ug, RANGE)
        require(not self.feeder.order.is_running, BUSY)
        self.feeder.left_ug[hopper] = mass_ug
        return ""

    def _take_order(self, number: int, hopper: int, target_ug: int, tolerance_ug: int) -> str:
        require(hopper in self.feeder.hoppers and 1 <= target_ug <= MOST_UG and 1 <= tolerance_ug <= target_ug, RANGE)
        order = Order(number, hopper, target_ug, tolerance_ug)
        return self._take(order, (self.feeder.cell.has_vessel, VESSEL))


def _word(mass_ug: int | None) -> str:
    return "?" if mass_ug is None else str(mass_ug)
