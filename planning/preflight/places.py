"""Where vessels stand: one on each place, of the labware that fits, within reach."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from planning.preflight.findings import Finding
from planning.preflight.moments import Moment
from planning.reach import out_of_its_reach
from robot.config import LabConfig, Site
from robot.device_settings import ArmSettings
from robot.geometry import BenchPoint
from robot.interfaces import Device


def out_of_reach(lab: LabConfig, devices: Mapping[str, Device]) -> Iterator[Finding]:
    """Sites with a place that no arm of the bench can get to, or lift from."""
    arms: list[Any] = [devices[name] for name, settings in lab.devices.items() if isinstance(settings, ArmSettings)]
    for name in lab.sites:
        beyond = [out_of_its_reach(arm, lab, name) for arm in arms]
        found = [each for each in beyond if each is not None]
        if arms and len(found) == len(arms):
            place, why = max(found)
            what = f"sites.{name}: place {place}: {why}"
            where = ("sites", name, "origin_mm")
            yield Finding("reach", what, "Move it within reach", location=where, file="lab", value=place)


def standing_into_each_other(lab: LabConfig) -> Iterator[Finding]:
    """Places so near to each other that what stands there would touch."""
    for name, site in lab.sites.items():
        width_mm = _width_mm(lab, site)
        pitches = [pitch_mm for count, pitch_mm in zip(site.grid, site.pitch_mm, strict=True) if count > 1]
        if pitches and min(map(abs, pitches)) < width_mm:
            what = f"sites.{name}: its places are {min(map(abs, pitches)):g} mm apart, a {site.holds} is {width_mm:g} mm wide"
            yield Finding("crowded", what, "Set pitch_mm further apart", location=("sites", name, "pitch_mm"),
                          file="lab", value=min(map(abs, pitches)), limit=width_mm)  # fmt: skip
    single = {name: site for name, site in lab.sites.items() if site.holds and site.places == 1}
    for (name, site), (other_name, other) in combinations(single.items(), 2):
        room_mm = (_width_mm(lab, site) + _width_mm(lab, other)) / 2
        apart_mm = _distance_mm(site.point(), other.point())
        if apart_mm < room_mm:
            what = f"sites.{name} and sites.{other_name} are {apart_mm:.0f} mm apart, what stands there needs {room_mm:.0f} mm"
            yield Finding("crowded", what, "Set them further apart", location=("sites", other_name, "origin_mm"),
                          file="lab", value=apart_mm, limit=room_mm)  # fmt: skip


def _width_mm(lab: LabConfig, site: Site) -> float:
    return lab.ware(site.holds).outer_width_mm if site.holds else 0.0


def _distance_mm(one: BenchPoint, other: BenchPoint) -> float:
    return one.at_height(0.0).distance_mm(other.at_height(0.0))


def fits_there(moment: Moment) -> Iterator[Finding]:
    """A vessel is set down where its labware fits, and comes from where the arm can take it."""
    details = moment.details
    (to, _), (source, _) = details["to"], details["source"]
    sites = moment.bench.lab.sites
    if sites[to].holds is not None and sites[to].holds != details["ware"]:
        what = f"{to} holds {sites[to].holds}, not {details['ware']}"
        yield moment.finding("place", what, "Name a site that this vessel fits", value=details["ware"],
                             limit=sites[to].holds)  # fmt: skip
    if sites[source].bin:
        what = f"{details['vessel']} was thrown away into {source} before"
        yield moment.finding("discarded", what, "Discard it later, or leave this step out", value=details["vessel"])


def alone_on_each_place(moments: Iterable[Moment]) -> Iterator[Finding]:
    """A sample does not set one of its vessels down where another of them stands."""
    there: dict[tuple[str, int], str] = {}
    for moment in moments:
        if moment.task.skill != "carry":
            continue
        vessel, source, to = moment.details["vessel"], tuple(moment.details["source"]), tuple(moment.details["to"])
        if there.get(source) == vessel:
            del there[source]
        if moment.bench.lab.sites[to[0]].bin:
            continue
        if to in there:
            what = f"{vessel} would be set down at {to[0]} where {there[to]} stands"
            yield moment.finding("occupied", what, f"Move {there[to]} away before, or name another site", value=vessel,
                                 limit=there[to])  # fmt: skip
        there[to] = vessel
