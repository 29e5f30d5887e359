"""What heat makes of a powder: competing reactions, each after Avrami and Arrhenius. SYNTHETIC, as `reactions` says.

Each reaction collects its own progress, the integral of its rate over the crucible's temperatures. Of what could still
react by it, the share 1 - exp(-Δ) does in each minute, with Δ by how much its progress to the power of its exponent has
grown: alone and at one temperature this is Avrami's law. Reactions that want more of a powder than there is share it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hardware_sim.world.powder import Powder
from hardware_sim.world.reactions import GAS_J_PER_MOL_K, REACTIONS, Rate, ReactionName, dalton

Floats = NDArray[np.float64]

STEP_S = 60
COLD_C = 250.0
"""Nothing reacts below."""
OXIDISING = ("air", "oxygen")
INERT_FACTOR = 8.0
"""How much faster oxygen leaves where there is none."""
HINDERED_FACTOR = 0.02
UNMIXED_FACTOR = 0.03
"""How much slower powders react that lie in layers."""
FIRING_STD = 0.1
"""Of the logarithm of all rates of one firing: no two crucibles stand alike."""
CAKES_ABOVE_C = 500.0
CAKED_LOOSE_FRACTION = 0.1
"""Of what was fired hotter than that, so much still falls out of the crucible by itself."""


class Chemistry:
    """All reactions there are, as arrays: P solids, R reactions.

    Args:
        rates: by reaction, instead of those in the table.
    """

    def __init__(self, rates: Mapping[ReactionName, Rate]) -> None:
        self._names = list(REACTIONS)
        reactions = list(REACTIONS.values())
        self._solids = sorted({solid for reaction in reactions for solid in reaction.solids})
        self._gases = sorted({gas for reaction in reactions for gas in reaction.gases})
        found = [rates.get(name, reaction.rate) for name, reaction in REACTIONS.items()]
        self._k0_per_s = np.array([rate.k0_per_s for rate in found])
        self._activation_k = np.array([rate.activation_kj_per_mol for rate in found]) * 1000 / GAS_J_PER_MOL_K
        self._exponents = np.array([rate.exponent for rate in found])
        self._units = np.array([[reaction.solids.get(solid, 0.0) for solid in self._solids] for reaction in reactions])
        """(R, P) formula units made, or if negative consumed."""
        self._molecules = np.array([[reaction.gases.get(gas, 0.0) for gas in self._gases] for reaction in reactions])
        self._contact = np.array([reaction.needs_contact for reaction in reactions])
        self._hindered = np.array([reaction.is_hindered_by_oxygen for reaction in reactions])
        self._oxygen = np.array([reaction.gases.get("O2", 0.0) for reaction in reactions])
        self._solid_dalton = np.array([dalton(solid) for solid in self._solids])
        self._gas_dalton = np.array([dalton(gas) for gas in self._gases])

    def fire(self, powder: Powder, temperatures_c: Floats, atmosphere: str, haste: float = 1.0) -> dict[str, float]:
        """Let a powder react; return the mg of each gas that it gave off, negative if it took it up.

        Args:
            powder: its phases change; those without a reaction stay.
            temperatures_c: (T,) of the crucible, one a second.
            atmosphere: the gas around it.
            haste: multiplies all rates: what this firing has of its own.
        """
        mmol = np.array([powder.parts_mg.get(solid, 0.0) for solid in self._solids]) / self._solid_dalton
        progress = np.array([powder.progress.get(name, 0.0) for name in self._names])
        extents = np.zeros(len(self._names))
        for growth in self._growths(temperatures_c) * (haste * self._factors(atmosphere, powder.mixed_fraction)):
            done = self._step(mmol, progress, growth)
            mmol = np.maximum(mmol + done @ self._units, 0.0)
            extents += done
        if extents.any():
            masses_mg = dict(zip(self._solids, (mmol * self._solid_dalton).tolist(), strict=True))
            powder.parts_mg = {
                solid: mass_mg for solid, mass_mg in (powder.parts_mg | masses_mg).items() if mass_mg > 0
            }
        powder.progress = {name: value for name, value in zip(self._names, progress.tolist(), strict=True) if value > 0}
        if temperatures_c.size and temperatures_c.max() > CAKES_ABOVE_C:
            powder.loose_fraction = min(powder.loose_fraction, CAKED_LOOSE_FRACTION)
        gases_mg = extents @ self._molecules * self._gas_dalton
        return dict(zip(self._gases, gases_mg.tolist(), strict=True))

    def _growths(self, temperatures_c: Floats) -> Floats:
        """(M, R) by how much progress grows in each warm minute."""
        padding = -temperatures_c.size % STEP_S
        minutes_c = np.pad(temperatures_c, (0, padding), constant_values=0.0).reshape(-1, STEP_S)
        warm_c = minutes_c[minutes_c.max(axis=1) > COLD_C]
        inverse_k = 1 / (warm_c[:, :, None] + 273.15)
        growths: Floats = (self._k0_per_s * np.exp(-self._activation_k * inverse_k)).sum(axis=1)
        return growths

    def _factors(self, atmosphere: str, mixed_fraction: float) -> Floats:
        """(R,) what gas and mixing make of the rates."""
        contact = np.where(self._contact, UNMIXED_FACTOR + (1 - UNMIXED_FACTOR) * mixed_fraction, 1.0)
        if atmosphere in OXIDISING:
            gas = np.where(self._hindered, HINDERED_FACTOR, 1.0)
        else:
            gas = np.where(self._oxygen < 0, 0.0, np.where(self._oxygen > 0, INERT_FACTOR, 1.0))
        factors: Floats = contact * gas
        return factors

    def _step(self, mmol: Floats, progress: Floats, growth: Floats) -> Floats:
        """(R,) how many mmol of each reaction happen now; `progress` goes on."""
        consumed = np.maximum(-self._units, 0.0)
        possible = np.where(consumed > 0, mmol / np.where(consumed > 0, consumed, 1.0), np.inf).min(axis=1)
        before = progress**self._exponents
        progress += growth * (possible > 0)
        wanted = possible * -np.expm1(before - progress**self._exponents)
        demand = wanted @ consumed
        supply = np.divide(mmol, demand, out=np.ones_like(mmol), where=demand > mmol)
        shares = np.where(consumed > 0, supply, 1.0).min(axis=1)
        done: Floats = wanted * shares
        return done
