"""One device alone at the end of a real line: who it is, how it is, what it is told. Nothing here asks or prints."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from planning.errors import Refused
from robot.address import is_network_address
from robot.catalog import MODELS, lines_of, open_device, open_line
from robot.device_settings import DeviceSettings
from robot.errors import NotReachable
from robot.interfaces import Device, Identity, Repeat, questions, verbs
from robot.settings import SETTINGS, alone, located
from robot.wire.base import Port
from robot.wire.serial_port import SerialPort
from robot.wire.video import VideoSource

SPEEDS = (9600, 19200, 115200, 38400, 57600, 4800, 2400, 1200)
PATIENCE_S = 0.2  # while we look for its speed, a device answers within this or not at all


@dataclass(frozen=True)
class Target:
    """A device to be asked."""

    settings: DeviceSettings

    @property
    def model(self) -> str:
        """Which kind of device we expect."""
        return self.settings.model

    @property
    def interface(self) -> type:
        """What it promises."""
        return MODELS[self.model].interface

    @property
    def line(self) -> str:
        """How we set a serial line to it."""
        entry = MODELS[self.model]
        return f"{entry.baudrate} baud {entry.bytesize}{entry.parity}1"


def target(model: str, address: str, wishes: Sequence[str]) -> Target:
    """Understand which device is meant.

    Raises:
        Refused: an unknown model, or a setting that will not do.
    """
    if model not in SETTINGS:
        raise Refused(f"no model is called {model!r}", f"Use one of {', '.join(MODELS)}")
    pairs = [wish.partition("=") for wish in wishes]
    given = {key: yaml.safe_load(value) for key, _, value in pairs}
    try:
        where = located(model, address)
    except ValueError as err:
        raise Refused(f"{model}: {err}", "Write them with commas between") from err
    try:
        return Target(alone(model, where, given))
    except ValidationError as err:
        told = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in err.errors())
        raise Refused(f"{model} cannot be set so: {told}", "Write --set key=value") from err


@contextmanager
def connected(wanted: Target) -> Iterator[tuple[Device, Identity]]:
    """Open its line and ask who answers; give the line back on leaving.

    Raises:
        NotReachable: nobody answers, or another model; if it is its speed that differs, that is said.
    """
    held: list[Port | VideoSource] = []

    def line(name: str, settings: DeviceSettings, channel: str) -> Port | VideoSource:
        held.append(open_line(name, settings, channel))
        return held[-1]

    device = open_device(wanted.model, wanted.settings, line)
    try:
        try:
            yield device, device.connect()
        except NotReachable as err:
            _give_back(held)
            raise _explained(wanted, err) from err
    finally:
        _give_back(held)


def answers(wanted: Target, device: Device) -> dict[str, Any]:
    """Ask all that can be asked without being told anything; figures by name."""
    found: dict[str, Any] = {}
    for question in questions(wanted.interface):
        answer = getattr(device, question)()
        if is_dataclass(answer) and not isinstance(answer, type):
            found |= asdict(answer)
        elif hasattr(answer, "shape"):
            found[question] = "×".join(map(str, answer.shape))
        else:
            found[question.removeprefix("read_")] = answer
    return found


def command(wanted: Target, verb: str, wishes: Sequence[str]) -> dict[str, Any]:
    """Read a command's arguments, as the interface declares them.

    Raises:
        Refused: there is no such command, or an argument is wrong or missing.
    """
    acting = [name for name, rule in verbs(wanted.interface).items() if rule is not Repeat.READ]
    if verb not in acting:
        known = ", ".join(acting) or "none: it only measures"
        raise Refused(f"{wanted.model} has no command {verb!r}", f"There are {known}")
    hints = {name: hint for name, hint in get_type_hints(getattr(wanted.interface, verb)).items() if name != "return"}
    given = {key: yaml.safe_load(value) for key, _, value in (wish.partition("=") for wish in wishes)}
    if set(given) != set(hints):
        wants = " ".join(f"{name}=…" for name in hints) or "no arguments"
        raise Refused(f"{verb} takes {wants}", "Write each as name=value")
    try:
        return {name: TypeAdapter(hint).validate_python(given[name]) for name, hint in hints.items()}
    except ValidationError as err:
        raise Refused(f"{verb}: {err.errors()[0]['msg']}", "Write each as name=value") from err


def _explained(wanted: Target, err: NotReachable) -> NotReachable:
    """If nobody understands us, see whether somebody does at another speed."""
    port = getattr(wanted.settings, "port", "")
    is_serial = bool(port) and not is_network_address(port) and not re.match(r"https?://", port)
    if not (is_serial and _nobody_understood(err)):
        return err
    for speed in SPEEDS:
        if speed != MODELS[wanted.model].baudrate and _answers_at(wanted, speed):
            what = f"answers at {speed} baud; we talk to it at {wanted.line}"
            return NotReachable(wanted.model, what, f"Set the device to {wanted.line}")
    what = f"nobody answers as a {wanted.model} would, at {wanted.line} or at any other speed"
    return NotReachable(wanted.model, what, "Check cable, power, the model, its address and its line settings")


def _nobody_understood(err: BaseException | None) -> bool:
    while err is not None and not isinstance(err, TimeoutError):
        err = err.__cause__
    return err is not None


def _answers_at(wanted: Target, speed: int) -> bool:
    entry = MODELS[wanted.model]
    ports: list[Port | VideoSource] = []

    def line(name: str, settings: DeviceSettings, channel: str) -> Port | VideoSource:
        port = lines_of(settings)[channel].settings.port
        ports.append(_Hasty(SerialPort(port, speed, entry.bytesize, entry.parity)))
        return ports[-1]

    try:
        open_device(wanted.model, wanted.settings, line).connect()
    except NotReachable:
        return False
    finally:
        _give_back(ports)
    return True


class _Hasty:
    """A port on which one does not wait for long."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self.write, self.discard_input, self.close = port.write, port.discard_input, port.close

    def read(self, timeout_s: float) -> bytes:
        """Return what arrives soon."""
        return self._port.read(min(timeout_s, PATIENCE_S))


def _give_back(lines: Sequence[Port | VideoSource]) -> None:
    for line in lines:
        close = getattr(line, "close", None) or getattr(line, "release")  # noqa: B009
        close()


def figures(answers: Mapping[str, Any]) -> dict[str, float]:
    """Those answers that can be drawn as curves."""
    return {name: float(value) for name, value in answers.items() if type(value) in (int, float)}
