"""What the stocks and powders of a bench are like: how much they weigh, how much room they take, how much heat they bear."""

from hardware_sim.world.liquid import DENSITY_MG_PER_UL, Liquid
from hardware_sim.world.powder import BULK_DENSITY_MG_PER_UL, Powder
from hardware_sim.world.vessel import Vessel
from robot.config import LabConfig


class Matter:
    """Looked up in a lab file."""

    def __init__(self, lab: LabConfig) -> None:
        self._lab = lab

    def mass_mg(self, liquid: Liquid) -> float:
        """What a liquid weighs."""
        return sum(
            volume_ul * DENSITY_MG_PER_UL.get(self._solvent(stock), 1.0) for stock, volume_ul in liquid.parts_ul.items()
        )

    def solids_mg(self, liquid: Liquid) -> dict[str, float]:
        """Mass of each ink's solids in a liquid."""
        inks = {name: stock for name, stock in self._lab.stocks.items() if stock.concentration_mg_per_ml}
        return {name: liquid.parts_ul.get(name, 0.0) / 1000 * ink.concentration_mg_per_ml for name, ink in inks.items()}

    def bulk_volume_ul(self, powder: Powder) -> float:
        """How much room a loose powder takes."""
        known = {store.phase: store.bulk_density_g_per_ml for store in self._lab.powders.values()}
        return sum(mass_mg / known.get(phase, BULK_DENSITY_MG_PER_UL) for phase, mass_mg in powder.parts_mg.items())

    def bears_c(self, vessel: Vessel) -> float:
        """How hot a vessel may become: its cap is weaker than its glass, and a closed one bursts when something in it boils."""
        limits_c = [vessel.ware.max_temperature_c]
        if vessel.cap != "none" and vessel.ware.cap is not None:
            limits_c.append(vessel.ware.cap.max_temperature_c)
        if vessel.cap == "tight":
            materials = [self._lab.materials.find(self._solvent(stock)) for stock in vessel.contents.parts_ul]
            limits_c += [found.boils_c for found in materials if found is not None and found.boils_c is not None]
        return min(limits_c)

    def _solvent(self, stock: str) -> str:
        return self._lab.stocks[stock].solvent or stock
