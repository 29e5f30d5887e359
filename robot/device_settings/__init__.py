"""What lab.yaml says of each device: one model a model of device, in a file for each kind."""

from typing import Annotated

from pydantic import Field

from robot.device_settings.arms import (
    ArmSettings,
    DobotMagicianSettings,
    GrblGantrySettings,
    PreciseFlexPf400Settings,
    SmoothieGantrySettings,
    UrESeriesSettings,
)
from robot.device_settings.cappers import VialCapperSettings
from robot.device_settings.furnaces import (
    Eurotherm2416Settings,
    Eurotherm3216PSettings,
    EurothermEPC3016Settings,
    EurothermSettings,
    FurnaceSettings,
    YudianAI518PSettings,
)
from robot.device_settings.instruments import (
    IkaRctSettings,
    Keithley2400Settings,
    MettlerBalanceSettings,
    OpenCvCameraSettings,
)
from robot.device_settings.powders import PowderDiffractometerSettings, PowderDoserSettings, PowderHandlerSettings
from robot.device_settings.pumps import CavroSettings, NewEraNE1000Settings
from robot.device_settings.tip_pipettes import GantryPipetteSettings, OpentronsOT2Settings

DeviceSettings = Annotated[
    ArmSettings
    | CavroSettings
    | NewEraNE1000Settings
    | OpentronsOT2Settings
    | GantryPipetteSettings
    | Eurotherm2416Settings
    | Eurotherm3216PSettings
    | EurothermEPC3016Settings
    | YudianAI518PSettings
    | Keithley2400Settings
    | MettlerBalanceSettings
    | IkaRctSettings
    | PowderDoserSettings
    | PowderHandlerSettings
    | PowderDiffractometerSettings
    | VialCapperSettings
    | OpenCvCameraSettings,
    Field(discriminator="model"),
]

__all__ = [
    "ArmSettings",
    "CavroSettings",
    "DeviceSettings",
    "DobotMagicianSettings",
    "Eurotherm2416Settings",
    "Eurotherm3216PSettings",
    "EurothermEPC3016Settings",
    "EurothermSettings",
    "FurnaceSettings",
    "GantryPipetteSettings",
    "GrblGantrySettings",
    "IkaRctSettings",
    "Keithley2400Settings",
    "MettlerBalanceSettings",
    "NewEraNE1000Settings",
    "OpenCvCameraSettings",
    "OpentronsOT2Settings",
    "PowderDiffractometerSettings",
    "PowderDoserSettings",
    "PowderHandlerSettings",
    "PreciseFlexPf400Settings",
    "SmoothieGantrySettings",
    "UrESeriesSettings",
    "VialCapperSettings",
    "YudianAI518PSettings",
]
