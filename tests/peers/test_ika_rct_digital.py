"""heingroup's ika 2.0.3 heats and stirs with the hotplate."""

from typing import Any

import pytest

HEAT_AND_STIR = """
import json, sys, time
from ika.magnetic_stirrer import MagneticStirrer
plate = MagneticStirrer(sys.argv[1])
plate.set_target_temperature(60)
plate.set_target_stir_rate(300)
plate.watchdog_mode_1(1500)
plate.start_heating()
plate.start_stirring()
for _ in range(60):
    time.sleep(0.1)
    if plate.probe_temperature() > 59.0:
        break
report = {"probe_c": plate.probe_temperature(), "target_c": plate.target_temperature(), "speed_rpm": plate.stir_rate(),
          "safety_c": plate.hardware_safety_temperature()}
plate.stop_heating()
plate.stop_stirring()
print(json.dumps(report))
"""


def test_a_vessel_is_heated_and_stirred(run_client: Any, serve: Any) -> None:
    plate = serve("liquids", speed=60)["hotplate"]

    report = run_client("liquids", HEAT_AND_STIR, plate)

    assert report["probe_c"] == pytest.approx(60.0, abs=5.0)
    assert (report["target_c"], report["speed_rpm"], report["safety_c"]) == (60.0, 300.0, 360.0)
