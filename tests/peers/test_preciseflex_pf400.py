"""PyLabRobot 0.2.2 carries a vial with the PreciseFlex 400."""

from typing import Any

import pytest

CARRY = """
import asyncio, json, sys
from pylabrobot.arms.precise_flex.coords import PreciseFlexCartesianCoords
from pylabrobot.arms.precise_flex.pf_400 import PreciseFlex400Backend
from pylabrobot.resources import Coordinate, Rotation

async def go(arm, x, y, z):
    await arm.move_to(PreciseFlexCartesianCoords(Coordinate(x, y, z), Rotation(180, 90, 0)))
    await arm.wait_for_eom()

async def main(host, port):
    arm = PreciseFlex400Backend(host=host, port=int(port))
    await arm.setup()
    await arm.set_speed(50)
    await arm.open_gripper(90)
    for y, grip in ((-60, arm.close_gripper), (60, arm.open_gripper)):
        await go(arm, 240, y, 120)
        await go(arm, 240, y, 45)
        await grip(60)
        await arm.wait_for_eom()
        await go(arm, 240, y, 120)
    there, joints = await arm.get_cartesian_position(), await arm.get_joint_position()
    report = {"version": await arm.get_version(), "system": await arm.get_system_state(), "z_mm": there.location.z,
              "column_mm": list(joints.values())[1]}
    await arm.stop()
    print(json.dumps(report))

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_vial_is_carried(serve: Any, run_client: Any, effects: Any) -> None:
    host, _, ports = serve("arms", 20.0)["scara"].partition(":")

    report = run_client("arms", CARRY, host, ports.partition(",")[0])

    assert report["version"].startswith("TCP Command Server")
    assert report["system"] == 21
    assert report["z_mm"] == report["column_mm"] == pytest.approx(120.0)
    assert [effect["vessel"] for effect in effects("placed")] == ["shelf-0"]
    assert effects("placed")[0]["site"] == "rack"
