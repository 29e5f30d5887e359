"""A doser for powders, at the end of a line of numbered lines. Source: docs/protocols/powder_doser.md."""

from collections import Counter
from collections.abc import Callable

from hardware_sim.emulators.numbered_lines import UNKNOWN_COMMAND, NumberedLines, Refused, integers
from hardware_sim.emulators.weigh_feeder import Order, WeighFeeder
from hardware_sim.faults import suffers
from hardware_sim.world.agenda import Event
from hardware_sim.world.hopper import Hopper
from hardware_sim.world.powder import Powder
from hardware_sim.world.world import World
from robot.device_settings import PowderDoserSettings

RANGE, BUSY, NUMBER, DOOR, VESSEL = 10, 11, 12, 13, 14
MOST_UG = 20_000_000
LONGEST_SILENCE_S = 3600


class PowderDoserEmulator:
    """Understands orders, guards the door, listens for silence; `WeighFeeder` doses."""

    def __init__(self, name: str, world: World, settings: PowderDoserSettings) -> None:
        self.acts: Counter[str] = Counter()
        filled = {number: world.powders[powder] for number, powder in settings.hoppers.items()}
        hoppers = {
            number: Hopper(filled.get(number, Powder()), world.rng(name, number))
            for number in range(1, max(filled) + 1)
        }
        self.feeder = WeighFeeder(name, world, hoppers, self._feed_watchdog)
        self._name = name
        self._world = world
        self._lines = NumberedLines(self._do)
        self._boots = 1
        self._door_is_open = False
        self._silence_s = 0
        self._watchdog: Event | None = None
        self._commands: dict[str, tuple[int, Callable[..., str]]] = {
            "WHO": (0, self._tell_who),
            "STATE": (0, self._tell_state),
            "HOPPERS": (0, self._tell_hoppers),
            "FILLED": (2, self._take_filling),
            "WATCHDOG": (1, self._set_watchdog),
            "DOSE": (4, self._take_order),
            "STOP": (0, self._stop),
        }
        """By word: how many figures follow, and what to do."""

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        return self._lines.receive(data)

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

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Power goes and comes back at once."""
        self._boots += 1
        self._silence_s = 0
        self._feed_watchdog()
        self.feeder.interrupt("power")

    @suffers("clogged-hopper")
    def clog(self) -> None:
        """The hopper of the last order lets nothing fall any more; before the first order none does."""
        order, hoppers = self.feeder.order, self.feeder.hoppers
        for hopper in [hoppers[order.hopper]] if order.number else hoppers.values():
            hopper.is_clogged = True

    @suffers("door-opened")
    def open_door(self) -> None:
        """Somebody opens the door, and leaves it so."""
        self._door_is_open = True
        self.feeder.interrupt("door")

    def close_door(self) -> None:
        """Somebody closes it."""
        self._door_is_open = False

    # Commands

    def _do(self, word: str, parameters: list[str]) -> str:
        if word not in self._commands:
            raise Refused(UNKNOWN_COMMAND)
        count, command = self._commands[word]
        figures = integers(parameters, count)
        self._feed_watchdog()
        return command(*figures)

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
        _require(hopper in self.feeder.left_ug)
        if self.feeder.order.is_running:
            raise Refused(BUSY)
        self.feeder.left_ug[hopper] = mass_ug
        return ""

    def _set_watchdog(self, silence_s: int) -> str:
        _require(silence_s <= LONGEST_SILENCE_S)
        self._silence_s = silence_s
        self._feed_watchdog()
        return ""

    def _take_order(self, number: int, hopper: int, target_ug: int, tolerance_ug: int) -> str:
        order, last = Order(number, hopper, target_ug, tolerance_ug), self.feeder.order
        _require(hopper in self.feeder.hoppers and 1 <= target_ug <= MOST_UG and 1 <= tolerance_ug <= target_ug)
        if order.figures != last.figures:
            self._check(number == last.number + 1, last)
            self.acts["dose"] += 1
            self.feeder.begin(order)
            self._feed_watchdog()
        return str(number)

    def _check(self, is_next: bool, last: Order) -> None:
        for is_well, code in (
            (is_next, NUMBER),
            (not last.is_running, BUSY),
            (not self._door_is_open, DOOR),
            (self.feeder.cell.has_vessel, VESSEL),
        ):
            if not is_well:
                raise Refused(code)

    def _stop(self) -> str:
        if self.feeder.order.is_running:
            self.acts["stop"] += 1
            self.feeder.interrupt("stopped")
        return ""

    # The watchdog

    def _feed_watchdog(self) -> None:
        """Somebody was understood: count the silence anew while a dose runs."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        if self._silence_s and self.feeder.order.is_running:
            self._watchdog = self._world.agenda.at(self._world.now_s + self._silence_s, self._name, self._bark)

    def _bark(self) -> None:
        self._watchdog = None
        self._world.note("watchdog", device=self._name)
        self.feeder.interrupt("silence")


def _require(is_so: bool) -> None:
    if not is_so:
        raise Refused(RANGE)


def _word(mass_ug: int | None) -> str:
    return "?" if mass_ug is None else str(mass_ug)
