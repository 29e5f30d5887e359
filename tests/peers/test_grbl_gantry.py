"""grbl-streamer 2.0.2 homes the gantry and streams a program that carries a vial, counting the bytes in GRBL's buffer."""

from typing import Any

import pytest

CARRY = """
import json, sys, threading, time
from grbl_streamer import GrblStreamer

booted, settled, done = threading.Event(), threading.Event(), threading.Event()
states, errors, lines = [], [], []
def tell(event, *data):
    if event == "on_boot":
        booted.set()
    elif event == "on_stateupdate":
        states.append(data[0])
    elif event == "on_read" and data[0].startswith("[GC:") and states[-1:] == ["Idle"]:
        settled.set()  # what it asks when all stands; it would take a later answer for one to the program
    elif event == "on_job_completed":
        done.set()
    elif event == "on_error":
        errors.append(data)
    elif event == "on_processed_command":
        lines.append(data[1])

def go(x, y, z):
    return f"G90 G0 X{x - 400} Y{y - 300} Z{z - 200}"

gantry = GrblStreamer(tell)
gantry.poll_interval = 0.02
gantry.cnect(sys.argv[1])
try:
    assert booted.wait(10)
    gantry.poll_start()
    gantry.homing()
    assert settled.wait(20), states
    gantry.write(["M8", go(240, -60, 120), go(240, -60, 45), "M9", "G4 P0.5", go(240, -60, 120), go(240, 60, 120),
                  go(240, 60, 45), "M8", "G4 P0.5", "G90 G1 F3000 X-160 Y-240 Z-70", "G4 P0.1"])
    done.clear()
    gantry.job_run()
    assert done.wait(20), states
    time.sleep(0.2)
    report = {"place_mm": gantry.cmpos, "states": sorted(set(states)), "errors": errors, "last": lines[-1],
              "offsets_mm": gantry.settings_hash["G54"]}
finally:
    gantry.disconnect()
print(json.dumps(report))
"""


def test_a_program_is_streamed_and_carries_a_vial(run_client: Any, serve: Any, effects: Any) -> None:
    report = run_client("grbl", CARRY, serve("arms", speed=10)["gantry"])

    assert report["errors"] == []
    assert report["last"] == "G04P0.1"
    assert report["place_mm"] == pytest.approx([-160.0, -240.0, -70.0], abs=0.01)
    assert report["states"] == ["Home", "Idle", "Run"]
    assert report["offsets_mm"] == [0.0, 0.0, 0.0]
    assert [(effect["site"], effect["place"]) for effect in effects("picked")] == [("shelf", 0)]
    assert [(effect["site"], effect["place"]) for effect in effects("placed")] == [("rack", 0)]
