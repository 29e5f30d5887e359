"""A station that screws caps on and off, behind numbered lines. Source: docs/protocols/vial_capper.md."""

from hardware_sim.emulators.capping_head import CappingHead, Order
from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.numbered_lines import Command, require
from hardware_sim.emulators.station import RANGE, Station
from hardware_sim.faults import suffers
from hardware_sim.world.world import World
from robot.device_settings import VialCapperSettings

VESSEL, CLOSED, OPEN, NO_CAP = 13, 14, 15, 16
LEAST_MNM, MOST_MNM = 50, 3000


class VialCapperEmulator(Station[Order]):
    """Caps and uncaps on order; `CappingHead` does the work."""

    def __init__(self, name: str, world: World, settings: VialCapperSettings) -> None:
        spot = next((spot for spot in world.bench.spots.values() if spot.inside == name), None)
        self.head = CappingHead(name, world, spot, settings.caps, MOST_MNM)
        commands: dict[str, Command] = {
            "WHO": (0, lambda: f"vial-capper 1 VC-0001 1.0 {MOST_MNM}"),
            "STATE": (0, self._tell_state),
            "CAP": (2, self._take_capping),
            "UNCAP": (1, self._take_uncapping),
        }
        super().__init__(name, world, self.head, commands)

    def state(self) -> dict[str, object]:
        """What it believes, for records."""
        order = self.head.order
        return {
            "boots": self._boots,
            "vessel": self.head.vessel,
            "order": order.number,
            "task": order.task,
            "end": order.end,
            "magazine_is_jammed": self.head.magazine_is_jammed,
        }

    # What befalls it

    @suffers("slipping-cap")
    def slip(self) -> None:
        """The cap that is screwed on next, or just now, has no good thread."""
        self.head.next_slips = True

    @suffers("stuck-cap")
    def stick(self) -> None:
        """The cap that is screwed off next, or just now, does not come off at the first try."""
        self.head.next_is_stuck = True

    @suffers("jammed-magazine")
    def jam(self) -> None:
        """No cap comes until somebody shakes the magazine."""
        self.head.magazine_is_jammed = True
        mend_later(self._world, self._name, lambda t_s: self._free_magazine())

    def _free_magazine(self) -> None:
        self.head.magazine_is_jammed = False

    # Commands

    def _tell_state(self) -> str:
        head, order = self.head, self.head.order
        doing = {"cap": "capping", "uncap": "uncapping"}[order.task] if order.is_running else "idle"
        caps = "yes" if head.caps else "no"
        here = (self._boots, doing, head.vessel, caps)
        return " ".join(map(str, (*here, *order.figures, order.end, order.reached_mnm)))

    def _take_capping(self, number: int, torque_mnm: int) -> str:
        require(LEAST_MNM <= torque_mnm <= MOST_MNM, RANGE)
        head = self.head
        needs = (head.vessel != "none", VESSEL), (head.vessel == "open", CLOSED), (head.caps > 0, NO_CAP)
        return self._take(Order(number, "cap", torque_mnm), *needs)

    def _take_uncapping(self, number: int) -> str:
        head = self.head
        return self._take(Order(number, "uncap"), (head.vessel != "none", VESSEL), (head.vessel == "capped", OPEN))
