"""What befalls an Opentrons OT-2: it feels neither tip nor liquid, and forgets its runs when it starts anew."""

from abc import ABC, abstractmethod

from hardware_sim.emulators.syringe_ailments import AilingSyringe
from hardware_sim.faults import suffers
from hardware_sim.world.world import World

BUSY_S = 8.0  # while somebody has pressed play (assumed)
STARTS_WITHIN_S = 40.0  # until its server answers again (assumed; real ones take a minute)


class AilingOT2(AilingSyringe, ABC):
    """The part of its emulator that suffers."""

    _world: World
    _busy_until_s = _off_until_s = 0.0
    _refuses_next = _tip_is_missing = _tip_sticks = False

    @abstractmethod
    def _forget(self) -> None:
        """Stand still, know nothing of runs, tip and plunger."""

    @suffers("busy")
    def be_played_with(self) -> None:
        """Somebody starts a protocol at its app: no command is taken for a while."""
        self._busy_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def fail_next(self) -> None:
        """Its motor board alarms at the next command, before anything moves."""
        self._refuses_next = True

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Start anew: silent for a while, then without its runs. A tip stays on."""
        self._forget()
        self._off_until_s = self._world.now_s + STARTS_WITHIN_S

    @suffers("missing-tip")
    def find_no_tip(self) -> None:
        """Where the next tip should stand there is none; it cannot feel that."""
        self._tip_is_missing = True

    @suffers("stuck-tip")
    def keep_tip(self) -> None:
        """The next tip that it drops stays on; it cannot feel that."""
        self._tip_sticks = True
