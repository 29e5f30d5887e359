"""PyMeasure 0.16.0 waits until a film is dry that our own pump has cast, and measures it with four tips."""

from typing import Any

import pytest

from robot.catalog import connect

MEASURE = """
import json, sys, time
from pymeasure.adapters import SerialAdapter
from pymeasure.instruments.keithley import Keithley2400
line = SerialAdapter(sys.argv[1], baudrate=9600, timeout=2, write_termination="\\n", read_termination="\\n")
meter = Keithley2400(line)
meter.reset()
meter.source_mode = "current"
meter.source_current_range_auto_enabled = True
meter.compliance_voltage = 20
meter.wires = 4
meter.voltage_nplc = 1
meter.source_current = 1e-5
meter.source_enabled = True
for _ in range(100):
    if not meter.measure_all()["status"] & 1 << 3:  # in compliance while the film is wet
        break
    time.sleep(0.1)
readings = []
for sign in (1, -1):
    meter.ramp_to_current(sign * 1e-5, steps=3, pause=0.01)
    readings.append(meter.measure_all())
one = meter.resistance
meter.shutdown()
print(json.dumps({"who": meter.id, "readings": readings, "one": one, "is_on": meter.source_enabled,
                  "source_a": meter.source_current, "errors": meter.check_errors()}))
"""


def test_a_film_is_measured_when_it_is_dry(run_client: Any, serve: Any, pump_over: Any) -> None:
    bench = serve("films", speed=6000)
    pump_over("cavro_xcalibur", 1, 7, 100.0, 100.0, port=bench["pump"], valve={1: "p3ht", 7: "nozzle", 9: "waste"})

    report = run_client("instruments", MEASURE, bench["probe"])

    forth, back = report["readings"]
    resistance_ohm = (forth["voltage"] - back["voltage"]) / (forth["current"] - back["current"])
    ours = connect("keithley_2400", port=bench["probe"]).measure_resistance(1e-5, compliance_v=20.0, readings=3)
    assert "MODEL 2400" in report["who"]
    assert resistance_ohm == pytest.approx(ours.resistance_ohm, rel=0.01)
    assert report["one"] == pytest.approx(resistance_ohm, rel=0.05)
    assert (report["is_on"], report["source_a"], report["errors"]) == (False, 0.0, [])
