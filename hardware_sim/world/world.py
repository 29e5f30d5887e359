"""The one physical world that all emulators of a bench share."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from hardware_sim.faults import Fault
from hardware_sim.world.agenda import Agenda
from hardware_sim.world.bench import Bench, Spot
from hardware_sim.world.film import FilmTruth
from hardware_sim.world.firing import FIRING_STD, Chemistry
from hardware_sim.world.liquid import Liquid, sum_of
from hardware_sim.world.log import TruthLog
from hardware_sim.world.matter import Matter
from hardware_sim.world.mixture import mix_in
from hardware_sim.world.ovens import ovens_of
from hardware_sim.world.powder import Powder, sum_of_powders
from hardware_sim.world.settings import SimulationSettings
from hardware_sim.world.vessel import Film, Vessel
from robot.config import LabConfig
from robot.geometry import BenchPoint


class Body(Protocol):
    """The part of a device that touches things."""

    def liquids(self) -> Iterable[Liquid]:
        """All liquid it holds."""

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""


class Hand(Protocol):
    """A body that can hold a vessel."""

    held: Vessel | None


class World:
    """Things, liquids, powders and heat; moved on to an instant only when somebody touches it.

    All that happens follows from the lab file, the seed, the faults and the timed requests. Each device draws from a
    generator of its own, and so does each film: the order of requests to two devices changes nothing.
    """

    def __init__(self, lab: LabConfig, seed: int, truth: FilmTruth, faults: Sequence[Fault], log: TruthLog) -> None:
        self.now_s = 0.0
        self.lab = lab
        self.settings = SimulationSettings.model_validate(lab.simulation)
        self.faults = faults
        self.matter = Matter(lab)
        self.agenda = Agenda()
        self.bench = Bench(lab)
        self.bench.fill(self.settings.powders_mg)
        self.stocks = {name: Liquid({name: stock.volume_ml * 1000}) for name, stock in lab.stocks.items()}
        self.waste, self.spilled, self.evaporated = Liquid(), Liquid(), Liquid()
        self.powders = {name: Powder({store.phase: store.mass_g * 1000}) for name, store in lab.powders.items()}
        """In store, by name: what the hopper of that powder holds."""
        self.spilled_powder = Powder()
        self.gases_mg: dict[str, float] = {}
        """What powders have given off so far, less what they took up."""
        self.lost: list[Vessel] = []
        self.bodies: dict[str, Body] = {}
        self.hands: list[Hand] = []
        self.ovens = ovens_of(lab, self.settings)
        self._seed = seed
        self._truth = truth
        self._log = log
        self._films = 0
        self._chemistry = Chemistry(self.settings.reactions)

    def advance_to(self, t_s: float) -> None:
        """Let everything happen that is due up to `t_s`; ovens follow when they are looked at."""
        while due := self.agenda.pop_due(t_s):
            self.now_s, event = due
            event.happen()
        self.now_s = max(self.now_s, t_s)

    def rng(self, owner: str, ordinal: int = 0) -> np.random.Generator:
        """A generator that depends on the seed and on whose it is, on nothing else."""
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(crc32(owner.encode()), ordinal)))

    def note(self, effect: str, **facts: object) -> None:
        """Write down what has just happened."""
        self._log.effect(self.now_s, effect, facts)

    # Things

    def pick(self, point: BenchPoint) -> Vessel | None:
        """Take away what a gripper that closes at `point` gets hold of."""
        spot = self.bench.spot_near(point)
        if spot is None or spot.top is None:
            return None
        vessel = spot.top
        if self._is_overheated(vessel):
            self.crack(vessel)
            return None
        spot.vessels.pop()
        spot.disturbed_s = self.now_s
        self._settle_heat(vessel)
        self.note("picked", vessel=vessel.name, site=spot.site, place=spot.place)
        return vessel

    def stands_at(self, point: BenchPoint) -> bool:
        """Is there something to be gripped at `point`?"""
        spot = self.bench.spot_near(point)
        return spot is not None and spot.top is not None

    def miss(self, point: BenchPoint) -> bool:
        """Close a gripper on nothing where something should be; False if nothing should.

        What is empty was never there; a full one stands a few millimetres off and stays.
        """
        spot = self.bench.spot_near(point)
        if spot is None or spot.top is None:
            return False
        vessel, is_empty = spot.top, not spot.top.contents.parts_ul and spot.top.film is None
        if is_empty:
            self.lost.append(spot.vessels.pop())
        self.note("missing" if is_empty else "missed", vessel=vessel.name, site=spot.site, place=spot.place)
        return True

    def take_away(self, name: str) -> None:
        """A person takes a vessel off the bench, wherever it is, and empties it.

        Raises:
            KeyError: no such vessel is on the bench.
        """
        vessel = self._out_of_a_hand(name) or self.bench.remove(name, self.now_s)
        self.settle(vessel)
        self.waste.add(vessel.contents.take(vessel.contents.volume_ul))
        self.spilled_powder.add(vessel.powder.take(vessel.powder.mass_mg))
        self.lost.append(vessel)
        self.note("taken away", vessel=name)

    def _out_of_a_hand(self, name: str) -> Vessel | None:
        for hand in self.hands:
            if hand.held is not None and hand.held.name == name:
                vessel, hand.held = hand.held, None
                return vessel
        return None

    def release(self, vessel: Vessel, point: BenchPoint) -> None:
        """Let go of a vessel at `point`: it stands, it falls, or it breaks what stands there."""
        spot = self.bench.spot_near(point)
        if spot is None or (spot.holds is not None and spot.holds != vessel.ware.name):
            self._lose(vessel, "dropped")
        elif spot.is_full:
            self._lose(vessel, "broken")
            self._lose(spot.vessels.pop(), "broken")
        else:
            self.settle(vessel)
            spot.vessels.append(vessel)
            spot.disturbed_s = self.now_s
            vessel.oven = None if spot.inside is None else self.ovens.get(spot.inside)
            vessel.entered_s = self.now_s
            self.note("placed", vessel=vessel.name, site=spot.site, place=spot.place)

    def settle(self, vessel: Vessel) -> None:
        """Let a vessel dry until now."""
        self.evaporated.add(vessel.settle(self.now_s, self.settings.ambient_c))

    def _settle_heat(self, vessel: Vessel) -> None:
        """Take a vessel out of where it stood: what heat did to it is now final."""
        self.settle(vessel)
        oven, vessel.oven = vessel.oven, None
        if oven is None:
            return
        temperatures_c = oven.temperatures_c(vessel.entered_s, self.now_s)
        if vessel.film is not None:
            (film := vessel.film).anneal(temperatures_c)
            self.note("heated", vessel=vessel.name, anneal_c=film.anneal_c, anneal_min=film.anneal_min)
        if vessel.powder.parts_mg and temperatures_c.size:
            self._fire(vessel, temperatures_c, oven.atmosphere)

    def _fire(self, vessel: Vessel, temperatures_c: NDArray[np.float64], atmosphere: str) -> None:
        haste = float(np.exp(FIRING_STD * self.rng(f"{vessel.name} firing", vessel.firings).standard_normal()))
        vessel.firings += 1
        gases_mg = self._chemistry.fire(vessel.powder, temperatures_c, atmosphere, haste)
        mix_in(self.gases_mg, gases_mg)
        facts = {"peak_c": float(temperatures_c.max()), "powder_mg": vessel.powder.state(), "gases_mg": gases_mg}
        self.note("reacted", vessel=vessel.name, **facts)

    def _is_overheated(self, vessel: Vessel) -> bool:
        """Has the oven it stands in been hotter than it bears?"""
        if vessel.oven is None:
            return False
        temperatures_c = vessel.oven.temperatures_c(vessel.entered_s, self.now_s)
        return bool(temperatures_c.size and temperatures_c.max() > self.matter.bears_c(vessel))

    def crack(self, vessel: Vessel) -> None:
        """Too hot for it: it breaks where it stands, and what is in it runs out."""
        spot = next(spot for spot in self.bench.spots.values() if vessel in spot.vessels)
        spot.vessels.remove(vessel)
        self._lose(vessel, "broken")

    def _lose(self, vessel: Vessel, how: str) -> None:
        self.settle(vessel)
        self.lost.append(vessel)
        self.note(how, vessel=vessel.name)
        self.spill(vessel.contents.take(vessel.contents.volume_ul))
        self.spill_powder(vessel.powder.take(vessel.powder.mass_mg))

    # Liquids

    def pour(self, liquid: Liquid, spot: Spot) -> None:
        """Let a liquid run onto what stands at a place; what finds no room, or a cap, is spilled."""
        vessel = spot.top
        if vessel is not None and vessel.is_open:
            spot.disturbed_s = self.now_s
            self.settle(vessel)
            poured = liquid.take(max(vessel.ware.capacity_ul - vessel.contents.volume_ul, 0.0))
            if vessel.ware.kind == "plate" and poured.parts_ul:
                self._cast(vessel, poured)
            vessel.contents.add(poured)
        self.spill(liquid)

    def spill(self, liquid: Liquid) -> None:
        """Lose a liquid to the bench."""
        if liquid.volume_ul > 0:
            self.note("spilled", volume_ul=liquid.volume_ul, parts_ul=liquid.state())
            self.spilled.add(liquid)

    def _cast(self, plate: Vessel, poured: Liquid) -> None:
        if plate.film is None:
            plate.film = Film(self._films, Liquid(), held_c=self.settings.ambient_c)
            self._films += 1
        plate.film.cast.add(poured)
        self.note("cast", vessel=plate.name, film=plate.film.ordinal, parts_ul=poured.state())

    # Powders

    def drop(self, powder: Powder, spot: Spot | None) -> None:
        """Let a powder fall into what stands at a place; what finds no room, or a cap, is spilled."""
        vessel = None if spot is None else spot.top
        if spot is not None and vessel is not None and vessel.is_open and powder.mass_mg > 0:
            spot.disturbed_s = self.now_s
            self.settle(vessel)
            room_ul = vessel.ware.capacity_ul - vessel.contents.volume_ul - self.matter.bulk_volume_ul(vessel.powder)
            vessel.powder.add(powder.take(powder.mass_mg * room_ul / self.matter.bulk_volume_ul(powder)))
        self.spill_powder(powder)

    def spill_powder(self, powder: Powder) -> None:
        """Lose a powder to the bench."""
        if powder.mass_mg > 0:
            self.note("spilled", mass_mg=powder.mass_mg, parts_mg=powder.state())
            self.spilled_powder.add(powder)

    # What instruments find

    def weight_mg(self, vessel: Vessel) -> float:
        """What a vessel weighs with its cap and all that is in it; of a dry film its solids are left."""
        self.settle(vessel)
        dry = vessel.film.cast if vessel.film is not None and vessel.film_kind == "dry" else Liquid()
        contents_mg = self.matter.mass_mg(vessel.contents) + vessel.powder.mass_mg
        cap_mg = 0.0 if vessel.is_open or vessel.ware.cap is None else vessel.ware.cap.mass_mg
        return vessel.ware.mass_mg + cap_mg + contents_mg + sum(self.matter.solids_mg(dry).values())

    def conductivity_s_per_cm(self, film: Film) -> float:
        """What the film really is; the same each time one asks. 0 without solids."""
        solids_mg = self.matter.solids_mg(film.cast)
        total_mg = sum(solids_mg.values())
        if total_mg == 0:
            return 0.0
        blend = {name: mass_mg / total_mg for name, mass_mg in solids_mg.items()}
        scatter = self.rng("film", film.ordinal)
        return self._truth.conductivity_s_per_cm(blend, film.anneal_c, film.anneal_min, scatter)

    # The whole

    def liquid_everywhere(self) -> Liquid:
        """All liquid there ever was, wherever it went: what no event may change."""
        standing = (vessel.contents for vessel in self.bench.vessels())
        held = (liquid for body in self.bodies.values() for liquid in body.liquids())
        return sum_of([*self.stocks.values(), *standing, *held, self.waste, self.spilled, self.evaporated])

    def powder_everywhere(self) -> Powder:
        """All powder there ever was, wherever it went: what no event but a reaction may change."""
        inside = (vessel.powder for vessel in self.bench.pieces)
        return sum_of_powders([*self.powders.values(), *inside, self.spilled_powder])

    def state(self) -> dict[str, object]:
        """The ground truth, ready for JSON."""
        for vessel in self.bench.vessels():
            self.settle(vessel)
            if self._is_overheated(vessel):
                self.crack(vessel)
        for oven in self.ovens.values():
            oven.advance_to(self.now_s)
        return {
            "t": self.now_s,
            "sites": self.bench.state(),
            "lost": [vessel.name for vessel in self.lost],
            "stocks_ul": {name: liquid.state() for name, liquid in self.stocks.items()},
            "waste_ul": self.waste.state(),
            "spilled_ul": self.spilled.state(),
            "evaporated_ul": self.evaporated.state(),
            "powders_mg": {name: powder.state() for name, powder in self.powders.items()},
            "spilled_mg": self.spilled_powder.state(),
            "gases_mg": self.gases_mg,
            "ovens": {name: oven.state() for name, oven in self.ovens.items()},
            "bodies": {name: body.state() for name, body in self.bodies.items()},
            "films": self._films,
        }
