"""Places that are alternatives: those of one site, or of all devices or sites of a group in the lab file."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from planning.errors import Refused
from planning.inventory import Standing
from robot.config import LabConfig
from robot.device_settings import FurnaceSettings


@dataclass(frozen=True)
class Room:
    """Somewhere to stand. `name` is what schedules call it; an oven works on all that stands in it at once."""

    name: str
    places: tuple[Standing, ...]
    ovens: tuple[str, ...] = ()
    """The furnaces among which one is chosen."""

    oven_places: int = 0
    """How many vessels each of these takes at least."""


class Rooms:
    """The places of a bench by any name that a protocol may use."""

    def __init__(self, lab: LabConfig) -> None:
        self.lab = lab
        self._group_of = {name: group for group, members in lab.groups.items() for name in members}
        self._sites_of: dict[str, list[str]] = {}
        for name, site in lab.sites.items():
            if site.inside is not None:
                self._sites_of.setdefault(site.inside, []).append(name)

    def members(self, name: str) -> list[str]:
        """The devices or sites that a name stands for: those of a group, or the one."""
        return list(self.lab.groups.get(name, [name]))

    def places(self, name: str) -> tuple[Standing, ...]:
        """Where a vessel may stand that is to go to a site, a device, or one of a group of either.

        Raises:
            Refused: nothing has this name, or the device has no site, or several.
        """
        found: list[Standing] = []
        for member in self.members(name):
            site = member if member in self.lab.sites else self._only_site(member)
            stands_apart = not (self.lab.sites[site].stock or self.lab.sites[site].bin)
            found += [Standing(site, place) for place in range(self.lab.sites[site].places if stands_apart else 1)]
        return tuple(found)

    def _only_site(self, device: str) -> str:
        sites = self._sites_of.get(device, [])
        if len(sites) != 1:
            what = f"{device} has the sites {', '.join(sites)}" if sites else f"no site is inside {device}"
            raise Refused(what, "Say at which site: `at`")
        return sites[0]

    def room(self, site: str) -> Room | None:
        """The room that a site belongs to; None for a store or a bin, where there is always place."""
        settings = self.lab.sites[site]
        if settings.bin or settings.stock:
            return None
        device = settings.inside
        if device is not None and isinstance(self.lab.devices[device], FurnaceSettings):
            return self._ovens(self._group_of.get(device, device))
        name = self._group_of.get(site) or self._group_of.get(device or "") or site
        return Room(name, self.places(name))

    def _ovens(self, name: str) -> Room:
        ovens = self.members(name)
        inside = [tuple(self._in(self._sites_of.get(oven, ()))) for oven in ovens]
        return Room(name, tuple(chain.from_iterable(inside)), tuple(ovens), min(map(len, inside)))

    def _in(self, sites: Iterable[str]) -> list[Standing]:
        return [Standing(site, place) for site in sites for place in range(self.lab.sites[site].places)]

    def device(self, name: str, site: str) -> str:
        """The device that a step means: the one it names; of a group, the one around the place where its vessel stands.

        Raises:
            Refused: the site is inside none of the group.
        """
        inside = self.lab.sites[site].inside
        if name not in self.lab.groups:
            if self._group_of.get(name) and isinstance(self.lab.devices[name], FurnaceSettings):
                group = self._group_of[name]
                raise Refused(f"{name} is one of {group}: which of them fires is decided during the run",
                              f"Name {group}, or take {name} out of that group")  # fmt: skip
            return name
        if inside not in self.lab.groups[name]:
            raise Refused(f"{site} is inside none of {name}", "Leave `at` out, or name a site inside one of them")
        return inside

    def count(self, device: str) -> tuple[str, int]:
        """What schedules call a device, and how many of it there are."""
        group = self._group_of.get(device)
        return (device, 1) if group is None else (group, len(self.lab.groups[group]))


def place_name(lab: LabConfig, place: Standing) -> str:
    """What a vessel on a place holds: a site by its name, one of several places with its number."""
    return place.site if lab.sites[place.site].places == 1 else f"{place.site}:{place.place}"
