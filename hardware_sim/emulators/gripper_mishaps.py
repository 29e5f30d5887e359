"""What befalls what an arm holds, or should: the same for every model, for none of them feels it in its motors."""

from hardware_sim.faults import suffers
from hardware_sim.world.tool import Carriage

BUSY_S = 8.0
"""How long somebody else keeps an arm busy (assumed)."""
RELEASED_AFTER_S = 60.0
"""How long an emergency stop stays pressed (assumed)."""


class GripperMishaps:
    """For emulators of arms: each strikes at the next occasion."""

    tool: Carriage

    @suffers("missing-vessel")
    def miss_next(self) -> None:
        """What it closes on next is not there."""
        self.tool.befall("is missing")

    @suffers("slips")
    def slip_next(self) -> None:
        """What it carries, or carries next, falls."""
        self.tool.befall("slips")

    @suffers("stuck-vessel")
    def stick_next(self) -> None:
        """What it lets go next stays in it until it opens again."""
        self.tool.befall("sticks")


class StepperMishaps(GripperMishaps):
    """For those that count the steps of their motors: nothing tells them of a lost one."""

    @suffers("lost-steps")
    def lose_steps(self) -> None:
        """Its motors skip, and it does not notice."""
        self.tool.lose_steps()

    def _bump(self) -> None:
        """Against something, with steps lost there."""
        self.tool.bump()
        self.tool.lose_steps()
