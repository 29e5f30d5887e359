"""A plate that heats and stirs the vessel on it, stepped once a second (explicit Euler).

All figures are assumed, chosen together for a 600 W plate that brings 10 ml from the room to 60 °C in some minutes.
"""

from collections.abc import Iterable

from hardware_sim.world.liquid import Liquid
from hardware_sim.world.vessel import Vessel
from hardware_sim.world.world import World

POWER_W = 600.0
PLATE_J_PER_K = 900.0
PLATE_LOSS_W_PER_K = 1.0
STILL_W_PER_K, STIRRED_W_PER_K = 0.4, 1.2  # plate to vessel
VESSEL_LOSS_W_PER_K = 0.04
LIQUID_J_PER_MG_K, GLASS_J_PER_MG_K = 2.0e-3, 0.8e-3  # between chlorobenzene's 1.3 and water's 4.2; glass
HOTTEST_PLATE_C = 310.0
LEAD = 3.0  # kelvins that the plate leads for one that the probe lacks
MOST_LEAD_K = 80.0
FULL_POWER_K = 20.0  # lack of plate temperature at which all power is on
TRIM_PER_S, MOST_TRIM_K, TRIM_WITHIN_K = 2e-3, 10.0, 5.0  # slow correction of what is left
SPIN_UP = 0.5  # share of the lacking speed that a second makes good


class Hotplate:
    """Heater, stirrer and the vessel on top, moved on by whole seconds since the clock's epoch when somebody looks."""

    def __init__(self, name: str, world: World, has_probe: bool) -> None:
        self.target_c = 20.0
        self.target_rpm = 50.0
        self.is_heating = False
        self.is_stirring = False
        self.is_stalled = False
        """Has the stirring bar lost the magnet?"""
        self.is_cut_off = False
        """Has the safety circuit opened?"""
        self.speed_rpm = 0.0
        self._name = name
        self._world = world
        self._has_probe = has_probe
        self._spot = next((spot for spot in world.bench.spots.values() if spot.inside == name), None)
        self.plate_c = self._vessel_c = self._ambient_c = world.settings.ambient_c
        self._vessel: Vessel | None = None
        self._trim_k = 0.0
        self._seconds = 0

    @property
    def probe_c(self) -> float:
        """What a probe feels: the vessel's contents, or the room."""
        return self._vessel_c

    def switch(self, *, heater: bool | None = None, motor: bool | None = None) -> None:
        """Switch on or off; None leaves as it is."""
        self.advance()
        if heater is not None:
            self.is_heating = heater
        if motor is not None and motor != self.is_stirring:
            self.is_stirring = motor
            vessel = self._vessel and self._vessel.name
            self._world.note("stirring" if motor else "stirred", device=self._name, vessel=vessel)

    def advance(self) -> None:
        """Let all whole seconds up to now pass."""
        top = self._spot.top if self._spot is not None else None
        if top is not self._vessel:  # what was put here had the room's temperature (assumed)
            self._vessel, self._vessel_c, self._trim_k = top, self._ambient_c, 0.0
        for _ in range(int(self._world.now_s) - self._seconds):
            self._step()
        self._seconds = int(self._world.now_s)

    def liquids(self) -> Iterable[Liquid]:
        """None: the vessel keeps its own."""
        return ()

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        self.advance()
        return {
            "plate_c": self.plate_c,
            "vessel_c": self._vessel_c,
            "speed_rpm": self.speed_rpm,
            "vessel": self._vessel and self._vessel.name,
        }

    def _step(self) -> None:
        turns = self.is_stirring and not self.is_stalled
        self.speed_rpm += SPIN_UP * ((self.target_rpm if turns else 0.0) - self.speed_rpm)
        loss_w = PLATE_LOSS_W_PER_K * (self.plate_c - self._ambient_c)
        passed_w = self._warm_vessel() if self._vessel is not None else 0.0
        if self._vessel is not None and self._vessel_c > self._world.matter.bears_c(self._vessel):
            self._world.crack(self._vessel)
            self._vessel = None
        self.plate_c += (self._power_w() - loss_w - passed_w) / PLATE_J_PER_K

    def _warm_vessel(self) -> float:
        """Let a second of heat pass into the vessel; return how much the plate gave."""
        assert self._vessel is not None
        exchange_w_per_k = STIRRED_W_PER_K if self.speed_rpm > 40.0 else STILL_W_PER_K
        passed_w = exchange_w_per_k * (self.plate_c - self._vessel_c)
        lost_w = VESSEL_LOSS_W_PER_K * (self._vessel_c - self._ambient_c)
        liquid_mg = self._world.matter.mass_mg(self._vessel.contents)
        capacity_j_per_k = LIQUID_J_PER_MG_K * liquid_mg + GLASS_J_PER_MG_K * max(self._vessel.ware.mass_mg, 1000.0)
        self._vessel_c += (passed_w - lost_w) / capacity_j_per_k
        return passed_w

    def _power_w(self) -> float:
        """A probe leads the plate; without one the plate itself is brought to the target."""
        if not self.is_heating or self.is_cut_off:
            return 0.0
        wanted_c = self.target_c
        if self._has_probe:
            lack_k = self.target_c - self._vessel_c
            if abs(lack_k) < TRIM_WITHIN_K:
                self._trim_k = max(-MOST_TRIM_K, min(self._trim_k + TRIM_PER_S * lack_k, MOST_TRIM_K))
            wanted_c += min(LEAD * lack_k, MOST_LEAD_K) + self._trim_k
        share = (min(wanted_c, HOTTEST_PLATE_C) - self.plate_c) / FULL_POWER_K
        return POWER_W * max(0.0, min(share, 1.0))
