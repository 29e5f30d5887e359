"""Which emulator answers for which model."""

from collections.abc import Callable, Mapping
from typing import Any

from hardware_sim.emulators.base import AnyEmulator
from hardware_sim.emulators.cavro import CavroEmulator
from hardware_sim.emulators.dobot_magician import DobotMagicianEmulator
from hardware_sim.emulators.eurotherm_2416 import Eurotherm2416Emulator
from hardware_sim.emulators.eurotherm_3216p import Eurotherm3216PEmulator
from hardware_sim.emulators.eurotherm_epc3016 import EurothermEPC3016Emulator, EurothermEPC3016OnEthernet
from hardware_sim.emulators.gantry_pipette import GantryPipetteEmulator
from hardware_sim.emulators.grbl_gantry import GrblGantryEmulator
from hardware_sim.emulators.ika_rct_digital import IkaRctDigitalEmulator
from hardware_sim.emulators.keithley_2400 import Keithley2400Emulator
from hardware_sim.emulators.mettler_mt_sics import MettlerMtSicsEmulator
from hardware_sim.emulators.new_era_ne1000 import NewEraNE1000Emulator
from hardware_sim.emulators.opencv_camera import OpenCvCameraEmulator
from hardware_sim.emulators.opentrons_ot2 import OpentronsOT2Emulator
from hardware_sim.emulators.powder_diffractometer import PowderDiffractometerEmulator
from hardware_sim.emulators.powder_doser import PowderDoserEmulator
from hardware_sim.emulators.powder_handler import PowderHandlerEmulator
from hardware_sim.emulators.preciseflex_pf400 import PreciseFlexPf400Emulator
from hardware_sim.emulators.smoothie_gantry import SmoothieGantryEmulator
from hardware_sim.emulators.ur_eseries import UrESeriesEmulator
from hardware_sim.emulators.vial_capper import VialCapperEmulator
from hardware_sim.emulators.yudian_ai518p import YudianAI518PEmulator
from hardware_sim.world.world import World
from robot.device_settings import DeviceSettings
from robot.settings import Wired

EMULATORS: Mapping[str, Callable[[str, World, Any], AnyEmulator]] = {
    "cavro_xcalibur": CavroEmulator,
    "cavro_xlp_6000": CavroEmulator,
    "dobot_magician": DobotMagicianEmulator,
    "eurotherm_2416": Eurotherm2416Emulator,
    "eurotherm_3216p": Eurotherm3216PEmulator,
    "eurotherm_epc3016": EurothermEPC3016Emulator,
    "gantry_pipette": GantryPipetteEmulator,
    "grbl_gantry": GrblGantryEmulator,
    "ika_rct_digital": IkaRctDigitalEmulator,
    "keithley_2400": Keithley2400Emulator,
    "mettler_mt_sics": MettlerMtSicsEmulator,
    "new_era_ne1000": NewEraNE1000Emulator,
    "opencv": OpenCvCameraEmulator,
    "opentrons_ot2": OpentronsOT2Emulator,
    "powder_diffractometer": PowderDiffractometerEmulator,
    "powder_doser": PowderDoserEmulator,
    "powder_handler": PowderHandlerEmulator,
    "preciseflex_pf400": PreciseFlexPf400Emulator,
    "smoothie_gantry": SmoothieGantryEmulator,
    "ur_eseries": UrESeriesEmulator,
    "vial_capper": VialCapperEmulator,
    "yudian_ai518p": YudianAI518PEmulator,
}


def emulator_for(settings: DeviceSettings | Wired) -> Callable[[str, World, Any], AnyEmulator]:
    """Choose the class of emulator; it takes a name, the world and the settings."""
    if getattr(settings, "is_on_ethernet", False):
        return EurothermEPC3016OnEthernet
    return EMULATORS[settings.model]
