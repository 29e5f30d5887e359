"""All devices of a bench, brought up and made safe together."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from types import TracebackType
from typing import Self, cast

from robot.catalog import MODELS, OpenLine, build, joined, lines_of, open_line, wire_on
from robot.config import LabConfig
from robot.device_settings import OpenCvCameraSettings
from robot.errors import NotReachable
from robot.interfaces import Device, Identity
from robot.settings import address_of, parts_of
from robot.wire.base import Port, Recorder, Wire
from robot.wire.turnstile import urgent
from robot.wire.video import VideoSource


class Fleet:
    """The devices of a bench by name. Leaving the context gives their lines back; it does not make them safe.

    Args:
        devices: by name.
        closers: what gives back the lines of each.
        addresses: where each is, for whoever has to look for it.
    """

    def __init__(
        self,
        devices: dict[str, Device],
        closers: Mapping[str, Sequence[Callable[[], None]]] | None = None,
        addresses: Mapping[str, str] | None = None,
    ) -> None:
        self.devices = devices
        self._closers = closers or {}
        self._addresses = addresses or {}
        self._identities: dict[str, Identity] = {}

    def connect_all(self) -> dict[str, Identity]:
        """Ask every device who it is, by reading only.

        Raises:
            NotReachable: the first that is absent or another model than promised.
        """
        return {name: self._introduced(name) for name in self.devices}

    def reconnect(self, name: str) -> Identity:
        """Open a device's lines anew and ask who answers: it must be the one that answered before.

        Raises:
            NotReachable: nobody answers, or another device.
        """
        for close in self._closers.get(name, ()):
            close()
        return self._introduced(name)

    def _introduced(self, name: str) -> Identity:
        try:
            identity = self.devices[name].connect()
            known = self._identities.setdefault(name, identity)
            if identity != known:
                raise NotReachable(name, f"{identity} answers, where {known} did", "Plug the right device in")
        except NotReachable as err:
            address = self._addresses.get(name, "")
            if address in err.what:
                raise
            raise NotReachable(name, f"{err.what} (at {address})", err.remedy) from err
        return identity

    def make_all_safe(self) -> dict[str, Exception | None]:
        """Make every device safe, whatever the others do; return for each what went wrong, None if it is safe."""
        return {name: _make_safe(device) for name, device in self.devices.items()}

    def close(self) -> None:
        """Give all lines back; may be called again."""
        for close in chain.from_iterable(self._closers.values()):
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_fleet(
    lab: LabConfig, ports: OpenLine = open_line, recorder: Callable[[str], Recorder | None] = lambda name: None
) -> Fleet:
    """Build every device of a bench on its line; nothing is sent yet.

    Args:
        lab: the bench.
        ports: how to get at a device's line; a simulated laboratory offers its own.
        recorder: who writes down what passes a port, by the name of the first device on it and of its channel.

    Raises:
        ValueError: two devices on one port need it set differently.
    """
    _check_shared_ports(lab)
    devices: dict[str, Device] = {}
    closers: dict[str, list[Callable[[], None]]] = {}
    wires: dict[tuple[str, str], Wire] = {}
    for name, settings in lab.devices.items():
        if isinstance(settings, OpenCvCameraSettings):
            source = cast(VideoSource, ports(name, settings, ""))
            closers[name] = [source.release]
            devices[name] = build(name, settings, source)
            continue
        own: dict[str, Wire] = {}
        for channel, end in lines_of(settings).items():
            where = (end.settings.port, end.server)
            if where not in wires:
                port = cast(Port, ports(name, settings, channel))
                wires[where] = wire_on(end.settings, port, recorder(f"{name}-{channel}".strip("-")))
            own[channel] = wires[where]
        closers[name] = [wire.close for wire in own.values()]
        devices[name] = build(name, settings, joined(own))
    return Fleet(devices, closers, {name: address_of(settings) for name, settings in lab.devices.items()})


def _check_shared_ports(lab: LabConfig) -> None:
    lines: dict[str, str] = {}
    for name, settings in lab.devices.items():
        if isinstance(settings, OpenCvCameraSettings):
            continue
        for own in parts_of(settings).values():
            model = MODELS[own.model]
            line = f"{model.baudrate} baud {model.bytesize}{model.parity}1"
            if lines.setdefault(own.port, line) != line:
                raise ValueError(f"{name} cannot share {own.port}: it talks at {line}, the other does not")


def _make_safe(device: Device) -> Exception | None:
    try:
        with urgent():
            device.make_safe()
    except Exception as err:  # a defect in one driver must not leave the other devices running
        return err
    return None
