"""pydobot 1.3.2, which pins pyserial 3.4, carries a vial with the Dobot Magician and waits until it is there."""

from typing import Any

import pytest

CARRY = """
import json, sys
from pydobot import Dobot
arm = Dobot(port=sys.argv[1])
def stop(x, y, z):
    arm.move_to(x, y, z, 0, wait=True)
stop(240, -60, 120); stop(240, -60, 45)
arm.grip(True)
stop(240, -60, 120); stop(240, 60, 120); stop(240, 60, 45)
arm.grip(False)
stop(240, 60, 120)
print(json.dumps(arm.pose()[:3]))
arm.close()
"""


def test_a_vial_is_carried(run_client: Any, serve: Any, effects: Any) -> None:
    arm = serve("arms", speed=5)["dobot"]

    place_mm = run_client("dobot", CARRY, arm)

    assert place_mm == pytest.approx([240.0, 60.0, 120.0], abs=0.01)
    assert [(effect["site"], effect["place"]) for effect in effects("picked")] == [("shelf", 0)]
    assert [(effect["site"], effect["place"]) for effect in effects("placed")] == [("rack", 0)]
