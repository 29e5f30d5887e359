"""RTDE of a Universal Robots arm: data told at a period, agreed upon by name.

Source: the fact sheet, after UR "Real-Time Data Exchange (RTDE) guide" and what ur_rtde 1.6.5 was seen to ask.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from math import inf


class Kind(IntEnum):
    """Types of packages."""

    PROTOCOL = ord("V")
    VERSION = ord("v")
    OUTPUTS = ord("O")
    INPUTS = ord("I")
    START = ord("S")
    PAUSE = ord("P")
    DATA = ord("U")


CONTROLLER = (5, 11, 1, 108318)
FASTEST_HZ = 500.0
LONGEST = 65536

LAYOUT = {
    "DOUBLE": "d", "VECTOR3D": "3d", "VECTOR6D": "6d", "VECTOR6INT32": "6i", "INT32": "i", "UINT32": "I", "UINT64": "Q",
    "BOOL": "?", "UINT8": "B",
}  # fmt: skip

_OUTPUTS = {
    "DOUBLE": "timestamp actual_execution_time speed_scaling target_speed_fraction actual_momentum actual_main_voltage "
    "actual_robot_voltage actual_robot_current standard_analog_input0 standard_analog_input1 standard_analog_output0 "
    "standard_analog_output1 io_current tool_analog_input0 tool_analog_input1 tool_output_current tcp_force_scalar payload",
    "VECTOR6D": "target_q target_qd target_qdd target_current target_moment actual_q actual_qd actual_current "
    "actual_current_as_torque joint_control_output actual_TCP_pose actual_TCP_speed actual_TCP_force target_TCP_pose "
    "target_TCP_speed joint_temperatures actual_joint_voltage ft_raw_wrench payload_inertia tcp_offset",
    "VECTOR3D": "actual_tool_accelerometer elbow_position elbow_velocity payload_cog",
    "VECTOR6INT32": "joint_mode",
    "INT32": "robot_mode safety_mode safety_status tool_output_voltage tool_temperature",
    "UINT32": "runtime_state robot_status_bits safety_status_bits output_bit_registers0_to_31 "
    "output_bit_registers32_to_63 analog_io_types tool_mode",
    "UINT64": "actual_digital_input_bits actual_digital_output_bits",
}
OUTPUT_TYPES = {name: kind for kind, names in _OUTPUTS.items() for name in names.split()}
OUTPUT_TYPES |= {f"output_int_register_{number}": "INT32" for number in range(48)}
OUTPUT_TYPES |= {f"output_double_register_{number}": "DOUBLE" for number in range(48)}

INPUT_TYPES = {"speed_slider_mask": "UINT32", "speed_slider_fraction": "DOUBLE", "standard_digital_output_mask": "UINT8",
               "standard_digital_output": "UINT8"}  # fmt: skip
INPUT_TYPES |= {f"input_int_register_{number}": "INT32" for number in range(48)}
INPUT_TYPES |= {f"input_double_register_{number}": "DOUBLE" for number in range(48)}

Read = Callable[[str], Sequence[float]]
"""The present value of an output by its name, as numbers; none for what is not modelled."""


class RtdeCall:
    """One client: what he is told, how often, and which inputs are his."""

    def __init__(self, now_s: Callable[[], float], read: Read, inputs: dict[str, "RtdeCall"]) -> None:
        self._now_s, self._read, self._inputs = now_s, read, inputs
        self._received = b""
        self._told: list[str] = []
        self._period_s = 1 / FASTEST_HZ
        self._next_s = inf

    def receive(self, data: bytes) -> bytes:
        """Answer each whole package, and tell what is due: once, for old data are of no use."""
        self._received = (self._received + data)[-LONGEST:]
        said = b"".join(self._answer(kind, payload) for kind, payload in self._packages())
        if self._now_s() >= self._next_s:
            said += self._data()
        return said

    def hang_up(self) -> None:
        """Let go of the inputs."""
        for name in [name for name, owner in self._inputs.items() if owner is self]:
            del self._inputs[name]

    def _packages(self) -> Iterator[tuple[int, bytes]]:
        while len(self._received) >= 3:
            size, kind = struct.unpack_from(">HB", self._received)
            if size < 3:
                self._received = b""
                return
            if len(self._received) < size:
                return
            payload, self._received = self._received[3:size], self._received[size:]
            yield kind, payload

    def _answer(self, kind: int, payload: bytes) -> bytes:
        match kind:
            case Kind.PROTOCOL:
                return _package(kind, bytes((payload in (b"\x00\x01", b"\x00\x02"),)))
            case Kind.VERSION:
                return _package(kind, struct.pack(">4I", *CONTROLLER))
            case Kind.OUTPUTS if len(payload) >= 8:
                return self._agree_on_outputs(payload)
            case Kind.INPUTS:
                return self._agree_on_inputs(payload.decode("ascii", "replace").split(","))
            case Kind.START:
                accepted = bool(self._told)
                return _package(kind, bytes((accepted,))) + (self._data() if accepted else b"")
            case Kind.PAUSE:
                self._next_s = inf
                return _package(kind, b"\x01")
        return b""

    def _agree_on_outputs(self, payload: bytes) -> bytes:
        (frequency_hz,) = struct.unpack_from(">d", payload)
        names = [name for name in payload[8:].decode("ascii", "replace").split(",") if name]  # a comma may trail
        kinds = [OUTPUT_TYPES.get(name, "NOT_FOUND") for name in names]
        self._period_s = 1 / min(max(frequency_hz, 1.0), FASTEST_HZ)
        self._told = [] if "NOT_FOUND" in kinds else names
        return _package(Kind.OUTPUTS, b"\x01" + ",".join(kinds).encode())

    def _agree_on_inputs(self, names: list[str]) -> bytes:
        kinds = [
            "IN_USE" if self._inputs.get(name, self) is not self else INPUT_TYPES.get(name, "NOT_FOUND")
            for name in names
        ]
        accepted = not {"IN_USE", "NOT_FOUND"} & set(kinds)
        if accepted:
            self._inputs |= dict.fromkeys(names, self)
        return _package(Kind.INPUTS, bytes((accepted,)) + ",".join(kinds).encode())

    def _data(self) -> bytes:
        self._next_s = self._now_s() + self._period_s
        return _package(Kind.DATA, b"\x01" + b"".join(self._packed(name) for name in self._told))

    def _packed(self, name: str) -> bytes:
        layout = LAYOUT[OUTPUT_TYPES[name]]
        values = self._read(name)
        return struct.pack(f">{layout}", *values) if values else bytes(struct.calcsize(f">{layout}"))


def _package(kind: int, payload: bytes) -> bytes:
    """Size, type, payload.

    >>> _package(Kind.PROTOCOL, b"\\x01").hex(" ")
    '00 04 56 01'
    """
    return struct.pack(">HB", 3 + len(payload), kind) + payload
