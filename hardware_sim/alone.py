"""One emulated device alone on a small bench: what it needs to stand on, to pour from and to pour into is put there."""

from collections.abc import Mapping
from typing import Any

from robot.config import LabConfig
from robot.device_settings import DeviceSettings
from robot.settings import PARTS, SETTINGS, located

DEVICE = "device"
STOCK = {"volume_ml": 100}
POWDER_G = 100
VIAL = {"holds": "vial-20ml", "full": True}


def imagined(model: str, pattern: str = "emulated{}") -> dict[str, Any]:
    """The address of a device that is nowhere, as settings; of a composed one that of each part.

    >>> imagined("opentrons_ot2")
    {'port': 'http://emulated0'}
    """
    scheme = "http://" if is_web(model) else ""
    return located(model, ",".join(scheme + pattern.format(n) for n in range(len(PARTS[model]) or 1)))


def is_web(model: str) -> bool:
    """Is it reached by an address that begins with http?"""
    return "http" in str(SETTINGS[model].model_fields.get("port", ""))


def bench_of_one(settings: DeviceSettings, simulation: Mapping[str, object]) -> LabConfig:
    """Put a device on a bench of its own.

    Args:
        settings: of the device.
        simulation: what the simulated world needs to know beside that.

    Raises:
        pydantic.ValidationError: the two do not make a bench.
    """
    device = settings.model_dump(exclude_unset=True)
    ends = device.get("reaches", {})
    reached = [ends] if isinstance(ends, str) else list(ends.values())
    spots = {"inside": {**VIAL, "inside": DEVICE}} | dict.fromkeys([*reached, *device.get("sees", [])], VIAL)
    sites = {name: {**spot, "origin_mm": [200 + 50 * n, 0, 50]} for n, (name, spot) in enumerate(spots.items())}
    stocks = dict.fromkeys(_stocks(device, ends), STOCK)
    powders = {name: {"phase": name, "mass_g": POWDER_G} for name in device.get("hoppers", {}).values()}
    return LabConfig.model_validate(
        {
            "bench": "alone",
            "devices": {DEVICE: device},
            "sites": sites,
            "stocks": stocks,
            "powders": powders,
            "simulation": dict(simulation),
        }
    )


def _stocks(device: Mapping[str, Any], ends: object) -> list[str]:
    """What hangs on its ports and leads neither to a vessel nor away."""
    names = [device["holds"]] if "holds" in device else []
    names += [*device.get("valve", {}).values(), *device.get("wells", {})]
    elsewhere = {device.get("waste", "waste"), *(ends if isinstance(ends, dict) else ())}
    return [name for name in names if name not in elsewhere]
