"""The bench in three dimensions, as the page's script draws it: sites, vessels where they are believed, an arm."""

from collections.abc import Mapping, Sequence
from typing import Any

from console.report.page import PART_COLOURS
from console.service.views import Bench, Device, Vessel
from robot.config import LabConfig, Site
from robot.device_settings import ArmSettings, FurnaceSettings

SHOULDER_MM, HAND_MM = 138.0, 60.0
"""Of a small arm: how high its shoulder is, how far its tool hangs down."""
GLOW_C = 60.0
"""A furnace hotter than this glows."""
EMPTY_SPOT_MM = 30.0


def scenery(lab: LabConfig, bench: Bench) -> dict[str, Any]:
    """What the page's script needs, in millimetres; plain values."""
    points = [site.point(place) for site in lab.sites.values() for place in (0, site.places - 1)]
    xs, ys = [point.x_mm for point in points] + [0.0], [point.y_mm for point in points] + [0.0]
    reach_mm = max((point.x_mm**2 + point.y_mm**2) ** 0.5 for point in points)
    hot = {device.name: glow for device in bench.devices if (glow := _glow(device))}
    return {
        "middle": [(min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2],
        "extent": max(max(xs) - min(xs), max(ys) - min(ys)) + 60,
        "sites": [_site(name, site, lab, hot) for name, site in lab.sites.items()],
        "vessels": [_vessel(vessel, part_colours(lab)) for vessel in bench.vessels],
        "arm": _arm(lab, bench.devices, reach_mm),
    }


def part_colours(lab: LabConfig) -> Mapping[str, str]:
    """A colour for everything in store, the same on every page."""
    names = [*lab.stocks, *lab.powders]
    return {name: PART_COLOURS[index % len(PART_COLOURS)] for index, name in enumerate(names)}


def blended(parts: Mapping[str, float], colours: Mapping[str, str]) -> str:
    """The mean of the parts' colours, weighted by amount; empty without parts.

    >>> blended({"a": 1.0, "b": 1.0}, {"a": "#000000", "b": "#ffffff"})
    '#808080'
    """
    whole = sum(parts.values())
    if not whole:
        return ""
    known = {name: colours.get(name, "#8f9bb3") for name in parts}
    channels = (
        round(sum(int(known[name][at : at + 2], 16) * amount for name, amount in parts.items()) / whole)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def _site(name: str, site: Site, lab: LabConfig, hot: Mapping[str, str]) -> dict[str, Any]:
    rows, columns = site.grid
    ware = lab.ware(site.holds).outer_width_mm if site.holds else EMPTY_SPOT_MM
    width, depth = (rows - 1) * site.pitch_mm[0] + ware + 8, (columns - 1) * site.pitch_mm[1] + ware + 8
    first = site.point(0)
    middle = first.x_mm + (rows - 1) * site.pitch_mm[0] / 2, first.y_mm + (columns - 1) * site.pitch_mm[1] / 2
    is_oven = site.inside is not None and isinstance(lab.devices[site.inside], FurnaceSettings)
    tall = lab.ware(site.holds).height_mm if site.holds else 0.0
    return {
        "name": name, "label": (site.inside or name).replace("_", " "), "at": [*middle, 0.0],
        "width": width + 16 * is_oven, "depth": depth + 16 * is_oven, "height": 6.0, "word": tall + 26,
        "kind": "bin" if site.bin else "oven" if is_oven else "rack" if site.places > 1 or site.stack else "station",
        "glow": hot.get(site.inside or ""),
    }  # fmt: skip


def _vessel(vessel: Vessel, colours: Mapping[str, str]) -> dict[str, Any]:
    width_mm, height_mm = vessel.size_mm
    x_mm, y_mm, _ = vessel.position_mm
    return {
        "id": f"{vessel.sample} {vessel.vessel}", "at": [x_mm, y_mm, 6.0], "width": width_mm, "height": height_mm,
        "flat": vessel.kind in ("plate", "holder"), "fill": vessel.fill_height_fraction or 0.1,
        "colour": blended({part.name: part.amount for part in vessel.contents}, colours),
    }  # fmt: skip


def _arm(lab: LabConfig, devices: Sequence[Device], reach_mm: float) -> dict[str, Any] | None:
    names = [name for name, settings in lab.devices.items() if isinstance(settings, ArmSettings)]
    if not names:
        return None
    known = next(device for device in devices if device.name == names[0])
    at = next((figure.value for figure in known.figures if isinstance(figure.value, list)), None)
    home = [0.55 * reach_mm, 0.0, lab.travel_height_mm]
    return {
        "at": at or home,
        "shoulder": SHOULDER_MM,
        "link": 0.53 * (reach_mm**2 + SHOULDER_MM**2) ** 0.5,
        "hand": HAND_MM,
    }


def _glow(device: Device) -> str | None:
    hottest = max((figure.value for figure in device.figures if figure.name == "temperature_c" and isinstance(figure.value, float)),
                  default=0.0)  # fmt: skip
    return "#7a2500" if hottest > GLOW_C else None
