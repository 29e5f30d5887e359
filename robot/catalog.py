"""Which models there are, what each promises and how its line is set."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from pydantic import TypeAdapter

from robot.config import DeviceSettings, OpenCvCameraSettings
from robot.drivers.cavro import Cavro
from robot.drivers.dobot_magician import DobotMagician
from robot.drivers.eurotherm_2416 import Eurotherm2416
from robot.drivers.eurotherm_3216p import Eurotherm3216P
from robot.drivers.eurotherm_epc3016 import EurothermEPC3016
from robot.drivers.ika_rct_digital import IkaRctDigital
from robot.drivers.keithley_2400 import Keithley2400
from robot.drivers.mettler_mt_sics import MettlerMtSics
from robot.drivers.new_era_ne1000 import NewEraNE1000
from robot.drivers.opencv_camera import OpenCvCamera
from robot.interfaces import Arm, Balance, Camera, Device, Furnace, Pipette, SourceMeter, Stirrer, SyringePump
from robot.wire.base import Port, Recorder, Wire
from robot.wire.bus import Bus
from robot.wire.serial_port import SerialPort
from robot.wire.video import VideoSource, open_video


@dataclass(frozen=True)
class Model:
    """A kind of device: what it promises, who drives it, how its line is set: with one stop bit, if it is a serial one."""

    interface: type
    driver: Callable[[str, Any, Any], Device]
    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    silence_s: float | None = None
    """On a line where only one may speak at a time (RS-485): how long it must be silent before we do."""


MODBUS_SILENCE_S = 0.0041  # 3.5 characters at 9600 baud

MODELS = {
    "dobot_magician": Model(Arm, DobotMagician, baudrate=115200),
    "cavro_xcalibur": Model(Pipette, Cavro),
    "cavro_xlp_6000": Model(Pipette, Cavro),
    "eurotherm_2416": Model(Furnace, Eurotherm2416, silence_s=MODBUS_SILENCE_S),
    "eurotherm_3216p": Model(Furnace, Eurotherm3216P, silence_s=MODBUS_SILENCE_S),
    "eurotherm_epc3016": Model(Furnace, EurothermEPC3016, silence_s=MODBUS_SILENCE_S),
    "ika_rct_digital": Model(Stirrer, IkaRctDigital, bytesize=7, parity="E"),
    "keithley_2400": Model(SourceMeter, Keithley2400),
    "mettler_mt_sics": Model(Balance, MettlerMtSics),
    "new_era_ne1000": Model(SyringePump, NewEraNE1000, baudrate=19200),
    "opencv": Model(Camera, OpenCvCamera),
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
    checked = _SETTINGS.validate_python({"model": model, **settings})
    line = open_line(name or model, checked)
    is_camera = isinstance(checked, OpenCvCameraSettings)
    wire = cast(VideoSource, line) if is_camera else wire_on(checked, cast(Port, line))
    device = build(name or model, checked, wire)
    device.connect()
    return device


def open_line(name: str, settings: DeviceSettings) -> Port | VideoSource:
    """Choose the real line to a device; it is opened at its first use."""
    if isinstance(settings, OpenCvCameraSettings):
        return open_video(settings.source)
    model = MODELS[settings.model]
    return SerialPort(settings.port, model.baudrate, model.bytesize, model.parity)


def wire_on(settings: DeviceSettings, port: Port, recorder: Recorder | None = None) -> Wire:
    """Choose how to make exchanges on a port: on a line where only one may speak at a time, as a bus."""
    silence_s = MODELS[settings.model].silence_s
    is_bus = silence_s is not None and not getattr(settings, "is_on_ethernet", False)
    return Bus(port, silence_s=silence_s or 0.0, recorder=recorder) if is_bus else Wire(port, recorder=recorder)


def build(name: str, settings: DeviceSettings, line: Wire | VideoSource) -> Device:
    """Put the driver of a model on its line; nothing is opened or sent.

    Args:
        name: what errors and the journal call the device.
        settings: its part of lab.yaml.
        line: for a camera its pictures, for all others a wire, which devices on one port share.
    """
    return MODELS[settings.model].driver(name, line, settings)
