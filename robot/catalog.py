"""Which models there are, what each promises and how its line is set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

from pydantic import TypeAdapter

from robot.address import is_network_address
from robot.device_settings import DeviceSettings, OpenCvCameraSettings, OpentronsOT2Settings
from robot.errors import NotReachable
from robot.interfaces import (
    Arm,
    Balance,
    Camera,
    Capper,
    Device,
    Diffractometer,
    DippingPipette,
    Furnace,
    Pipette,
    PowderDoser,
    PowderHandler,
    SourceMeter,
    Stirrer,
    SyringePump,
    TipPipette,
)
from robot.settings import Wired, parts_of
from robot.wire.base import Port, PortUnavailable, Recorder, Wire
from robot.wire.bus import Bus
from robot.wire.serial_port import SerialPort
from robot.wire.tcp_socket import TcpSocket, parse_address
from robot.wire.video import VideoSource, open_video

Line = Wire | Mapping[str, Wire] | VideoSource
OpenLine = Callable[[str, DeviceSettings, str], Port | VideoSource]


@dataclass(frozen=True)
class Model:
    """A kind of device: what it promises, who drives it, how its line is set: with one stop bit, if it is a serial one."""

    interface: type
    driver: str
    """Its class, after the package among `robot.drivers` that it is in; loaded when the first one is built."""
    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    silence_s: float | None = None
    """On a line where only one may speak at a time (RS-485): how long it must be silent before we do."""
    channels: Mapping[str, int] = field(default_factory=dict)
    """On the network with several servers: the maker's ports, by what they are for. Its driver takes a wire for each."""


AIBUS_SILENCE_S = 0.01  # to let go of the line; its frames need none
MODBUS_SILENCE_S = 0.0041  # 3.5 characters at 9600 baud

MODELS = {
    "dobot_magician": Model(Arm, "dobot_magician.DobotMagician", baudrate=115200),
    "grbl_gantry": Model(Arm, "grbl_gantry.GrblGantry", baudrate=115200),
    "preciseflex_pf400": Model(Arm, "preciseflex_pf400.PreciseFlexPf400", channels={"robot": 10100, "status": 10000}),
    "smoothie_gantry": Model(Arm, "smoothie_gantry.SmoothieGantry", baudrate=115200),
    "ur_eseries": Model(Arm, "ur_eseries.UrESeries", channels={"dashboard": 29999, "script": 30002, "rtde": 30004}),
    "cavro_xcalibur": Model(Pipette, "cavro.Cavro"),
    "cavro_xlp_6000": Model(Pipette, "cavro.Cavro"),
    "eurotherm_2416": Model(Furnace, "eurotherm_2416.Eurotherm2416", silence_s=MODBUS_SILENCE_S),
    "eurotherm_3216p": Model(Furnace, "eurotherm_3216p.Eurotherm3216P", silence_s=MODBUS_SILENCE_S),
    "eurotherm_epc3016": Model(Furnace, "eurotherm_epc3016.EurothermEPC3016", silence_s=MODBUS_SILENCE_S),
    "ika_rct_digital": Model(Stirrer, "ika_rct_digital.IkaRctDigital", bytesize=7, parity="E"),
    "keithley_2400": Model(SourceMeter, "keithley_2400.Keithley2400"),
    "mettler_mt_sics": Model(Balance, "mettler_mt_sics.MettlerMtSics"),
    "new_era_ne1000": Model(SyringePump, "new_era_ne1000.NewEraNE1000", baudrate=19200),
    "opencv": Model(Camera, "opencv_camera.OpenCvCamera"),
    "powder_diffractometer": Model(Diffractometer, "powder_diffractometer.OpenPowderDiffractometer", baudrate=115200),
    "powder_doser": Model(PowderDoser, "powder_doser.OpenPowderDoser", baudrate=115200),
    "powder_handler": Model(PowderHandler, "powder_handler.OpenPowderHandler", baudrate=115200),
    "vial_capper": Model(Capper, "vial_capper.OpenVialCapper", baudrate=115200),
    "yudian_ai518p": Model(Furnace, "yudian_ai518p.YudianAI518P", silence_s=AIBUS_SILENCE_S),
    "opentrons_ot2": Model(TipPipette, "opentrons_ot2.OpentronsOT2"),
    "gantry_pipette": Model(DippingPipette, "gantry_pipette.GantryPipette"),
}

_SETTINGS: TypeAdapter[DeviceSettings] = TypeAdapter(DeviceSettings)


def connect(model: str, *, name: str | None = None, **settings: object) -> Any:
    """Drive one device alone, from a notebook; its line is given back with the last reference to it.

    For example `connect("eurotherm_2416", port="/dev/ttyUSB2", max_temperature_c=350)`.

    Args:
        model: a name in `MODELS`.
        name: what errors call the device; its model, if left out.
        settings: as under `devices:` in lab.yaml.

    Raises:
        pydantic.ValidationError: a setting is missing or wrong.
        NotReachable: nobody, or another model, answers there.
    """
    device = open_device(name or model, _SETTINGS.validate_python({"model": model, **settings}))
    device.connect()
    return device


def open_device(name: str, settings: DeviceSettings, lines: OpenLine | None = None) -> Device:
    """Put one device alone on its line; nothing is sent yet.

    Args:
        name: what errors call the device.
        settings: as under `devices:` in lab.yaml.
        lines: how to get at its line; `open_line` if left out.

    Raises:
        NotReachable: its address on the network cannot be read.
    """
    lines = lines or open_line
    if isinstance(settings, OpenCvCameraSettings):
        return build(name, settings, cast(VideoSource, lines(name, settings, "")))
    wires = {
        channel: wire_on(end.settings, cast(Port, lines(name, settings, channel)))
        for channel, end in lines_of(settings).items()
    }
    return build(name, settings, joined(wires))


@dataclass(frozen=True)
class LineEnd:
    """Where a line of a device leads: to the device itself or to a part of it, and there to one of its servers."""

    settings: Wired
    server: str


def lines_of(settings: DeviceSettings) -> dict[str, LineEnd]:
    """All lines of a device by channel: its servers or its parts; the only one of a plain device is nameless."""
    return {
        server or part: LineEnd(own, server)
        for part, own in parts_of(settings).items()
        for server in MODELS[own.model].channels or ("",)
    }


def channels(settings: DeviceSettings) -> tuple[str, ...]:
    """The lines that a device's driver talks on, by name."""
    return tuple(lines_of(settings))


def open_line(name: str, settings: DeviceSettings, channel: str = "") -> Port | VideoSource:
    """Choose the real line to a device, or to one of its channels; it is opened at its first use.

    Raises:
        NotReachable: its address on the network cannot be read.
    """
    if isinstance(settings, OpenCvCameraSettings):
        return open_video(settings.source)
    end = lines_of(settings)[channel]
    if isinstance(end.settings, OpentronsOT2Settings):
        from robot.wire.http import HttpPort

        return HttpPort(end.settings.port)
    model = MODELS[end.settings.model]
    if not (end.server or is_network_address(end.settings.port)):
        return SerialPort(end.settings.port, model.baudrate, model.bytesize, model.parity)
    try:
        return TcpSocket(*parse_address(end.settings.port, model.channels or {"": 0})[end.server])
    except PortUnavailable as err:
        raise NotReachable(name, str(err), err.remedy) from err


def wire_on(settings: Wired, port: Port, recorder: Recorder | None = None) -> Wire:
    """Choose how to make exchanges on a port: on a line where only one may speak at a time, as a bus."""
    silence_s = MODELS[settings.model].silence_s
    is_bus = silence_s is not None and not getattr(settings, "is_on_ethernet", False)
    if is_bus:
        return Bus(port, silence_s=silence_s or 0.0, recorder=recorder)
    is_dialled = bool(MODELS[settings.model].channels) or is_network_address(getattr(settings, "port", ""))
    return Wire(port, renews=is_dialled, recorder=recorder)


def joined(wires: Mapping[str, Wire]) -> Line:
    """What a driver takes: its only wire, or all of them by channel."""
    return wires.get("", wires)


def build(name: str, settings: DeviceSettings, line: Line) -> Device:
    """Put the driver of a model on its line; nothing is opened or sent.

    Args:
        name: what errors and the journal call the device.
        settings: its part of lab.yaml.
        line: for a camera its pictures; for all others a wire, which devices on one port share, or one per channel.
    """
    package, _, driver = MODELS[settings.model].driver.partition(".")
    return cast(Device, getattr(import_module(f"robot.drivers.{package}"), driver)(name, line, settings))
