"""What lab.yaml says of what measures, stirs and sees."""

from typing import Literal

from pydantic import Field

from robot.strict import Name, Strict


class Keithley2400Settings(Strict):
    """A Keithley 2400 on a four-point probe."""

    model: Literal["keithley_2400"]
    port: str
    max_current_a: float = Field(default=0.01, gt=0, le=1.05)
    max_voltage_v: float = Field(default=20.0, gt=0, le=210)


class MettlerBalanceSettings(Strict):
    """A Mettler-Toledo balance that speaks MT-SICS; it weighs what stands on the site inside it."""

    model: Literal["mettler_mt_sics"]
    port: str
    capacity_g: float = Field(default=220.0, gt=0)
    readability_mg: float = Field(default=0.1, gt=0)


class IkaRctSettings(Strict):
    """An IKA hotplate-stirrer with NAMUR commands; it heats and stirs what stands on the site inside it."""

    model: Literal["ika_rct_digital"]
    port: str
    max_temperature_c: float = Field(default=310.0, ge=20, le=310)
    max_speed_rpm: float = Field(default=1500.0, ge=50, le=1500)
    has_probe: bool = Field(default=True, description="does a temperature probe dip into the vessel?")
    watchdog_s: int = Field(default=60, ge=20, le=1500, description="it switches off after so long a silence")


class OpenCvCameraSettings(Strict):
    """A camera that OpenCV can open by number or path, or whose snapshots answer at an http address."""

    model: Literal["opencv"]
    source: int | str
    sees: list[Name] = Field(min_length=1, max_length=1, description="the site in view")
