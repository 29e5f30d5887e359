"""Which arm carries what from where to where; where none reaches both ends, which places two of them reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.errors import Refused
from planning.places import device_of
from robot.config import LabConfig
from robot.device_settings import ArmSettings
from robot.errors import LimitExceeded


@dataclass(frozen=True)
class Leg:
    """A carry by one arm, to a site."""

    arm: str
    to: str


@dataclass(frozen=True)
class Reach:
    """The sites that each arm reaches, at their own height and at travel height."""

    lab: LabConfig
    sites: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, lab: LabConfig, devices: Mapping[str, Any] | None = None) -> "Reach":
        """Ask the arms; without them the bench's first arm reaches everything."""
        arms = [name for name, settings in lab.devices.items() if isinstance(settings, ArmSettings)]
        if devices is None or len(arms) < 2:
            return cls(lab, {arm: frozenset(lab.sites) for arm in arms[:1]})
        return cls(
            lab,
            {
                arm: frozenset(site for site in lab.sites if out_of_its_reach(devices[arm], lab, site) is None)
                for arm in arms
            },
        )

    def way(self, source: str, to: str, ware: str) -> list[Leg]:
        """The fewest carries from a site to another.

        Raises:
            Refused: no arms reach from one to the other.
        """
        if not self.sites:
            device_of(self.lab, ArmSettings)
        ways: list[tuple[str, list[Leg]]] = [(source, [])]
        seen = {source}
        for here, legs in ways:
            for arm, within in self.sites.items():
                if here in within and to in within:
                    return [*legs, Leg(arm, to)]
            for arm, within in self.sites.items():
                for site in self.lab.sites if here in within else ():
                    if site in within and site not in seen and self._is_handover(site, ware):
                        seen.add(site)
                        ways.append((site, [*legs, Leg(arm, site)]))
        raise Refused(f"no arm reaches both {source} and {to}, nor do two meet between them",
                      "Move them nearer, or add a place that two arms reach")  # fmt: skip

    def is_shared(self, site: str) -> bool:
        """Do several arms reach a site?"""
        return sum(site in within for within in self.sites.values()) > 1

    def _is_handover(self, site: str, ware: str) -> bool:
        place = self.lab.sites[site]
        is_free = not (place.bin or place.stock or place.inside)
        return is_free and place.holds in (None, ware) and self.is_shared(site)


def out_of_its_reach(arm: Any, lab: LabConfig, site: str) -> tuple[int, str] | None:
    """The first place of a site that an arm does not get to, or lift from, and why; None if it gets to all."""
    for place in range(lab.sites[site].places):
        point = lab.sites[site].point(place)
        try:
            arm.check_reach(point)
            arm.check_reach(point.at_height(lab.travel_height_mm))
        except LimitExceeded as err:
            return place, err.what
    return None
