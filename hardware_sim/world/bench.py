"""Where things stand: every site of the lab file, place by place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot, inf
from pathlib import Path

from hardware_sim.world.powder import Powder
from hardware_sim.world.vessel import CapSeat, Vessel
from robot.config import LabConfig, Site
from robot.files import FileProblem, Problem
from robot.geometry import BenchPoint

GRASP_MM = 3.0  # how far from a place the gripper may close or open and still take or leave (assumed)
BIN_MM = 25.0  # half the width of a bin's mouth (assumed)


@dataclass
class Spot:
    """One place of a site. In a stack the last vessel is on top; a bin has no bottom."""

    site: str
    place: int
    point: BenchPoint
    capacity: int | None
    """None: whatever falls in is never seen again."""
    holds: str | None
    inside: str | None
    vessels: list[Vessel] = field(default_factory=list)
    disturbed_s: float = -inf
    """When something was last put here, taken away or poured."""

    @property
    def top(self) -> Vessel | None:
        """What the gripper can take."""
        return self.vessels[-1] if self.vessels and self.capacity is not None else None

    def catches(self, point: BenchPoint) -> bool:
        """Does what is let go at `point` come to lie here?"""
        if self.capacity is not None:
            return self.point.distance_mm(point) <= GRASP_MM
        sideways_mm = hypot(point.x_mm - self.point.x_mm, point.y_mm - self.point.y_mm)
        return sideways_mm <= BIN_MM and point.z_mm >= self.point.z_mm - GRASP_MM

    @property
    def is_full(self) -> bool:
        """Would one more strike what stands here?"""
        return self.capacity is not None and len(self.vessels) >= self.capacity


class Bench:
    """All places, filled as the lab file says."""

    def __init__(self, lab: LabConfig) -> None:
        self.spots = {
            (name, place): _filled(lab, name, site, place)
            for name, site in lab.sites.items()
            for place in range(site.places)
        }
        self.pieces = self.vessels()
        """Every vessel there ever was, wherever it went."""

    def remove(self, name: str, now_s: float) -> Vessel:
        """Take a vessel off its place, also from below others.

        Raises:
            KeyError: none of this name stands anywhere.
        """
        for spot in self.spots.values():
            for vessel in spot.vessels:
                if vessel.name == name:
                    spot.vessels.remove(vessel)
                    spot.disturbed_s = now_s
                    vessel.oven = None
                    return vessel
        raise KeyError(name)

    def fill(self, powders_mg: Mapping[str, Mapping[str, float]]) -> None:
        """Put powder into every vessel of some sites: by site the mass of each phase.

        Raises:
            FileProblem: no vessel stands there.
        """
        for site, parts_mg in powders_mg.items():
            vessels = [vessel for (name, _), spot in self.spots.items() if name == site for vessel in spot.vessels]
            if not vessels:
                known = ", ".join(dict.fromkeys(name for (name, _), spot in self.spots.items() if spot.vessels))
                problem = Problem(
                    "simulation.powders_mg", f"no vessel stands at {site!r}", f"Some do at {known or 'no site'}"
                )
                raise FileProblem(Path("lab.yaml"), [problem])
            for vessel in vessels:
                vessel.powder.add(Powder(dict(parts_mg)))

    def spot(self, site: str, place: int = 0) -> Spot:
        """A place by its name."""
        return self.spots[site, place]

    def spot_near(self, point: BenchPoint) -> Spot | None:
        """The place that a gripper at `point` reaches, the nearest first."""
        within = [spot for spot in self.spots.values() if spot.catches(point)]
        return min(within, key=lambda spot: spot.point.distance_mm(point), default=None)

    def vessels(self) -> list[Vessel]:
        """Everything that stands or lies anywhere, bins included."""
        return [vessel for spot in self.spots.values() for vessel in spot.vessels]

    def state(self) -> dict[str, dict[str, list[dict[str, object]]]]:
        """What stands where: by site, by place, from below."""
        standing: dict[str, dict[str, list[dict[str, object]]]] = {}
        for (site, place), spot in self.spots.items():
            standing.setdefault(site, {})[str(place)] = [vessel.state() for vessel in spot.vessels]
        return standing


def _filled(lab: LabConfig, name: str, site: Site, place: int) -> Spot:
    capacity = None if site.bin else max(site.stack, 1)
    spot = Spot(name, place, site.point(place), capacity, site.holds, site.inside)
    if site.holds is not None:
        ordinals = reversed(range(site.stack)) if site.stack else [place] * site.full
        cap: CapSeat = "tight" if site.capped else "none"
        spot.vessels = [Vessel(f"{name}-{ordinal}", lab.ware(site.holds), cap=cap) for ordinal in ordinals]
    return spot
