"""A Mettler-Toledo balance. What a chemist should know of it stands in docs/devices/mettler_mt_sics.md."""

from collections.abc import Callable

from robot.device_settings import MettlerBalanceSettings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.mettler_mt_sics import codec
from robot.errors import Busy, CommandRefused, DeviceFault, NotReachable, ReplyLost
from robot.interfaces import Identity, Weight
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 1.0  # weights at once take 0.1 s; none of our commands waits for rest


class MettlerMtSics:
    """One balance at the end of a wire; `Balance` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: MettlerBalanceSettings) -> None:
        self.name = name
        self.capacity_mg = settings.capacity_g * 1000
        self.readability_mg = settings.readability_mg
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)

    def connect(self) -> Identity:
        """Ask for its number and its type; refuse a balance that bears less than the lab file says."""
        with introducing(self.name):
            serial_number = self._ask(codec.ASK_SERIAL_NUMBER).rest
            model = self._ask(codec.ASK_MODEL).rest
        try:
            capacity_g = codec.decode_capacity_g(model)
        except ValueError as err:
            raise NotReachable(self.name, f"says that it is {model!r}", "Is it a balance in grams?") from err
        if capacity_g * 1000 < self.capacity_mg:
            what = f"bears {capacity_g:g} g, not {self.capacity_mg / 1000:g} g"
            raise NotReachable(self.name, what, "Correct capacity_g in lab.yaml, or check its port")
        return Identity("Mettler-Toledo", model, serial_number)

    def read_weight(self) -> Weight:
        """Take one reading at once."""
        answer = self._ask(codec.ASK_WEIGHT)
        return Weight(self._mass_mg(answer), is_stable=answer.letter == "S")

    def read_tare_mg(self) -> float:
        """What is in its tare memory."""
        return self._mass_mg(self._ask(codec.ASK_TARE))

    def tare(self) -> float:
        """Take what stands there now for nothing; return its mass."""
        if not self.read_weight().is_stable:
            raise Busy(self.name, "is not at rest; nothing was tared", "Wait until its reading is stable")
        answer = self._said(codec.TARE, self._dialogue.once)
        if answer.letter == "D":
            raise DeviceFault(self.name, "tared while its reading moved", "Keep draughts away and tare again")
        return self._mass_mg(answer)

    def make_safe(self) -> None:
        """Cancel whatever it waits for or streams; zero and tare stay.

        Raises:
            ReplyLost: it did not say its number.
        """
        self._ask(codec.RESET)

    def _ask(self, request: bytes) -> codec.Answer:
        return self._said(request, self._dialogue.read)

    def _said(self, request: bytes, ask: Callable[..., codec.Answer]) -> codec.Answer:
        """Exchange a line; turn a refusal into its error."""
        answer = ask(request, codec.reply_to(request), codec.decode)
        command = request.decode().strip()
        if answer.word in codec.COMPLAINTS:
            what, remedy = codec.COMPLAINTS[answer.word]
            raise CommandRefused(self.name, f"refused {command!r}: {what}", remedy)
        match answer.letter:
            case "I":
                raise Busy(self.name, f"cannot do {command!r} now", "Let it come to rest")
            case "L":
                raise CommandRefused(self.name, f"refused {command!r}: bad parameter", "Is it this model?")
            case "+":
                raise DeviceFault(self.name, "is loaded beyond its range", "Unload its pan")
            case "-":
                raise DeviceFault(self.name, "is below its range", "Is its pan in place?")
        if answer.rest.startswith("Error "):
            code = answer.rest.removeprefix("Error ")
            raise DeviceFault(self.name, codec.FAULTS.get(code[:-1], f"reports error {code}"), "Look at its display")
        return answer

    def _mass_mg(self, answer: codec.Answer) -> float:
        try:
            value, unit = codec.decode_weight(answer.rest)
        except ValueError as err:
            raise ReplyLost(self.name, f"no usable weight: {err}", "Check cable and power") from err
        if unit != "g":
            raise DeviceFault(self.name, f"shows {unit} instead of g", "Set its unit to g")
        return round(value * 1000, 6)
