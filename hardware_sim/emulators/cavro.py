"""A Tecan Cavro XCalibur or XLP 6000 syringe pump with a nine-port distribution valve, DT or OEM protocol.

Sources: Tecan Cavro XLP 6000 operating manual 734237-C, chapter 3; Cavro XP 3000 operators manual, table 3-8; see the
fact sheet. What they leave open is marked as assumed. Not modelled: loops, halts, EEPROM and the other valves.
"""

from collections import Counter
from collections.abc import Callable

from hardware_sim.emulators import cavro_figures as figures
from hardware_sim.emulators.cavro_frames import CavroFrames
from hardware_sim.emulators.syringe_ailments import STALLS_AT, AilingValvePump
from hardware_sim.world.agenda import Event
from hardware_sim.world.motion import Trapezoid
from hardware_sim.world.plumbing import Line, Plumbing, line_to
from hardware_sim.world.world import World
from robot.device_settings import CavroSettings

OK, BAD_COMMAND, BAD_OPERAND, NOT_INITIALISED, PLUNGER_STALLED, VALVE_STALLED, OVERFLOW = 0, 2, 3, 7, 9, 10, 15
READY = 0x60
BUSY = 0x40

Step = tuple[str, list[int]]


class CavroEmulator(AilingValvePump):
    """Runs command strings step by step; everything but questions, `T` and `V` is refused while it moves.

    Args:
        plumbing: what its strokes move; lines from its valve to stocks and sites, if left out.
    """

    def __init__(self, name: str, world: World, settings: CavroSettings, plumbing: Plumbing | None = None) -> None:
        self.acts: Counter[str] = Counter()
        self.plumbing = plumbing or Plumbing(name, world, settings.syringe_ul, _lines(world, settings))
        world.bodies[name] = self.plumbing
        self._name = name
        self._world = world
        self._model = settings.model
        self._stroke_increments = figures.STROKE[settings.model]
        self._syringe_ul = settings.syringe_ul
        self._frames = CavroFrames(settings.address, self._answer)
        self._settings = dict(figures.DEFAULTS)
        self._is_initialised = False
        self._error = OK
        self._loaded: list[Step] = []
        self._last_run: list[Step] = []
        self._waiting: list[Step] = []
        self._due: Event | None = None
        self._is_silent = False
        self._port = 0
        self._plunger = 0.0
        """Where the plunger stands, in increments of mode N0; during a stroke, where it began."""
        self._stroke: tuple[Trapezoid, float, float] | None = None
        """Profile, direction and start of the stroke under way."""

    def receive(self, data: bytes) -> bytes:
        """Answer each request."""
        return self._frames.receive(data)

    def state(self) -> dict[str, object]:
        """Plunger, valve, errors."""
        return {
            "plunger": self._plunger_now(),
            "port": self._port,
            "is_initialised": self._is_initialised,
            "is_busy": self._is_busy,
            "error": self._error,
            "settings": dict(self._settings),
        }

    def _stall_plunger(self) -> bool:
        if self._stroke is None:
            return False
        self._stall(PLUNGER_STALLED)
        return True

    def _stall(self, error: int) -> None:
        """Stop where we are, and know no longer where that is."""
        self._terminate()
        self._is_initialised, self._error = False, error

    def _restart(self) -> None:
        """Settings and home are forgotten, and the next frame decides the protocol."""
        self._stall(OK)
        self._settings, self._loaded, self._last_run = dict(figures.DEFAULTS), [], []
        self._frames.forget()

    @property
    def _is_busy(self) -> bool:
        return self._due is not None or self._world.now_s < self._busy_until_s

    def _status(self, error: int) -> bytes:
        return bytes(((BUSY if self._is_busy and not self._is_silent else READY) | error,))

    def _answer(self, text: bytes) -> bytes:
        """Status byte and data for one command string."""
        data = self._report(text)
        if data is not None:
            return self._status(self._standing_error) + data
        if text == b"Q":
            reply, self._error = self._status(self._standing_error), OK
            return reply
        if text == b"T":
            self._terminate()
            return self._status(self._standing_error)
        return self._status(self._take(text))

    @property
    def _standing_error(self) -> int:
        return self._error or (OK if self._is_initialised or self._is_busy else NOT_INITIALISED)

    def _report(self, text: bytes) -> bytes | None:
        match text:
            case b"?" | b"?4":
                return b"%d" % round(self._plunger_now() * self._fineness)
            case _ if text in figures.REPORTS:
                return b"%d" % self._settings[figures.REPORTS[text]]
            case b"?6":
                return b"%d" % self._port
            case b"?10" | b"F":
                return b"1" if self._loaded else b"0"
            case b"?19":
                return b"1" if self._is_initialised else b"0"
            case b"?23" | b"&":
                return figures.FIRMWARE[self._model]
            case b"?76":
                return b"%b,%d-PORT DISTRIBUTION" % (figures.CONFIGURATION[self._model], figures.PORTS)
            case b"*":
                return b"240"  # tenths of a volt
        return None

    def _take(self, text: bytes) -> int:
        """Load or run a string; return the error that is known at once."""
        runs = text[-1:] in (b"R", b"X")
        body = text[:-1] if runs else text
        if not figures.STRING.fullmatch(body):
            return BAD_COMMAND
        steps = [
            (match[1].decode(), [int(n) for n in match[2].split(b",") if n]) for match in figures.STEP.finditer(body)
        ]
        if self._take_excuse() == "refusal":
            return BAD_OPERAND
        if self._is_busy:
            return self._change_speed(steps) if runs else OVERFLOW
        if not runs:
            self._loaded = steps
            return OK
        if text == b"X":
            steps = self._last_run
        return self._run(steps or self._loaded)

    def _change_speed(self, steps: list[Step]) -> int:
        """On the way only the top speed may be set; it holds from the next stroke on (assumed)."""
        if not all(letter == "V" for letter, _ in steps):
            return OVERFLOW
        return next((error for letter, numbers in steps if (error := self._set(letter, numbers))), OK)

    def _run(self, steps: list[Step]) -> int:
        self._loaded, self._last_run, self._waiting = [], steps, list(steps)
        first = next((letter for letter, _ in steps if letter in figures.MOVES + figures.HOMINGS), figures.HOMINGS)
        if not self._is_initialised and first in figures.MOVES:
            return NOT_INITIALISED
        for letter, numbers in steps:
            if letter not in figures.SETTINGS and letter != "M":
                self.acts[letter + ",".join(map(str, numbers))] += 1
        self._error = OK
        self._is_silent = bool(steps) and all(letter.islower() for letter, _ in steps)
        self._next_step()
        return OK

    def _next_step(self) -> None:
        """Run steps until one takes time; an error ends the string and waits for the next `Q`."""
        self._due = None
        while self._waiting and self._due is None:
            letter, numbers = self._waiting.pop(0)
            error = self._begin(letter, numbers)
            if error:
                self._error, self._waiting = error, []

    def _begin(self, letter: str, numbers: list[int]) -> int:
        if letter in figures.HOMINGS:
            return self._initialise(letter, numbers)
        if letter in figures.SETTINGS:
            return self._set(letter, numbers)
        if letter in "IO":
            return self._turn(numbers)
        if letter == "M":
            self._after(numbers[0] / 1000 if numbers else 0.0, lambda: None)
            return OK
        return self._move(letter, numbers)

    def _initialise(self, letter: str, numbers: list[int]) -> int:
        """Home through the output port; operands are force, input port, output port (0: the first, the last)."""
        force, inlet, outlet = (*numbers, 0, 0, 0)[:3]
        if len(numbers) > 3 or max(inlet, outlet) > figures.PORTS or force > 40:
            return BAD_OPERAND
        self._port = outlet or (figures.PORTS if letter == "Z" else 1)
        self._is_initialised = False
        self._after(figures.HOMING_S, self._arrive_home)
        return OK

    def _arrive_home(self) -> None:
        self._plunger = 0.0
        self._is_initialised = True
        self.plumbing.stroke(self._port, 0.0)

    def _set(self, letter: str, numbers: list[int]) -> int:
        low, high = figures.SETTINGS[letter]
        high *= {"V": self._speed_fineness, "K": self._fineness, "k": self._fineness}.get(letter, 1)
        if len(numbers) != 1 or not low <= numbers[0] <= high:
            return BAD_OPERAND
        if letter == "S":
            self._settings["V"] = figures.SPEED_CODES[numbers[0]]
        else:
            self._settings[letter] = numbers[0]
        return OK

    def _turn(self, numbers: list[int]) -> int:
        if len(numbers) != 1 or not 1 <= numbers[0] <= figures.PORTS:
            return BAD_OPERAND
        passed = abs(numbers[0] - self._port)
        turn_s = figures.VALVE_S + figures.VALVE_S_PER_PORT * passed if passed else 0.0
        self._after(turn_s, lambda: self._stand_at(numbers[0]))
        return OK

    def _stand_at(self, port: int) -> None:
        if self._jam_awaits and port != self._port:
            self._jam_awaits = False
            self._stall(VALVE_STALLED)
        else:
            self._port = port

    def _move(self, letter: str, numbers: list[int]) -> int:
        if not self._is_initialised:
            return NOT_INITIALISED
        if len(numbers) != 1:
            return BAD_OPERAND
        by = numbers[0] / self._fineness
        to = {"a": by, "p": self._plunger + by, "d": self._plunger - by}[letter.lower()]
        if not 0 <= to <= self._stroke_increments:
            return BAD_OPERAND
        profile = Trapezoid(abs(to - self._plunger), self._settings["V"] / self._speed_fineness,
                            self._settings["L"] * figures.SLOPE_PER_S2)  # fmt: skip
        self._stroke = (profile, 1.0 if to > self._plunger else -1.0, self._world.now_s)
        if self._overload_awaits:
            self._after(profile.duration_s * STALLS_AT, lambda: self._stall(PLUNGER_STALLED))
        else:
            self._after(profile.duration_s, lambda: self._stop_at(to))
        self._overload_awaits = False
        return OK

    def _stop_at(self, plunger: float) -> None:
        if plunger != self._plunger:
            self._plunger = plunger
            self.plumbing.stroke(self._port, plunger / self._stroke_increments * self._syringe_ul)
        self._stroke = None

    def _terminate(self) -> None:
        """Stop where we are; the rest of the string is forgotten."""
        if self._due is not None:
            self._due.cancel()
            self._due, self._waiting = None, []
        if self._stroke is not None:
            self._stop_at(self._plunger_now())

    def _plunger_now(self) -> float:
        if self._stroke is None:
            return self._plunger
        profile, direction, begun_s = self._stroke
        return self._plunger + direction * profile.travelled(self._world.now_s - begun_s)

    @property
    def _fineness(self) -> int:
        """Increments of the present mode per increment of N0."""
        return figures.FINE if self._settings["N"] else 1

    @property
    def _speed_fineness(self) -> int:
        return figures.FINE if self._settings["N"] == 2 else 1

    def _after(self, seconds: float, end: Callable[[], None]) -> None:
        """Do `end` and go on with the string when the time has come."""

        def finish() -> None:
            end()
            self._next_step()

        self._due = self._world.agenda.at(self._world.now_s + seconds, self._name, finish)


def _lines(world: World, settings: CavroSettings) -> dict[int, Line]:
    names = {port: settings.valve.get(port, f"port {port}") for port in range(1, figures.PORTS + 1)}
    return {port: line_to(world, name, settings.reaches, settings.waste) for port, name in names.items()}
