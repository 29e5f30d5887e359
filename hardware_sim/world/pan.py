"""A weighing pan under the places inside a balance."""

from collections.abc import Iterable, Sequence
from math import exp, inf

from hardware_sim.world.bench import Spot
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.world import World

SETTLING_S = 2.5  # from the last disturbance until a balance calls its reading stable (assumed)
LAG_S = 0.4  # of the reading behind the load (assumed)
DRIFT_MG_PER_S = 0.02  # too slow for a balance to notice (assumed)
SHAKE_MG = 5.0  # of a pan in a draught (assumed)
REPEATABILITY_MG = 0.07  # standard deviation, as makers promise of four-place balances


class Pan:
    """What rests on a balance, and how far the balance has come to rest.

    Args:
        name: the device it belongs to.
        world: where the places are.
        spots: what it bears; all places inside the device if left out.
    """

    def __init__(self, name: str, world: World, spots: Sequence[Spot] | None = None) -> None:
        self._world = world
        self._spots = [spot for spot in world.bench.spots.values() if spot.inside == name] if spots is None else spots
        self._rng = world.rng(name)
        self._rested_mg = 0.0
        self.is_shaken = False
        self.drifts_from_s = inf
        """Since when the reading creeps."""

    @property
    def load_mg(self) -> float:
        """All that stands there."""
        return sum(self._world.weight_mg(vessel) for spot in self._spots for vessel in spot.vessels)

    @property
    def rests_from_s(self) -> float:
        """When it will be, or was, at rest."""
        return max((spot.disturbed_s for spot in self._spots), default=0.0) + SETTLING_S

    @property
    def is_at_rest(self) -> bool:
        """Is a reading stable?"""
        return not self.is_shaken and self._world.now_s >= self.rests_from_s

    def sense_mg(self) -> float:
        """Take a reading: what it shows, with noise, on its way from the last rest to the load."""
        if self.is_at_rest:
            self._rested_mg = self.load_mg
        lag = exp(-(self._world.now_s - self.rests_from_s + SETTLING_S) / LAG_S)
        shown_mg = self.load_mg + (self._rested_mg - self.load_mg) * lag
        crept_mg = DRIFT_MG_PER_S * max(self._world.now_s - self.drifts_from_s, 0.0)
        noise_mg = SHAKE_MG if self.is_shaken else REPEATABILITY_MG
        return shown_mg + crept_mg + noise_mg * float(self._rng.standard_normal())

    def liquids(self) -> Iterable[Liquid]:
        """None: vessels keep theirs."""
        return ()

    def state(self) -> dict[str, object]:
        """What lies on it."""
        return {"load_mg": self.load_mg, "is_at_rest": self.is_at_rest}
