"""What there is room for on the bench just now, as limits for the designer: stocks, furnace programmes, time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from planning.design.space import LinearConstraint
from planning.design.within import Within
from planning.inventory import ink_volumes_ul, liquid_volumes_ul, powder_masses_mg
from planning.protocol.document import Mixture, Protocol
from planning.protocol.expressions import names_in
from planning.protocol.fields import Action, FormulaText, formulas_in
from planning.protocol.liquids import Dose
from planning.protocol.powders import DosePowder
from planning.protocol.treatments import Heat
from planning.samples import Sample
from robot.config import LabConfig


@dataclass(frozen=True)
class Room:
    """A recipe on a bench."""

    protocol: Protocol
    lab: LabConfig

    def within(self, begun: Sequence[Sample], batch: int, shared: Sequence[str], conditions: Sequence[str]) -> Within:
        """The limits of the next batch, whose samples share evenly what those that have begun leave in store."""
        left = {name: amount / batch for name, amount in self._left(begun).items()}
        limits = [limit for action in self.protocol.actions() for limit in self._limits(action, left)]
        return Within(shared, limits, conditions)

    def programme_parameters(self) -> list[str]:
        """The parameters from which furnace programmes follow: samples that are alike in them may share a firing."""
        heats = [action for action in self.protocol.actions() if isinstance(action, Heat)]
        names = [name for action in heats for formula in formulas_in(action) for name in sorted(names_in(formula))]
        return [name for name in dict.fromkeys(names) if name in self.protocol.parameters]

    def _left(self, begun: Sequence[Sample]) -> dict[str, float]:
        """µl of stocks and mg of powders that are left, when all that has begun has taken its share."""
        stocks = {name: 1000 * (store.volume_ml - store.dead_volume_ml) for name, store in self.lab.stocks.items()}
        left = {**stocks, **{name: 1000 * store.mass_g for name, store in self.lab.powders.items()}}
        taken: Counter[str] = Counter()
        for sample in begun:
            for _, step in sample.bound.named_steps():
                for action in vars(step).values():
                    taken.update(self._taken(action))
        return {name: max(amount - taken[name], 0.0) for name, amount in left.items()}

    def _taken(self, action: object) -> Mapping[str, float]:
        match action:
            case Dose(liquid=str(liquid), volume_ul=float(volume_ul)):
                return liquid_volumes_ul(liquid, volume_ul, self.lab)
            case Dose(blend=dict(blend), volume_ul=float(volume_ul), leave_out_below=least):
                return ink_volumes_ul(blend, volume_ul, least, self.lab)[0]
            case DosePowder(powder=str(powder), mass_mg=float(mass_mg)):
                return {powder: mass_mg}
            case DosePowder(blend=dict(blend), mass_mg=float(mass_mg), leave_out_below=least):
                return powder_masses_mg(blend, mass_mg, least, self.lab)
        return {}

    def _limits(self, action: Action, left: Mapping[str, float]) -> Iterator[LinearConstraint]:
        """Of a blend that is a parameter, in an amount that is given: no part may need more than there is.

        With fractions w, concentrations c and volume V a stock's share is V·(w_i/c_i)/Σ(w_j/c_j): linear in w, once
        multiplied by the sum.
        """
        match action:
            case Dose(blend=FormulaText() as blend, volume_ul=float(amount)):
                per_share = {
                    name: 1.0 / c for name, store in self.lab.stocks.items() if (c := store.concentration_mg_per_ml)
                }
            case DosePowder(blend=FormulaText() as blend, mass_mg=float(amount)):
                per_share = dict.fromkeys(self.lab.powders, 1.0)
            case _:
                return
        mixture = blend.removeprefix("$")
        parameter = self.protocol.parameters.get(mixture)
        if not isinstance(parameter, Mixture) or not set(parameter.mixture_of) <= set(per_share):
            return
        for part in parameter.mixture_of:
            sums = {f"{mixture}.{other}": left[part] * per_share[other] for other in parameter.mixture_of}
            sums[f"{mixture}.{part}"] -= amount * per_share[part]
            if min(sums.values()) >= 0:  # all of it could be of this part
                continue
            scale = max(map(abs, sums.values()))
            yield LinearConstraint({name: size / scale for name, size in sums.items()}, lower=0.0)
