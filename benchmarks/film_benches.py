"""The film bench, and it again with every other arm and furnace in the place of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from robot.config import LabConfig

EXAMPLE = Path(__file__).parent.parent / "examples" / "film_bench"

ARMS: dict[str, dict[str, Any]] = {
    "grbl_gantry": {"port": "/dev/ttyACM0", "home_mm": [400, 300, 200], "travel_mm": [400, 600, 200]},
    "preciseflex_pf400": {"port": "10.0.0.3", "open_mm": 90, "closed_mm": 60},
    "smoothie_gantry": {
        "port": "/dev/ttyACM0",
        "home_mm": [400, 300, 200],
        "homed_at_mm": [400, 600, 200],
        "travel_mm": [400, 600, 200],
    },
    "ur_eseries": {"port": "10.0.0.4", "size": "ur5e"},
}
FURNACES: dict[str, dict[str, Any]] = {
    "eurotherm_3216p": {"port": "/dev/ttyUSB2"},
    "eurotherm_epc3016": {"port": "oven.lab:502"},
    "yudian_ai518p": {"port": "/dev/ttyUSB2"},
}
GRIP_SENSORS: dict[str, int | str] = {
    "dobot_magician": 15, "grbl_gantry": "probe", "preciseflex_pf400": 10001, "smoothie_gantry": "probe", "ur_eseries": 3,
}  # fmt: skip
"""Where a light barrier between the jaws hangs."""
FARTHER_MM = {"preciseflex_pf400": 100, "ur_eseries": 100}


def variants() -> Iterator[tuple[str, ...]]:
    """Which other models stand on the bench: none, each arm, each furnace, and each arm with a furnace."""
    for arm in ("", *ARMS):
        for furnace in ("", *FURNACES):
            yield tuple(model for model in (arm, furnace) if model)


def bench_with(*models: str, feels: bool = True) -> LabConfig:
    """The film bench with these models in the places of its own, and a light barrier in the gripper or none."""
    return LabConfig.model_validate(described(*models, feels=feels))


def write_bench(path: Path, *models: str, feels: bool = True) -> Path:
    """Write such a bench down as a lab file."""
    path.write_text(yaml.safe_dump(described(*models, feels=feels), sort_keys=False), encoding="utf-8")
    return path


def described(*models: str, feels: bool = True) -> dict[str, Any]:
    """Such a bench as its lab file says it."""
    lab: dict[str, Any] = yaml.safe_load((EXAMPLE / "lab.yaml").read_text(encoding="utf-8"))
    for model in models:
        if model in ARMS:
            lab["devices"]["arm"] = {"model": model, **ARMS[model]}
            for site in lab["sites"].values():
                site["origin_mm"][0] += FARTHER_MM.get(model, 0)
        if model in FURNACES:
            limits = {"max_temperature_c": 350, "handle_below_c": 60}
            lab["devices"]["furnace"] = {"model": model, **limits, **FURNACES[model]}
    arm = lab["devices"]["arm"]
    if feels:
        arm["grip_sensor"] = GRIP_SENSORS[arm["model"]]
    return lab
