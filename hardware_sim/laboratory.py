"""The far side of every wire of a bench: emulators, one world behind them, and a log of what truly happened."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.base import AnyEmulator, ComposedEmulator, Conversation, Emulator, NetworkEmulator
from hardware_sim.emulators.catalog import emulator_for
from hardware_sim.emulators.opencv_camera import OpenCvCameraEmulator
from hardware_sim.faults import Fault
from hardware_sim.misfortunes import Misfortunes
from hardware_sim.wire.loopback import DialledLoopback, Loopback
from hardware_sim.wire.noise import LineDown, LineNoise, NoisyLines
from hardware_sim.wire.video import SimulatedVideo
from hardware_sim.world.film import FilmTruth, load_truth
from hardware_sim.world.log import Effect, TruthLog, requests_in
from hardware_sim.world.settings import SimulationSettings
from hardware_sim.world.world import World
from robot.clock import Clock
from robot.config import LabConfig
from robot.device_settings import DeviceSettings, OpenCvCameraSettings
from robot.settings import parts_of
from robot.wire.base import Port
from robot.wire.video import VideoSource

BY_HAND = "by hand"
"""What the log calls the line of a person at the bench; no device can be called so."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One device's end of a wire or of a call."""

    name: str
    device: str
    port: str
    """What is unplugged: the port that others may share, or the device itself on the network."""
    callers: tuple[str, ...]
    """Who is told to have been asked: the device, and its part."""
    receive: Callable[[bytes], bytes]


class Laboratory:
    """A simulated bench: the same lab file, seed, faults and timed requests give the same answers, byte for byte.

    Args:
        truth: which hidden response films obey: what `load_truth` takes, or a `FilmTruth`; None asks the lab file.
        log: where the ground truth is appended, JSON lines; a request is on file before its device acts on it.

    Raises:
        pydantic.ValidationError: the lab file's `simulation:` section is wrong.
        FileProblem: the table that `truth` names is wrong.
    """

    def __init__(
        self,
        lab: LabConfig,
        clock: Clock,
        seed: int,
        *,
        truth: FilmTruth | str | Path | None = None,
        faults: Sequence[Fault] = (),
        log: Path | None = None,
    ) -> None:
        settings = SimulationSettings.model_validate(lab.simulation)
        truth = truth or settings.truth
        self._clock = clock
        self._log = TruthLog(log)
        self.requests: Counter[str] = Counter()
        """How many have come, by device and by line."""
        noises = [fault for fault in faults if isinstance(fault, LineNoise)]
        self._lines = NoisyLines(noises, lambda noise: self.world.note("fault", **vars(noise)))
        known_truth = load_truth(truth) if truth is None or isinstance(truth, str | Path) else truth
        self.world = World(lab, seed, known_truth, faults, self._log)
        self._emulators = {name: emulator_for(device)(name, self.world, device) for name, device in lab.devices.items()}
        self._on_wires = {
            line: far_end for name, emulator in self._emulators.items() for line, far_end in _far_ends(name, emulator)
        }
        """By line: the name of a device, or device/part."""
        self._misfortunes = Misfortunes(faults, self.world, self._emulators, self._on_wires)
        self._wires = {line: _sharing(lab, line, self._on_wires) for line in self._on_wires}
        self._lines_by_name = {line: self._line(line, far_end) for line, far_end in self._on_wires.items()}
        self._calls: dict[str, Conversation] = {}
        """Calls over the network by line: device/channel/number."""

    @classmethod
    def replayed(
        cls,
        lab: LabConfig,
        log: Path,
        clock: VirtualClock,
        seed: int,
        *,
        truth: FilmTruth | str | Path | None = None,
        faults: Sequence[Fault] = (),
    ) -> Self:
        """Rebuild a laboratory after a crash: its requests come again, at their times, to fresh emulators.

        Lab file, seed, truth and faults must be those of the run. The clock ends at the last request's instant. The
        log is written anew beside the old one and takes its place whole, so that it also tells the effects which the
        crash cut off.
        """
        rewritten = log.with_suffix(".replayed")
        rewritten.unlink(missing_ok=True)
        laboratory = cls(lab, clock, seed, truth=truth, faults=faults, log=rewritten)
        for t_s, line, data in requests_in(log):
            clock.jump_to(t_s)
            if line == BY_HAND:
                laboratory.take_away(data.decode())
                continue
            if not data:
                laboratory.hang_up(line)
                continue
            with suppress(LineDown):  # its caller was told then
                (laboratory.hear if line in laboratory._wires else laboratory.receive)(line, data)
        laboratory.hang_up_all()
        rewritten.replace(log)
        return laboratory

    def receive(self, line: str, data: bytes) -> bytes:
        """Bytes arrive at a device now; return what it says by now. b"" only listens.

        Args:
            line: the name of the device, or for one on the network what `dial` returned.

        Raises:
            LineDown: it is unplugged, or its server is not up; nothing arrives.
        """
        self._note_arrival(line, data)
        return self._answer(self._lines_by_name.get(line) or self._connect(line), data)

    def hear(self, line: str, data: bytes) -> bytes:
        """Bytes arrive on a wire now, where all that share the port hear them; return what they say by now."""
        self._note_arrival(line, data)
        return b"".join([self._answer(self._lines_by_name[other], data) for other in self._wires[line]])

    def _note_arrival(self, line: str, data: bytes) -> None:
        self.world.advance_to(self._clock.now_s())
        if data:
            self._log.request(self.world.now_s, line, data)

    def _answer(self, line: _Line, data: bytes) -> bytes:
        device = line.device
        reply = self._lines.exchange(device, line.name, line.port, self.world.now_s, data, line.receive)
        if data:
            for caller in line.callers:
                self.requests[caller] += 1
        return b"" if self._misfortunes.lose_reply(device, self.requests[device]) else reply

    def dial(self, device: str, channel: str) -> str:
        """Connect to a channel of a device on the network; return the name of the new line.

        A device with a single wire may be served over the network too: its line bears its own name.

        Raises:
            LineDown: nobody listens.
        """
        wire = device if device in self._on_wires else joined(device, channel)
        self._lines.check_up(self._wires.get(wire, [device])[0], self._clock.now_s())
        if wire in self._on_wires:
            return wire
        line = next(name for n in count(1) if (name := f"{device}/{channel}/{n}") not in self._calls)
        self._connect(line)
        return line

    def hang_up(self, line: str) -> None:
        """The caller on a line has gone; the log shows it as a request without bytes."""
        call = self._calls.pop(line, None)
        if call is not None:
            del self._lines_by_name[line]
            now_s = self._clock.now_s()
            self.world.advance_to(now_s)
            self._log.request(now_s, line, b"")
            call.hang_up()
            self._lines.hang_up(line)

    def hang_up_all(self) -> None:
        """Whoever was on a line has died."""
        for line in list(self._calls):
            self.hang_up(line)

    def take_away(self, vessel: str) -> None:
        """A person takes a vessel from where it stands, or from the gripper that holds it, and off the bench.

        Raises:
            KeyError: no such vessel is on the bench.
        """
        self.world.advance_to(self._clock.now_s())
        self._log.request(self._clock.now_s(), BY_HAND, vessel.encode())
        self.world.take_away(vessel)

    def port(self, device: str, channel: str = "") -> Port:
        """The near end of a device's wire, or of one of its channels (its first, if none is named), in this process."""
        line = joined(device, channel)
        if line in self._on_wires:
            return Loopback(partial(self.receive if len(self._wires[line]) == 1 else self.hear, line))
        return DialledLoopback(self, device, channel or next(iter(self.channels(device))))

    def video(self, device: str) -> VideoSource:
        """What a camera films, in this process."""
        camera = self._emulators[device]
        if not isinstance(camera, OpenCvCameraEmulator):
            raise ValueError(f"{device} is no camera")
        return SimulatedVideo(camera, partial(self.receive, device))

    def line(self, device: str, settings: DeviceSettings, channel: str) -> Port | VideoSource:
        """What a fleet opens for a device, or for one of its channels, in this process."""
        return self.video(device) if isinstance(settings, OpenCvCameraSettings) else self.port(device, channel)

    def channels(self, device: str) -> Mapping[str, int]:
        """TCP ports of a device on the network, by what they are for; none if it has a single wire."""
        emulator = self._emulators[device]
        return emulator.channels if isinstance(emulator, NetworkEmulator) else {}

    def wires(self, device: str) -> list[str]:
        """The lines of a device that are serial ones, by name: device, or device/part; none of one on the network."""
        return [line for line in self._on_wires if line.partition("/")[0] == device]

    def emulator(self, device: str) -> AnyEmulator:
        """The device itself, for a look behind the scenes."""
        return self._emulators[device]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many acting commands each device has received, by command."""
        return {name: dict(emulator.acts) for name, emulator in self._emulators.items()}

    @property
    def effects(self) -> Sequence[Effect]:
        """What has truly happened so far: the log without the requests."""
        return self._log.effects

    def state(self) -> dict[str, object]:
        """The ground truth now, ready for JSON: where things are, what is in them, what devices believe."""
        self.world.advance_to(self._clock.now_s())
        devices = {name: emulator.state() for name, emulator in self._emulators.items()}
        return {**self.world.state(), "devices": devices, "acts": self.counts()}

    def close(self) -> None:
        """Give the log file back."""
        self._log.close()

    def _line(self, name: str, far_end: Emulator | Conversation) -> _Line:
        device = name.partition("/")[0]
        callers = (device,) if name == device else (device, name)
        return _Line(name, device, self._wires.get(name, [device])[0], callers, far_end.receive)

    def _connect(self, name: str) -> _Line:
        device, channel, _ = name.split("/")
        emulator = self._emulators[device]
        assert isinstance(emulator, NetworkEmulator)
        self._calls[name] = call = emulator.call(channel)
        self._lines_by_name[name] = line = self._line(name, call)
        return line


def joined(device: str, part: str) -> str:
    """The name of a wire: of a device, or of a part of one."""
    return f"{device}/{part}" if part else device


def _far_ends(name: str, emulator: AnyEmulator) -> list[tuple[str, Emulator]]:
    if isinstance(emulator, NetworkEmulator):
        return []
    if isinstance(emulator, ComposedEmulator):
        return [(joined(name, part), far_end) for part, far_end in emulator.parts.items()]
    return [(name, emulator)]


def _sharing(lab: LabConfig, line: str, lines: Iterable[str]) -> list[str]:
    """The lines on the port of one."""
    port = _port(lab, line)
    return [other for other in lines if other == line or (port and _port(lab, other) == port)]


def _port(lab: LabConfig, line: str) -> str:
    device, _, part = line.partition("/")
    return getattr(parts_of(lab.devices[device])[part], "port", "")
