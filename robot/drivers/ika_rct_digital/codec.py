r"""NAMUR commands of IKA hotplate-stirrers. Pure: nothing here opens, waits or logs.

A request ends with blank CR LF. Questions are answered by a value and the number of its channel; settings and
switches are not answered at all, so whatever was set is read back.
Sources: IKA Plate (RCT digital) operating manual, table of commands; pylabware `ika_rct_digital.py`; heingroup `ika`.
"""

import re

from robot.wire.base import until

ASK_NAME = b"IN_NAME \r\n"
ASK_PROBE, ASK_PLATE, ASK_SPEED = b"IN_PV_1 \r\n", b"IN_PV_2 \r\n", b"IN_PV_4 \r\n"
ASK_TARGET, ASK_SAFETY, ASK_TARGET_SPEED = b"IN_SP_1 \r\n", b"IN_SP_3 \r\n", b"IN_SP_4 \r\n"
HEATER_ON, HEATER_OFF = b"START_1 \r\n", b"STOP_1 \r\n"
MOTOR_ON, MOTOR_OFF = b"START_4 \r\n", b"STOP_4 \r\n"
RESET = b"RESET \r\n"

NAMES = ("RCT", "RET", "C-MAG")
"""How devices begin their names that understand these commands."""

frame = until(b"\r\n")


def encode_target(target_c: float) -> bytes:
    r"""Set the temperature.

    >>> encode_target(60.0)
    b'OUT_SP_1 60.0 \r\n'
    """
    return f"OUT_SP_1 {target_c:.1f} \r\n".encode("ascii")


def encode_speed(speed_rpm: float) -> bytes:
    r"""Set the speed.

    >>> encode_speed(300.0)
    b'OUT_SP_4 300 \r\n'
    """
    return f"OUT_SP_4 {speed_rpm:.0f} \r\n".encode("ascii")


def encode_watchdog(silence_s: int) -> bytes:
    r"""Arm watchdog 1, which switches heater and motor off after a silence; sent again, it starts anew.

    >>> encode_watchdog(60)
    b'OUT_WD1@60 \r\n'
    """
    return f"OUT_WD1@{silence_s} \r\n".encode("ascii")


def decode_name(reply: bytes) -> str:
    """Read who answers."""
    return reply.decode("ascii").strip()


def decode_value(channel: int, reply: bytes) -> float:
    r"""Read the value of a channel, or raise ValueError showing the bytes.

    >>> decode_value(2, b"25.5 2 \r\n")
    25.5
    """
    match = re.fullmatch(rb"\s*(-?\d+(?:\.\d+)?) (\d)\s*\r\n", reply)
    if match is None or int(match[2]) != channel:
        raise ValueError(f"not a value of channel {channel}: {reply!r}")
    return float(match[1])


def channel_of(request: bytes) -> int:
    """Which channel a question is for.

    >>> channel_of(ASK_TARGET_SPEED)
    4
    """
    return int(request.split()[0][-1:])
