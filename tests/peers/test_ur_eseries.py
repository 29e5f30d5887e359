"""ur_rtde 1.6.5 brings a Universal Robots arm up, runs programs and sees them end."""

import os
from typing import Any

import pytest

RUN_PROGRAMS = """
import json, socket, sys, time
from dashboard_client import DashboardClient
from rtde_receive import RTDEReceiveInterface

host = sys.argv[1]
dashboard = DashboardClient(host)
dashboard.connect()
dashboard.powerOn()
dashboard.brakeRelease()
robot = RTDEReceiveInterface(host)  # asks for everything it knows
while robot.getRobotMode() != 7:
    time.sleep(0.01)
with socket.create_connection((host, 30002)) as script:
    script.sendall(b"def go():\\n  movel(p[0.3,0.1,0.1,0,3.14159265,0], a=0.3, v=0.15)\\nend\\n")
    while robot.getRuntimeState() != 2:
        time.sleep(0.001)
    while robot.getRuntimeState() != 1:
        time.sleep(0.001)
moved = robot.getActualTCPPose()
dashboard.loadURP("home.urp")
loaded = dashboard.getLoadedProgram()
dashboard.play()
while dashboard.running():
    time.sleep(0.001)
time.sleep(0.1)
report = {"version": dashboard.polyscopeVersion(), "mode": dashboard.robotmode(), "safety": dashboard.safetystatus(),
          "moved": moved, "loaded": loaded, "ended": dashboard.programState(), "home": robot.getActualTCPPose(),
          "joints": robot.getActualQ(), "safety_bits": robot.getSafetyStatusBits()}
robot.disconnect()
dashboard.disconnect()
print(json.dumps(report))
"""


def test_programs_are_run_and_watched_to_their_end(serve: Any, run_client: Any) -> None:
    pid = os.getpid()
    own_address = f"127.{1 + (pid >> 16) % 250}.{(pid >> 8) % 256}.{1 + pid % 254}"  # it knows only the maker's ports
    serve("arms", 20.0, "--at", own_address)

    report = run_client("arms", RUN_PROGRAMS, own_address)

    assert report["mode"] == "Robotmode: RUNNING"
    assert report["moved"][:3] == pytest.approx([0.3, 0.1, 0.1], abs=1e-6)
    assert report["loaded"] == "Loaded program: /programs/home.urp"
    assert report["ended"] == "STOPPED home.urp"
    assert report["home"][:3] == pytest.approx([0.25, 0.0, 0.2], abs=1e-6)
    assert len(report["joints"]) == 6
    assert report["safety_bits"] == 1
