"""A station that shakes and transfers powders, behind numbered lines. Source: docs/protocols/powder_handler.md."""

from collections import Counter
from collections.abc import Callable

from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.numbered_lines import UNKNOWN_COMMAND, NumberedLines, Refused, integers
from hardware_sim.emulators.shaker_and_tapper import Order, ShakerAndTapper
from hardware_sim.emulators.watchdog import Watchdog
from hardware_sim.faults import suffers
from hardware_sim.world.world import World
from robot.device_settings import PowderHandlerSettings

RANGE, BUSY, NUMBER, DOOR, SOURCE, TARGET = 10, 11, 12, 13, 14, 15
FASTEST_RPM = 3000
LONGEST_S = 3600
MOST_UG = 20_000_000


class PowderHandlerEmulator:
    """Understands orders, guards the door, listens for silence; `ShakerAndTapper` does the work."""

    def __init__(self, name: str, world: World, settings: PowderHandlerSettings) -> None:
        self.acts: Counter[str] = Counter()
        source, target = (world.bench.spot(settings.reaches[end]) for end in ("source", "target"))
        self.station = ShakerAndTapper(name, world, source, target, self._listen)
        self._name = name
        self._world = world
        self._lines = NumberedLines(self._do)
        self._boots = 1
        self._door_is_open = False
        self._silence_s = 0
        self._watchdog = Watchdog(world, name)
        self._commands: dict[str, tuple[int, Callable[..., str]]] = {
            "WHO": (0, lambda: f"powder-handler 1 PH-0001 1.0 {FASTEST_RPM}"),
            "STATE": (0, self._tell_state),
            "WATCHDOG": (1, self._set_watchdog),
            "SHAKE": (3, self._take_shake),
            "TRANSFER": (2, self._take_transfer),
            "STOP": (0, self._stop),
        }
        """By word: how many figures follow, and what to do."""

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        return self._lines.receive(data)

    def state(self) -> dict[str, object]:
        """What it believes, for records."""
        order = self.station.order
        return {
            "boots": self._boots,
            "doing": self.station.doing,
            "door_is_open": self._door_is_open,
            "order": order.number,
            "task": order.task,
            "end": order.end,
            "done": order.done,
            "sieve_is_clogged": self.station.sieve_is_clogged,
        }

    # What befalls it

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Power goes and comes back at once."""
        self._boots += 1
        self._silence_s = 0
        self._listen()
        self.station.interrupt("power")

    @suffers("clogged-sieve")
    def clog(self) -> None:
        """Nothing passes the sieve until somebody brushes it."""
        self.station.sieve_is_clogged = True
        mend_later(self._world, self._name, lambda t_s: self._brush_sieve())

    @suffers("door-opened")
    def open_door(self) -> None:
        """Somebody opens the door, and leaves it so for a while."""
        self._door_is_open = True
        self.station.interrupt("door")
        mend_later(self._world, self._name, lambda t_s: self._close_door())

    def _brush_sieve(self) -> None:
        self.station.sieve_is_clogged = False

    def _close_door(self) -> None:
        self._door_is_open = False

    # Commands

    def _do(self, word: str, parameters: list[str]) -> str:
        if word not in self._commands:
            raise Refused(UNKNOWN_COMMAND)
        count, command = self._commands[word]
        figures = integers(parameters, count)
        self._listen()
        return command(*figures)

    def _tell_state(self) -> str:
        station, order = self.station, self.station.order
        flags = ("no", "yes")
        door, source, target = (
            ("closed", "open")[self._door_is_open],
            flags[station.has_source],
            flags[self._has_target],
        )
        done = "?" if station.done is None else station.done
        here = (self._boots, station.doing, door, source, target, station.cell.load_ug)
        return " ".join(map(str, (*here, *order.figures, order.end, done)))

    @property
    def _has_target(self) -> bool:
        return self.station.cell.has_vessel

    def _set_watchdog(self, silence_s: int) -> str:
        _require(silence_s <= LONGEST_S, RANGE)
        self._silence_s = silence_s
        self._listen()
        return ""

    def _take_shake(self, number: int, seconds: int, speed_rpm: int) -> str:
        _require(1 <= seconds <= LONGEST_S and 1 <= speed_rpm <= FASTEST_RPM, RANGE)
        return self._take(Order(number, "shake", seconds, speed_rpm))

    def _take_transfer(self, number: int, target_ug: int) -> str:
        _require(1 <= target_ug <= MOST_UG, RANGE)
        return self._take(Order(number, "transfer", target_ug))

    def _take(self, order: Order) -> str:
        last = self.station.order
        if order.figures != last.figures:
            _require(order.number == last.number + 1, NUMBER)
            _require(not last.is_running, BUSY)
            _require(not self._door_is_open, DOOR)
            _require(self.station.has_source, SOURCE)
            _require(order.task == "shake" or self._has_target, TARGET)
            self.acts[order.task] += 1
            self.station.begin(order)
            self._listen()
        return str(order.number)

    def _stop(self) -> str:
        if self.station.order.is_running:
            self.acts["stop"] += 1
            self.station.interrupt("stopped")
        return ""

    # The watchdog

    def _listen(self) -> None:
        """Count the silence anew while an order is under way."""
        if self._silence_s and self.station.order.is_running:
            self._watchdog.arm(self._silence_s, self._bark)
        else:
            self._watchdog.disarm()

    def _bark(self) -> None:
        self._world.note("watchdog", device=self._name)
        self.station.interrupt("silence")


def _require(is_so: bool, code: int) -> None:
    if not is_so:
        raise Refused(code)
