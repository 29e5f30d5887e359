"""What a lab file names must be there: each error says where, what was found, and what there is."""

from typing import Any

import pytest
from pydantic import ValidationError

from robot.config import LabConfig

DEVICES: dict[str, Any] = {
    "syringe": {"model": "new_era_ne1000", "port": "-", "syringe_ul": 5000, "diameter_mm": 12.06, "holds": "water",
                "filled_ul": 4000, "reaches": "beaker"},
    "pump": {"model": "cavro_xcalibur", "port": "-", "valve": {1: "water", 9: "waste"}, "reaches": {"water": "beaker"}},
    "camera": {"model": "opencv", "source": 0, "sees": ["beaker"]},
    "doser": {"model": "powder_doser", "port": "-", "hoppers": {1: "mno"}},
}  # fmt: skip
BEAKER: dict[str, Any] = {"origin_mm": [0, 0, 0], "holds": "vial-20ml", "inside": "doser"}


def bench(devices: dict[str, Any], beaker: dict[str, Any]) -> LabConfig:
    return LabConfig.model_validate(
        {
            "bench": "b",
            "devices": {name: settings | devices.get(name, {}) for name, settings in DEVICES.items()},
            "sites": {"beaker": BEAKER | beaker},
            "stocks": {"water": {"volume_ml": 100}},
            "powders": {"mno": {"phase": "MnO", "mass_g": 250}},
        }
    )


def test_a_bench_on_which_every_name_exists_is_taken() -> None:
    assert set(bench({}, {}).devices) == set(DEVICES)


@pytest.mark.parametrize(
    ("devices", "beaker", "said"),
    [
        ({"syringe": {"holds": "ink"}}, {}, "devices.syringe.holds: no stock is called 'ink'; there are water"),
        ({"syringe": {"reaches": "mars"}}, {}, "devices.syringe.reaches: no site is called 'mars'; there are beaker"),
        ({"pump": {"reaches": {"water": "mars"}}}, {}, "devices.pump.reaches.water: no site is called 'mars'"),
        ({"camera": {"sees": ["mars"]}}, {}, "devices.camera.sees: no site is called 'mars'"),
        ({"doser": {"hoppers": {2: "sand"}}}, {}, "devices.doser.hoppers.2: no powder is called 'sand'"),
        ({}, {"inside": "oven"}, "sites.beaker.inside: no device is called 'oven'; there are syringe, pump"),
        ({}, {"holds": "cauldron"}, "sites.beaker.holds: no labware is called 'cauldron'"),
        ({}, {"holds": "xrd-holder", "capped": True}, "sites.beaker.capped: a xrd-holder takes no cap"),
        ({}, {"holds": None, "capped": True}, "a site that is full, stacked or capped must say which labware it holds"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(
    devices: dict[str, Any], beaker: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        bench(devices, beaker)

    assert said in str(caught.value)
