"""The oven behind each furnace's controller."""

from pathlib import Path

from hardware_sim.world.chamber import CUT_OUT_ABOVE_C, Oven
from hardware_sim.world.oven_kinds import OVENS
from hardware_sim.world.settings import SimulationSettings
from robot.config import LabConfig
from robot.device_settings import FurnaceSettings
from robot.files import FileProblem, Problem


def ovens_of(lab: LabConfig, settings: SimulationSettings) -> dict[str, Oven]:
    """Build the ovens of a bench, by the names of their controllers.

    Raises:
        FileProblem: `simulation: ovens:` names what is no furnace.
    """
    furnaces = {name: device for name, device in lab.devices.items() if isinstance(device, FurnaceSettings)}
    strangers = [name for name in settings.ovens if name not in furnaces]
    if strangers:
        known = f"There are {', '.join(furnaces)}" if furnaces else "There is none"
        problems = [Problem(f"simulation.ovens.{name}", "no furnace is called so", known) for name in strangers]
        raise FileProblem(Path("lab.yaml"), problems)
    return {
        name: Oven(
            settings.ambient_c,
            device.max_temperature_c + CUT_OUT_ABOVE_C,
            OVENS[settings.ovens.get(name, "bench")],
            device.atmosphere,
        )
        for name, device in furnaces.items()
    }
