"""Which of several places: which are free, and how a sample's tasks read once one was chosen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from planning.inventory import Standing
from planning.rooms import Rooms, place_name
from planning.task import Task
from robot.config import LabConfig


def free_places(rooms: Rooms, places: Sequence[Standing], machine: int, held: Collection[str]) -> list[Standing]:
    """The free ones of these places; in an oven, of the machine that was chosen alone; the emptiest device first."""
    lab = rooms.lab
    room = rooms.room(places[0].site)
    if room is not None and room.ovens and machine >= 0:
        places = [place for place in places if lab.sites[place.site].inside == room.ovens[machine]]
    free = [place for place in places if place_name(lab, place) not in held]
    taken = {
        site: sum(place.site == site and place not in free for place in places) for site in {p.site for p in places}
    }
    return sorted(free, key=lambda place: taken[place.site])


def placed_at(tasks: Sequence[Task], chosen: Mapping[str, Standing], lab: LabConfig) -> list[Task]:
    """A sample's tasks as they read with these places, where each stood for any; good enough to foretell with."""
    found = []
    moved: dict[str, Standing] = {}
    for task in tasks:
        moved |= {_key(task.choices[stay][0]): place for stay, place in chosen.items() if stay in task.choices}
        found.append(_moved(task, moved, chosen, lab) if moved else task)
        for left in [key for key, place in moved.items() if place_name(lab, place) in found[-1].frees]:
            del moved[left]
    return found


def _key(place: Standing) -> str:
    return f"{place.site}:{place.place}"


def _moved(task: Task, moved: Mapping[str, Standing], chosen: Mapping[str, Standing], lab: LabConfig) -> Task:
    names, devices = {}, {}
    for key, new in moved.items():
        site, _, place = key.rpartition(":")
        old = Standing(site, int(place))
        names[place_name(lab, old)] = place_name(lab, new)
        devices[lab.sites[site].inside or ""] = lab.sites[new.site].inside or ""

    def renamed(value: Any) -> Any:
        if isinstance(value, list) and len(value) == 2 and (new := moved.get(f"{value[0]}:{value[1]}")):
            return [new.site, new.place]
        return devices.get(value, value) if isinstance(value, str) else value

    return replace(
        task,
        arguments={name: renamed(value) for name, value in task.arguments.items()},
        uses=frozenset(devices.get(device, device) for device in task.uses),
        takes=frozenset(names.get(place, place) for place in task.takes),
        frees=frozenset(names.get(place, place) for place in task.frees),
        choices={stay: places for stay, places in task.choices.items() if stay not in chosen},
    )
