"""A four-point probe that rests on whatever plate lies on its stage."""

from collections.abc import Iterable
from math import inf, log, pi

from hardware_sim.world.liquid import Liquid
from hardware_sim.world.world import World

CONTACT_OHM = 50.0  # of each pair of tips: seen by two wires, not by four (assumed)


class Stage:
    """The places inside a source meter; the first is under the probe's four collinear tips."""

    def __init__(self, name: str, world: World) -> None:
        self.is_lifted = False
        """Are the tips off whatever lies there?"""
        self._world = world
        self._spot = next((spot for spot in world.bench.spots.values() if spot.inside == name), None)

    def resistance_ohm(self) -> float:
        """Inner voltage over outer current; infinite without a dry, conducting film.

        Collinear tips on a large thin film: R_s = (π / ln 2) · (V / I), σ = 1 / (R_s · t). The film is as thick as its
        solids, spread over the plate, make it.
        """
        plate = self._spot.top if self._spot is not None else None
        if plate is None or self.is_lifted:
            return inf
        self._world.settle(plate)
        if plate.film is None or plate.film_kind != "dry":
            return inf
        solids_mg = sum(self._world.matter.solids_mg(plate.film.cast).values())
        thickness_cm = solids_mg / self._world.settings.film.density_mg_per_mm3 / plate.area_mm2 / 10
        sheet_s = self._world.conductivity_s_per_cm(plate.film) * thickness_cm
        return inf if sheet_s == 0 else log(2) / pi / sheet_s

    def liquids(self) -> Iterable[Liquid]:
        """None."""
        return ()

    def state(self) -> dict[str, object]:
        """What the probe's tips touch."""
        resistance_ohm = self.resistance_ohm()
        return {"resistance_ohm": None if resistance_ohm == inf else resistance_ohm}
