"""pymodbus 3.16.1 and minimalmodbus 2.1.1 heat with our Eurotherms; a pymodbus server is heated by our drivers."""

import os
import select
import subprocess
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from robot.catalog import connect
from robot.errors import Busy, NotReachable
from robot.interfaces import Segment

SPEED = 240.0  # bench seconds per second: a programme of some minutes takes a second or two
WARM = [Segment(target_c=60.0, rate_c_per_min=20.0, dwell_min=2.0)]

PYMODBUS_ON_A_2416 = """
import json, sys, time
from pymodbus.client import ModbusSerialClient
line = ModbusSerialClient(sys.argv[1], baudrate=9600, timeout=2)
assert line.connect()
read = lambda address, count=1: line.read_holding_registers(address, count=count, device_id=1).registers
assert read(122) == [0x2416]
for address, words in ((24, [0]), (8330, [1, 1]), (8336, [1, 600, 200]), (8344, [3]), (8346, [20]), (8352, [0]), (8355, [2])):
    reply = line.write_registers(address, words, device_id=1)
    assert not reply.isError(), reply
line.write_register(23, 2, device_id=1)
hottest, seen = 0, set()
while (state := read(23)) != [16]:
    hottest = max(hottest, read(1)[0])
    seen.add(state[0])
    time.sleep(0.01)
output = read(4)
line.write_register(23, 1, device_id=1)
print(json.dumps({"hottest": hottest, "seen": sorted(seen), "output": output[0], "state": read(23)[0],
                  "refused": line.read_holding_registers(600, device_id=1).exception_code}))
"""

MINIMALMODBUS_ON_A_3216P = """
import json, sys, time
import minimalmodbus
furnace = minimalmodbus.Instrument(sys.argv[1], 1)
furnace.serial.baudrate, furnace.serial.timeout = 9600, 2
assert furnace.read_register(122) == 0x3216
furnace.write_register(24, 0, number_of_decimals=1, functioncode=6)
furnace.write_register(328, 1)
furnace.write_registers(1280, [2, 600, 200] + [0, 0, 0] * 7)
furnace.write_register(23, 1, functioncode=6)
hottest, seen = 0.0, set()
while (state := furnace.read_register(23)) != 3:
    hottest = max(hottest, furnace.read_register(1, number_of_decimals=1, signed=True))
    seen.add(state)
    time.sleep(0.01)
output = furnace.read_register(4)
furnace.write_register(23, 0, functioncode=6)
try:
    furnace.write_register(24, 3200, number_of_decimals=1, functioncode=6)
    refused = False
except minimalmodbus.IllegalRequestError:
    refused = True
print(json.dumps({"hottest": hottest, "seen": sorted(seen), "output": output, "state": furnace.read_register(23),
                  "refused": refused, "as_float": furnace.read_float(0x8002)}))
"""

PYMODBUS_ON_AN_EPC3016 = """
import json, sys, time
from pymodbus.client import ModbusTcpClient
host, port = sys.argv[1].split(":")
line = ModbusTcpClient(host, port=int(port), timeout=2)
assert line.connect()
read = lambda address, count=1: line.read_holding_registers(address, count=count, device_id=1).registers
assert read(122) == [0x3016]
for address, words in ((24, [0]), (8336, [1, 600, 200]), (8344, [3]), (8346, [20]), (8352, [4, 0]), (8360, [0])):
    assert not line.write_registers(address, words, device_id=1).isError()
line.write_register(23, 2, device_id=1)
hottest = 0
while read(23) != [16]:
    hottest = max(hottest, read(1)[0])
    time.sleep(0.01)
value = line.convert_from_registers(read(0x8002, 2), line.DATATYPE.FLOAT32)
print(json.dumps({"hottest": hottest, "output": read(4)[0], "as_float": value}))
"""

SERVER = """
import asyncio, sys
from pymodbus import FramerType
from pymodbus.server import StartAsyncSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice
blocks = {1: [215, 0, 0, 0, 0], 22: [1, int(sys.argv[3]), 0, 0], 111: [3500, 0], 122: [int(sys.argv[2], 16)], 258: [0],
          525: [1], 8328: [0] * 136}
device = SimDevice(1, [SimData(address, values=values, datatype=DataType.REGISTERS) for address, values in blocks.items()])
async def main():
    task = asyncio.create_task(StartAsyncSerialServer(device, framer=FramerType.RTU, port=sys.argv[1], baudrate=9600))
    await asyncio.sleep(0.3)
    print("ready", flush=True)
    await task
asyncio.run(main())
"""


def test_pymodbus_heats_with_a_2416(run_client: Any, serve: Any) -> None:
    report = run_client("modbus", PYMODBUS_ON_A_2416, serve("furnaces", SPEED)["eurotherm_2416"])

    assert 590 <= report["hottest"] <= 670
    assert report["seen"] == [2]
    assert (report["output"], report["state"], report["refused"]) == (0, 1, 2)


def test_minimalmodbus_heats_with_a_3216p(run_client: Any, serve: Any) -> None:
    report = run_client("modbus", MINIMALMODBUS_ON_A_3216P, serve("furnaces", SPEED)["eurotherm_3216p"])

    assert 59.0 <= report["hottest"] <= 67.0
    assert report["seen"] == [1]
    assert (report["output"], report["state"], report["refused"]) == (0, 0, True)
    assert 20.0 <= report["as_float"] <= 67.0


def test_pymodbus_heats_with_an_epc3016_over_tcp(run_client: Any, serve: Any) -> None:
    report = run_client("modbus", PYMODBUS_ON_AN_EPC3016, serve("furnaces", SPEED)["epc3016_ethernet"])

    assert 590 <= report["hottest"] <= 670
    assert report["output"] == 0
    assert 20.0 <= report["as_float"] <= 67.0


@pytest.fixture
def pymodbus_server(peer: Callable[[str], Path]) -> Callable[..., Any]:
    """A pymodbus RTU server at one of two joined pseudo-terminals; yields the other."""

    @contextmanager
    def serve(identity: str, state: int) -> Iterator[str]:
        with _joined_terminals() as (ours, theirs):
            command = [str(peer("modbus")), "-c", SERVER, theirs, identity, str(state)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
                assert server.stdout is not None
                assert server.stdout.readline() == b"ready\n"
                yield ours
                server.terminate()

    return serve


@contextmanager
def _joined_terminals() -> Iterator[tuple[str, str]]:
    """What is written into one comes out of the other."""
    ends = [os.openpty() for _ in range(2)]
    masters = [master for master, _ in ends]
    stop, stopped = os.pipe()

    def relay() -> None:
        while True:
            for source in select.select([*masters, stop], [], [])[0]:
                if source == stop:
                    return
                os.write(masters[1 - masters.index(source)], os.read(source, 4096))

    for _, slave in ends:
        tty.setraw(slave)
    thread = threading.Thread(target=relay, daemon=True)
    thread.start()
    yield os.ttyname(ends[0][1]), os.ttyname(ends[1][1])
    os.close(stopped)
    thread.join()
    for descriptor in (stop, *(end for pair in ends for end in pair)):
        os.close(descriptor)


def test_our_driver_heats_with_a_pymodbus_server(pymodbus_server: Any) -> None:
    with pymodbus_server("2416", state=1) as port:
        furnace = connect("eurotherm_2416", port=port, max_temperature_c=350)
        assert furnace.read_state().temperature_c == 21.5

        furnace.load_programme(WARM)
        furnace.start_programme()

        assert furnace.read_state().programme == "running"
        with pytest.raises(Busy):
            furnace.load_programme(WARM)
        furnace.stop_programme()
        assert furnace.read_state().programme == "idle"


def test_our_driver_writes_nothing_to_a_server_of_another_model(pymodbus_server: Any) -> None:
    with pymodbus_server("3216", state=1) as port, pytest.raises(NotReachable, match="3216h"):
        connect("eurotherm_2416", port=port, max_temperature_c=350)


def test_our_driver_is_refused_what_a_server_does_not_have(pymodbus_server: Any) -> None:
    with pymodbus_server("3216", state=0) as port, pytest.raises(NotReachable, match="register 1280"):
        connect("eurotherm_3216p", port=port, max_temperature_c=350)
