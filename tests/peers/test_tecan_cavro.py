"""matterlab_pumps 1.2.1 doses with the XCalibur; our own balance weighs what came."""

from typing import Any

import pytest

from robot.catalog import connect

DOSE = """
import json, sys
from matterlab_pumps import TecanXCPump
pump = TecanXCPump(sys.argv[1], address=0, syringe_volume=1e-3, num_valve_port=9, init_valve=1, out_valve=9,
                   ports={"ink": 1, "vial": 6}, timeout=1.0)
pump.draw_and_dispense(1.6, "ink", "vial", speed=0.5)
print(json.dumps({"left_ml": pump.volume, "port": pump.port, "speed": pump.report_top_speed()}))
"""
CHLOROBENZENE_MG_PER_UL = 1.11


def test_a_dose_of_two_strokes_is_drawn_pushed_out_and_weighed(run_client: Any, serve: Any, effects: Any) -> None:
    bench = serve("films", speed=20)
    balance = connect("mettler_mt_sics", port=bench["balance"])
    before_mg = balance.read_weight().mass_mg

    report = run_client("cavro", DOSE, bench["pump"])

    assert report["left_ml"] == 0.0
    assert report["port"] == 6
    assert [round(effect["liquid_ul"], -1) for effect in effects("dispensed")] == [800.0, 800.0]
    assert balance.read_weight().mass_mg - before_mg == pytest.approx(1600 * CHLOROBENZENE_MG_PER_UL, rel=0.02)
