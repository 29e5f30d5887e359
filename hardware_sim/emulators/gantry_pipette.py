"""A gantry pipette: a GRBL gantry and a Cavro pump, each on its line, which move one nozzle and what is in its tip."""

from collections import Counter
from collections.abc import Mapping

from hardware_sim.emulators.base import Emulator
from hardware_sim.emulators.cavro import CavroEmulator
from hardware_sim.emulators.grbl_gantry import GrblGantryEmulator, where_powered_up
from hardware_sim.faults import suffers
from hardware_sim.world.tips import Nozzle, TipColumn
from hardware_sim.world.world import World
from robot.device_settings import GantryPipetteSettings


class GantryPipetteEmulator:
    """Both far sides, unchanged; what they do to the world is one."""

    def __init__(self, name: str, world: World, settings: GantryPipetteSettings) -> None:
        self.acts: Counter[str] = Counter()
        self.nozzle = Nozzle(name, world, where_powered_up(settings.gantry), settings)
        self.plumbing = TipColumn(name, world, settings.pump.syringe_ul, self.nozzle)
        gantry = GrblGantryEmulator(f"{name}-gantry", world, settings.gantry, self.nozzle)
        pump = CavroEmulator(f"{name}-pump", world, settings.pump, self.plumbing)
        gantry.acts = pump.acts = self.acts
        self.parts: Mapping[str, Emulator] = {"gantry": gantry, "pump": pump}

    @suffers("missing-tip")
    def miss_next_tip(self) -> None:
        """Where it presses into a tip next, none stands; neither part feels it."""
        self.nozzle.befall("is missing")

    @suffers("stuck-tip")
    def stick_next_tip(self) -> None:
        """The next tip that should be stripped stays on."""
        self.nozzle.befall("sticks")

    def state(self) -> dict[str, object]:
        """What both parts believe."""
        return {name: part.state() for name, part in self.parts.items()}
