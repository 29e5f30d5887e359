"""A four-place Mettler-Toledo balance that speaks MT-SICS, levels 0 and 1.

Sources: MT-SICS reference manual for weigh modules 11781363, as the fact sheet tells it; what that leaves open is
marked as assumed. Not modelled: doors, units other than grams, adjustment with weights of one's own.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial

from hardware_sim.emulators.balance_ailments import AilingBalance
from hardware_sim.world.agenda import Event
from hardware_sim.world.pan import Pan
from hardware_sim.world.world import World
from robot.device_settings import MettlerBalanceSettings

SERIAL_NUMBER = "B021002593"
LONGEST = 4096
PATIENCE_S = 40.0  # how long it waits for rest before it gives up
STREAM_S = 0.1  # between two weights of SIR (assumed)
ADJUSTING_S = 60.0  # of an internal adjustment (assumed)
CUTS_IN = ("@", "S", "SI", "SIR")
"""What is done although an earlier command still waits; that one is forgotten."""


class MettlerMtSicsEmulator(AilingBalance):
    """Answers at once, save to commands that wait for rest; those are answered when it has come."""

    def __init__(self, name: str, world: World, settings: MettlerBalanceSettings) -> None:
        self.acts: Counter[str] = Counter()
        self.pan = Pan(name, world)
        world.bodies[name] = self.pan
        self._name = name
        self._world = world
        self._settings = settings
        self._received = b""
        self._outgoing = b""
        self._pending: Event | None = None
        self._zero_mg = self.pan.load_mg  # it zeroes itself when switched on
        self._tare_mg = 0.0
        self._commands = self._all_commands()

    def receive(self, data: bytes) -> bytes:
        """Do each whole line; say also what has come up meanwhile."""
        self._received = (self._received + data)[-LONGEST:]
        *lines, self._received = self._received.split(b"\r\n")
        for line in lines:
            self._do(line.decode("ascii", "replace"))
        said, self._outgoing = self._outgoing, b""
        return said

    def state(self) -> dict[str, object]:
        """Zero and tare."""
        return {"zero_mg": self._zero_mg, "tare_mg": self._tare_mg, "is_waiting": self._pending is not None}

    def _say(self, line: str) -> None:
        self._outgoing = (self._outgoing + line.encode() + b"\r\n")[-LONGEST:]

    def _tell(self, line: str, _: str) -> None:
        self._say(line)

    def _all_commands(self) -> dict[str, Callable[[str], None]]:
        model = f"XS204 Excellence {self._settings.capacity_g:.4f} g"
        texts = {"I1": '"01" "2.30" "2.22" "2.33" "2.20"', "I2": f'"{model}"', "I3": '"2.10 10.28.0.493.142"',
                 "I4": f'"{SERIAL_NUMBER}"', "I5": '"11780953A"'}  # fmt: skip
        return {
            **{word: partial(self._tell, f"{word} A {text}") for word, text in texts.items()},
            "@": self._reset,
            "I0": self._list_commands,
            "S": lambda _: self._when_at_rest("S"),
            "T": lambda _: self._when_at_rest("T"),
            "Z": lambda _: self._when_at_rest("Z"),
            "SI": self._weigh_now,
            "SIR": self._stream,
            "TI": lambda _: self._tare("TI"),
            "ZI": lambda _: self._zero("ZI"),
            "TA": self._tare_memory,
            "TAC": self._clear_tare,
            "M21": lambda numbers: self._say("M21 A" if numbers in ("0 0", "1 0", "2 0") else "M21 L"),
            "C3": self._adjust,
            "D": partial(self._tell, "D A"),
            "DW": partial(self._tell, "DW A"),
        }

    def _do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        excuse = self._take_excuse()
        if word not in self._commands:
            self._say("ES")
        elif excuse and word != "@":
            self._say(excuse.format("S" if word in CUTS_IN else word))
        elif self._pending is not None and word not in CUTS_IN:
            self._say(f"{word} I")
        else:
            self._commands[word](rest)

    def _reset(self, _: str) -> None:
        """Forget what waits; neither zero nor tare changes."""
        self._cancel()
        self._say(f'I4 A "{SERIAL_NUMBER}"')

    def _restart(self) -> None:
        """It zeroes itself with whatever stands there, forgets its tare, and says its number."""
        self._zero_mg, self._tare_mg, self._received, self._outgoing = self.pan.load_mg, 0.0, b"", b""
        self._reset("")

    def _cancel(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
            self._pending = None

    def _list_commands(self, _: str) -> None:
        *first, last = sorted(self._commands)
        for word in first:
            self._say(f'I0 B 0 "{word}"')
        self._say(f'I0 A 0 "{last}"')

    # Weights

    def _when_at_rest(self, word: str) -> None:
        """Answer now or when rest has come; `I` if it does not come in time."""
        self._cancel()
        self._await_rest(word, self._world.now_s + PATIENCE_S)

    def _await_rest(self, word: str, until_s: float) -> None:
        self._pending = None
        if self.pan.is_at_rest:
            {"S": self._weigh, "T": self._tare, "Z": self._zero}[word](word)
        elif self._world.now_s >= until_s:
            self._say(f"{word} I")
        else:
            rests_s = self.pan.rests_from_s
            at_s = min(rests_s, until_s) if rests_s > self._world.now_s else until_s  # a draught has no end in sight
            self._pending = self._world.agenda.at(at_s, self._name, lambda: self._await_rest(word, until_s))

    def _stream(self, _: str) -> None:
        self._weigh_now("")
        at_s = self._world.now_s + STREAM_S
        self._pending = self._world.agenda.at(at_s, self._name, lambda: self._stream(""))

    def _weigh_now(self, _: str) -> None:
        self._cancel()
        self._weigh("S")

    def _weigh(self, word: str) -> None:
        gross_mg = self._gross_mg()
        if gross_mg is None:
            self._say(f"{word} +")
        else:
            self._say(f"{word} {self._rest_letter} {_grams(gross_mg - self._tare_mg)}")

    def _gross_mg(self) -> float | None:
        """What it shows without its tare; None above its range."""
        gross_mg = self.pan.sense_mg() - self._zero_mg
        return None if self.is_overloaded or gross_mg > self._settings.capacity_g * 1000 else gross_mg

    @property
    def _rest_letter(self) -> str:
        return "S" if self.pan.is_at_rest else "D"

    def _tare(self, word: str) -> None:
        gross_mg = self._gross_mg()
        if gross_mg is None:
            self._say(f"{word} +")
            return
        self.acts["tare"] += 1
        self._tare_mg = round(gross_mg, 1)
        self._say(f"{word} {self._rest_letter} {_grams(self._tare_mg)}")

    def _zero(self, word: str) -> None:
        gross_mg = self._gross_mg()
        if gross_mg is None:
            self._say(f"{word} +")
            return
        self.acts["zero"] += 1
        self._zero_mg += gross_mg
        self._tare_mg = 0.0
        self._say("Z A" if word == "Z" else f"{word} {self._rest_letter}")

    def _tare_memory(self, text: str) -> None:
        """Query, or preset by value and unit."""
        preset = re.fullmatch(r"(\d+(?:\.\d*)?) g", text)
        if text and preset is None:
            self._say("TA L")
            return
        if preset is not None:
            self.acts["tare"] += 1
            self._tare_mg = float(preset[1]) * 1000
        self._say(f"TA A {_grams(self._tare_mg)}")

    def _clear_tare(self, _: str) -> None:
        self.acts["tare"] += 1
        self._tare_mg = 0.0
        self._say("TAC A")

    def _adjust(self, _: str) -> None:
        """Move its own weight; all else has to wait."""
        self.acts["adjust"] += 1
        self._say("C3 B")
        self._pending = self._world.agenda.at(self._world.now_s + ADJUSTING_S, self._name, self._end_adjusting)

    def _end_adjusting(self) -> None:
        self._pending = None
        self._say("C3 A")


def _grams(mass_mg: float) -> str:
    """Ten characters, right-aligned, and the unit; there is no minus before zero.

    >>> _grams(12345.61)
    '   12.3456 g'
    """
    return f"{round(mass_mg, 1) / 1000 + 0.0:10.4f} g"
