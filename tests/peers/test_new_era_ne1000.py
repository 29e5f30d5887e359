"""NESP-Lib 2.0.0 doses with the NE-1000."""

from collections.abc import Callable
from typing import Any

import pytest

DISPENSE = """
import json, sys
from nesp_lib import Port, Pump, PumpingDirection
with Port(sys.argv[1], 19200) as port:
    pump = Pump(port, safe_mode_timeout_s=int(sys.argv[2]))
    pump.syringe_diameter_mm = 12.06
    pump.pumping_direction = PumpingDirection.INFUSE
    pump.pumping_volume_ml = 1.5
    pump.pumping_rate_ml_per_min = 3.0
    pump.volume_infused_clear()
    pump.run()
    print(json.dumps({"model": pump.model_number, "infused_ml": pump.volume_infused_ml, "volume_ml": pump.pumping_volume_ml}))
    pump.safe_mode_timeout_s = 0
"""
FALL_SILENT = """
import json, os, sys
from nesp_lib import Port, Pump, PumpingDirection
pump = Pump(Port(sys.argv[1], 19200), safe_mode_timeout_s=10)
pump.pumping_volume_ml = 1.5
pump.pumping_rate_ml_per_min = 3.0
pump.run(wait_while_running=False)
print(json.dumps("running"), flush=True)
os._exit(0)
"""
COME_BACK = """
import json, sys, time
from nesp_lib import Port, Pump
time.sleep(1.5)
pump = Pump(Port(sys.argv[1], 19200), safe_mode_timeout_s=255)
print(json.dumps(pump.volume_infused_ml))
"""


@pytest.mark.parametrize("watchdog_s", ["0", "255"])
def test_a_volume_is_dispensed_in_basic_and_in_safe_mode(
    run_client: Any, serve: Any, effects: Callable[[str], list[dict[str, Any]]], watchdog_s: str
) -> None:
    pump = serve("liquids", speed=20)["syringe"]

    report = run_client("liquids", DISPENSE, pump, watchdog_s)

    assert report == {"model": 1000, "infused_ml": 1.5, "volume_ml": 1.5}
    assert sum(effect["liquid_ul"] for effect in effects("dispensed")) == pytest.approx(1500.0, rel=0.02)


def test_a_client_that_dies_is_missed_by_the_watchdog(
    run_client: Any, serve: Any, effects: Callable[[str], list[dict[str, Any]]]
) -> None:
    pump = serve("liquids", speed=20)["syringe"]

    assert run_client("liquids", FALL_SILENT, pump) == "running"
    infused_ml = run_client("liquids", COME_BACK, pump)

    assert [effect["device"] for effect in effects("watchdog")] == ["syringe"]
    assert 0.5 <= infused_ml < 1.0
