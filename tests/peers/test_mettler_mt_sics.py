"""PyLabRobot 0.2.2 and Janelia's mettler_toledo_device 1.5.0 weigh a dose that our own pump has made."""

from typing import Any

import pytest

PYLABROBOT = """
import asyncio, json, sys
from pylabrobot.scales.mettler_toledo_backend import MettlerToledoWXS205SDUBackend
async def main():
    scale = MettlerToledoWXS205SDUBackend(port=sys.argv[1], vid=None, pid=None)
    await scale.setup()
    if sys.argv[2] == "tare":
        await scale.tare()
    report = {"number": scale.serial_number, "tare_g": await scale.request_tare_weight(), "net_g": await scale.read_weight()}
    await scale.stop()
    print(json.dumps(report))
asyncio.run(main())
"""
VALVE = {1: "ink", 2: "water", 6: "vial", 9: "waste"}
JANELIA = """
import json, sys
from mettler_toledo_device import MettlerToledoDevice
scale = MettlerToledoDevice(port=sys.argv[1])
if sys.argv[2] == "tare":
    scale.zero_stable()
weight = None
while weight is None:
    weight = scale.get_weight_stable()
print(json.dumps({"number": scale.get_serial_number(), "net_g": weight[0], "data": scale.get_balance_data()}))
"""


@pytest.mark.parametrize(("environment", "script"), [("liquids", PYLABROBOT), ("janelia", JANELIA)])
def test_a_dose_is_weighed(run_client: Any, serve: Any, pump_over: Any, environment: str, script: str) -> None:
    bench = serve("liquids", speed=10)
    before = run_client(environment, script, bench["balance"], "tare")

    pump_over("cavro_xlp_6000", 2, 6, 800.0, 400.0, port=bench["oem_pump"], protocol="oem", valve=VALVE)
    after = run_client(environment, script, bench["balance"], "weigh")

    assert before["number"] == after["number"] == "B021002593"
    assert before["net_g"] == pytest.approx(0.0, abs=5e-4)
    assert after["net_g"] == pytest.approx(0.800, rel=0.02)
