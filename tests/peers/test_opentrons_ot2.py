"""opentrons_http_api_client 0.2.1 carries a dose with the OT-2: a fresh tip, water, a vial, the tip dropped."""

from typing import Any
from urllib.parse import urlsplit

import pytest

DOSE = """
import json, sys
import urllib.error, urllib.request  # which the client uses and does not import
import ot_api
ot_api.set_host(sys.argv[1])
ot_api.set_port(int(sys.argv[2]))
who = ot_api.health.get()
ot_api.set_run(ot_api.runs.create())
ot_api.health.home()
left, right = ot_api.lh.add_mounted_pipettes()
worn = left or right
pipette = worn["pipetteId"]
for name, load_name, slot in (("tips", "opentrons_96_tiprack_300ul", 11), ("wells", "nest_12_reservoir_15ml", 2),
                              ("plate", "corning_6_wellplate_16.8ml_flat", 3)):
    ot_api.labware.add(load_name, "opentrons", 1, slot, labware_id=name, display_name=name)
ot_api.lh.pick_up_tip("tips", "A1", pipette)
ot_api.lh.aspirate("wells", "A2", volume=200, flow_rate=90, pipette_id=pipette, offset_z=2)
done = ot_api.lh.dispense("plate", "A1", volume=200, flow_rate=90, pipette_id=pipette, offset_z=5)
ot_api.lh.drop_tip("tips", "A1", pipette)
try:
    ot_api.lh.aspirate("wells", "A2", volume=200, flow_rate=90, pipette_id=pipette)
    refused = ""
except Exception as err:
    refused = str(err)
print(json.dumps({"who": who["robot_model"], "worn": worn["name"], "mounts": [left is None, right is None],
                  "status": done["data"]["status"], "refused": refused}))
"""


def test_a_dose_is_carried_with_a_fresh_tip(run_client: Any, serve: Any, effects: Any) -> None:
    robot = urlsplit(serve("liquids", speed=20)["handler"])

    report = run_client("opentrons", DOSE, str(robot.hostname), str(robot.port))

    assert report["who"] == "OT-2 Standard"
    assert report["worn"] == "p300_single_gen2"
    assert sorted(report["mounts"]) == [False, True]
    assert report["status"] == "succeeded"
    assert "TipNotAttachedError" in report["refused"]
    assert [round(effect["liquid_ul"], -1) for effect in effects("dispensed")] == [pytest.approx(200.0)]
