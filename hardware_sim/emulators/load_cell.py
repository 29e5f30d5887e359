"""A load cell under a place: a pan, read in whole counts, once at each instant."""

from collections.abc import Callable, Sequence

from hardware_sim.world.bench import Spot
from hardware_sim.world.pan import Pan
from hardware_sim.world.world import World

LEAST_LOAD_MG = 1000.0  # that passes for a vessel (assumed)
READABILITY_UG = 100


class LoadCell:
    """What a device knows of the mass on its places.

    Args:
        name: the device it belongs to.
        world: where the places are.
        spots: what it bears; all places inside the device if left out.
    """

    def __init__(self, name: str, world: World, spots: Sequence[Spot] | None = None) -> None:
        self._pan = Pan(name, world, spots)
        world.bodies[name] = self._pan
        self._name = name
        self._world = world
        self._sample = (-1.0, 0)

    @property
    def load_ug(self) -> int:
        """What it bears: one sample at each instant."""
        if self._sample[0] != self._world.now_s:
            rounded = round(self._pan.sense_mg() * 1000 / READABILITY_UG) * READABILITY_UG
            self._sample = (self._world.now_s, max(rounded, 0))
        return self._sample[1]

    @property
    def has_vessel(self) -> bool:
        """Does something stand on it?"""
        return self.load_ug >= LEAST_LOAD_MG * 1000

    def gained_ug(self, empty_ug: int | None) -> int | None:
        """What it bears more than `empty_ug`; None if nobody can know, nothing if it was not weighed before."""
        if not self.has_vessel:
            return None
        return 0 if empty_ug is None else max(self.load_ug - empty_ug, 0)

    def when_at_rest(self, act: Callable[[], None]) -> None:
        """Do something as soon as a reading is stable."""
        self._world.agenda.at(max(self._pan.rests_from_s, self._world.now_s), self._name, act)
