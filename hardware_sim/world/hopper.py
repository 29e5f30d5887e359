"""A hopper over a vibrating chute: how much falls when it shakes, which is never quite what one thinks."""

from math import exp

import numpy as np

from hardware_sim.world.powder import Powder

GAINS = (0.7, 1.35)
"""What falls over what should, by the powder's flow: the same for all of a hopper's life (assumed)."""
SCATTER = 0.12
"""Standard deviation of the logarithm, from one shake to the next (assumed)."""


class Hopper:
    """A powder in store that can be shaken out; `is_clogged` and nothing falls, however long."""

    def __init__(self, powder: Powder, rng: np.random.Generator) -> None:
        self.powder = powder
        self.is_clogged = False
        self._rng = rng
        self._gain = float(rng.uniform(*GAINS))

    def shake_out(self, nominal_mg: float) -> Powder:
        """Shake so long and so strongly that about `nominal_mg` should fall; return what did."""
        scatter = exp(SCATTER * float(self._rng.standard_normal()))
        return Powder() if self.is_clogged else self.powder.take(nominal_mg * self._gain * scatter)
