"""What a bench has for a step: a device of a kind, a camera that sees, a line that ends at a site."""

from types import UnionType
from typing import Literal, get_args

from planning.errors import Refused
from robot.config import LabConfig
from robot.device_settings import MettlerBalanceSettings, OpenCvCameraSettings, PowderHandlerSettings


def device_of(lab: LabConfig, settings: type | UnionType) -> str:
    """Name the bench's device of a kind; raise Refused if there is none."""
    for name, device in lab.devices.items():
        if isinstance(device, settings):
            return name
    kinds = " or ".join(kind.__name__.removesuffix("Settings") for kind in get_args(settings) or (settings,))
    raise Refused(f"the bench has no {kinds}", "Add one to the lab file")


def camera_seeing(lab: LabConfig, site: str) -> str | None:
    """Name the camera that sees a site, if one does."""
    cameras = (
        name for name, device in lab.devices.items() if isinstance(device, OpenCvCameraSettings) and site in device.sees
    )
    return next(cameras, None)


def camera_at(lab: LabConfig, site: str) -> str:
    """Name the camera that sees a site; raise Refused if none does."""
    camera = camera_seeing(lab, site)
    if camera is None:
        raise Refused(f"no camera sees {site}", "Look elsewhere, or add the site to a camera's `sees`")
    return camera


def balance_at(lab: LabConfig, site: str) -> str:
    """Name the balance that a site is on; raise Refused if it is on none."""
    inside = lab.sites[site].inside
    if inside is not None and isinstance(lab.devices[inside], MettlerBalanceSettings):
        return inside
    raise Refused(f"{site} is on no balance", "Weigh elsewhere, or leave mass_mg out")


def place_at(lab: LabConfig, handler: str, role: Literal["source", "target"]) -> str:
    """Name the site where a powder handler shakes and empties, or where it fills; raise Refused if it is none."""
    settings = lab.devices.get(handler)
    if isinstance(settings, PowderHandlerSettings) and role in settings.reaches:
        return settings.reaches[role]
    raise Refused(f"{handler} has no place for the {role}", "Add it to the handler's `reaches`")


def devices_around(lab: LabConfig, *sites: str) -> list[str]:
    """The devices that an arm reaches into at these sites: they may not work meanwhile."""
    return [inside for site in sites if (inside := lab.sites[site].inside)]
