"""Frames of AIBUS and the layout of its programmes. Pure: nothing here opens, waits or logs.

Source: "AIBUS communication protocol" V7.0 and V8.0 by Yudian, as the C module aibusfunction.c and alab_control's
`tube_furnace_mti` use it. A reply names neither its sender nor its parameter, except through its sum.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from robot.interfaces import Segment
from robot.wire.base import Framer

READ, WRITE = 0x52, 0x43
SETPOINT, CONTROL, DECIMALS, RUN_STATE, FIRST_STEP = 0x00, 0x06, 0x0C, 0x1B, 0x50
RUN, PAUSE, STOP = 0, 4, 12
REPLY_BYTES = 10
INPUT_OUT_OF_RANGE = 1 << 4  # status: the thermocouple is broken
FINER_THAN_PANEL = 0x80
END_OF_PROGRAMME = -121
REST_C = 20.0  # room temperature: a set-point that asks for no heat
END_MARK_C = 5.0  # its last setpoint, where none but a programme that ran to its end leaves it
SWITCH_OFF_MIN = 1


@dataclass(frozen=True)
class Reply:
    """What every answer tells, whatever was asked: counts of temperature, percent of output, status, the parameter."""

    process_value: int
    setpoint: int
    output_percent: int
    status: int
    value: int


@lru_cache(maxsize=1024)
def encode_read(address: int, parameter: int) -> bytes:
    """Ask for a parameter.

    >>> encode_read(1, DECIMALS).hex(" ")
    '81 81 52 0c 00 00 53 0c'
    """
    return _request(address, READ, parameter, 0)


def encode_write(address: int, parameter: int, value: int) -> bytes:
    """Set a parameter to a value from -32768 to 32767.

    >>> encode_write(1, SETPOINT, 8000).hex(" ")
    '81 81 43 00 40 1f 84 1f'
    """
    return _request(address, WRITE, parameter, value)


def _request(address: int, op: int, parameter: int, value: int) -> bytes:
    total = parameter * 256 + op + value + address
    return struct.pack("<BBBBhH", 0x80 + address, 0x80 + address, op, parameter, value, total & 0xFFFF)


@lru_cache(maxsize=128)
def reply_from(address: int) -> Framer:
    """Find the first ten bytes whose sum is right for this address, whatever noise lies before them."""

    def find(received: bytes) -> bytes | None:
        for start in range(len(received) - REPLY_BYTES + 1):
            frame = received[start : start + REPLY_BYTES]
            if _sum_is_right(address, frame):
                return frame
        return None

    return find


def decode_reply(frame: bytes) -> Reply:
    """Read an answer whose sum was right.

    >>> decode_reply(bytes.fromhex("FD 00 40 1F 64 00 81 00 23 21"))
    Reply(process_value=253, setpoint=8000, output_percent=100, status=0, value=129)
    """
    process_value, setpoint, output_percent, status, value, _ = struct.unpack("<hhBBhH", frame)
    return Reply(process_value, setpoint, output_percent, status, value)


def counts_per_degree(decimals: int) -> int:
    """Read the parameter dPt.

    >>> counts_per_degree(1), counts_per_degree(129)
    (10, 10)

    Raises:
        ValueError: its meaning is not known for certain.
    """
    if decimals in (0, 1):
        return int(10**decimals)
    if decimals in (FINER_THAN_PANEL, FINER_THAN_PANEL + 1):
        return 10
    raise ValueError(f"dPt={decimals} leaves its scale unclear")


def programme_words(segments: Sequence[Segment], per_degree: int, start_c: float) -> dict[int, int]:
    """Lay out a programme of setpoints and the minutes from each to the next; parameter to value, in writing order.

    It sets out from `start_c`, which should be where the chamber is: the controller itself does not look.

    A ramp takes whole minutes, rounded up: it is never faster than asked for. The last minute leads down to
    `END_MARK_C`, which switches the heater off and tells later that the programme came to its end. A time of 0 is never
    written: on some firmware it holds.

    >>> words = programme_words([Segment(140.0, rate_c_per_min=10.0, dwell_min=20.0)], per_degree=10, start_c=20.0)
    >>> list(words.items())
    [(80, 200), (81, 12), (82, 1400), (83, 20), (84, 1400), (85, 1), (86, 50), (87, -121)]
    """
    steps: list[tuple[float, int]] = []
    at_c = start_c
    for segment in segments:
        ramp_min = _ramp_min(at_c, segment)
        steps += [(at_c, ramp_min)] * (ramp_min > 0)
        at_c, dwell_min = segment.target_c, round(segment.dwell_min)
        steps += [(at_c, dwell_min)] * (dwell_min > 0)
    steps += [(at_c, SWITCH_OFF_MIN), (END_MARK_C, END_OF_PROGRAMME)]
    words = [word for at_c, minutes in steps for word in (round(at_c * per_degree), minutes)]
    return dict(enumerate(words, FIRST_STEP))


def longest_ramp_min(segments: Sequence[Segment]) -> int:
    """The longest of a programme's ramps, in minutes as they are stored."""
    starts_c = [REST_C, *(segment.target_c for segment in segments)]
    return max(_ramp_min(at_c, segment) for at_c, segment in zip(starts_c, segments, strict=False))


def _ramp_min(at_c: float, segment: Segment) -> int:
    minutes = abs(segment.target_c - at_c) / segment.rate_c_per_min
    return -int(-round(minutes, 6) // 1)


def _sum_is_right(address: int, frame: bytes) -> bool:
    process_value, setpoint, output_percent, status, value, total = struct.unpack("<HHBBHH", frame)
    return bool((process_value + setpoint + (status << 8) + output_percent + value + address) & 0xFFFF == total)
