"""Bytes of the Dobot Magician. Pure: nothing here opens, waits or logs.

A frame is `AA AA | length | id | control | parameters | check`, little-endian; the length counts id, control and
parameters, and all bytes from the id to the check sum to 0 modulo 256. A reply bears its request's id.
Sources: Dobot Magician communication protocol V1.1.5; pydobot `message.py`; dobotApiRs `alarm.rs` for the alarms.
"""

import struct
from enum import IntEnum

from robot.geometry import BenchPoint
from robot.wire.base import Framer

SYNC = b"\xaa\xaa"
WRITE, QUEUED = 1, 2  # bits of the control byte
INPUT = 3  # of the modes of a pin
MOVE_LINEAR_XYZ = 2  # PTP mode MOVL_XYZ; modes from 6 on are increments: repeating one would move twice


class Command(IntEnum):
    """Ids of the frames that are used here."""

    POSE = 10
    ALARMS = 20
    CLEAR_ALARMS = 21
    HOME = 31
    GRIPPER = 63
    JOINT_LIMITS = 80
    LINEAR_LIMITS = 81
    JUMP_LIMITS = 82
    SPEED_RATIOS = 83
    MOVE = 84
    PIN_MODE = 130
    PIN_LEVEL = 133
    QUEUE_START = 240
    QUEUE_FORCE_STOP = 242
    QUEUE_CLEAR = 245
    QUEUE_INDEX = 246


def encode(command: Command, control: int = 0, parameters: bytes = b"") -> bytes:
    """Wrap a command into a frame.

    >>> encode(Command.POSE).hex(" ")
    'aa aa 02 0a 00 f6'
    """
    payload = bytes((command, control)) + parameters
    return SYNC + bytes((len(payload),)) + payload + bytes((-sum(payload) & 0xFF,))


ASK_POSE = encode(Command.POSE)
ASK_ALARMS = encode(Command.ALARMS)
ASK_QUEUE_INDEX = encode(Command.QUEUE_INDEX)
CLEAR_ALARMS = encode(Command.CLEAR_ALARMS, WRITE)
QUEUE_START = encode(Command.QUEUE_START, WRITE)
QUEUE_FORCE_STOP = encode(Command.QUEUE_FORCE_STOP, WRITE)
QUEUE_CLEAR = encode(Command.QUEUE_CLEAR, WRITE)
HOME = encode(Command.HOME, WRITE | QUEUED, bytes(4))


def encode_move(to: BenchPoint) -> bytes:
    """Queue a straight move of the tool.

    >>> encode_move(BenchPoint(250.0, 0.0, 0.0)).hex(" ")
    'aa aa 13 54 03 02 00 00 7a 43 00 00 00 00 00 00 00 00 00 00 00 00 ea'
    """
    parameters = struct.pack("<B4f", MOVE_LINEAR_XYZ, to.x_mm, to.y_mm, to.z_mm, 0.0)
    return encode(Command.MOVE, WRITE | QUEUED, parameters)


def encode_grip(closed: bool) -> bytes:
    """Queue closing or opening of the gripper, its pump on.

    >>> encode_grip(closed=True).hex(" ")
    'aa aa 04 3f 03 01 01 bc'
    """
    return encode(Command.GRIPPER, WRITE | QUEUED, bytes((1, closed)))


def encode_limits(speed_mm_per_s: float, acceleration_mm_per_s2: float) -> tuple[bytes, ...]:
    """Queue the limits of motion: of the joints, of straight moves, of jumps (unused here), and 100 % of them all.

    >>> encode_limits(150.0, 300.0)[1].hex(" ")
    'aa aa 12 51 03 00 00 16 43 00 00 16 43 00 00 96 43 00 00 96 43 48'
    """
    speed, acceleration = speed_mm_per_s, acceleration_mm_per_s2
    parameters = {
        Command.JOINT_LIMITS: struct.pack("<8f", *[speed] * 4, *[acceleration] * 4),
        Command.LINEAR_LIMITS: struct.pack("<4f", speed, speed, acceleration, acceleration),
        Command.JUMP_LIMITS: struct.pack("<2f", 20.0, 165.0),
        Command.SPEED_RATIOS: struct.pack("<2f", 100.0, 100.0),
    }
    return tuple(encode(command, WRITE | QUEUED, data) for command, data in parameters.items())


def encode_pin_as_input(pin: int) -> bytes:
    """Make a pin of its extension an input.

    >>> encode_pin_as_input(15).hex(" ")
    'aa aa 04 82 01 0f 03 6b'
    """
    return encode(Command.PIN_MODE, WRITE, bytes((pin, INPUT)))


def encode_level_question(pin: int) -> bytes:
    """Ask for the level of a pin; where the reply has the level, the question has a 0.

    >>> encode_level_question(15).hex(" ")
    'aa aa 04 85 00 0f 00 6c'
    """
    return encode(Command.PIN_LEVEL, 0, bytes((pin, 0)))


def reply_to(request: bytes) -> Framer:
    """Find the first sound frame that answers `request`, whatever noise or older reply lies before it."""
    wanted = request[3]

    def frame(received: bytes) -> bytes | None:
        start = received.find(SYNC)
        while 0 <= start < len(received) - 5:
            end = start + 4 + received[start + 2]
            if received[start + 3] == wanted and end <= len(received) and not sum(received[start + 3 : end]) & 0xFF:
                return received[start:end]
            start = received.find(SYNC, start + 1)
        return None

    return frame


def decode_done(reply: bytes) -> None:
    """Read the reply to a command that is not queued: it came, that is all. Some firmware echoes parameters."""


def decode_index(reply: bytes) -> int:
    """Read a queue index.

    >>> decode_index(bytes.fromhex("AA AA 0A 54 03 05 00 00 00 00 00 00 00 A4"))
    5
    """
    return int.from_bytes(_parameters(reply, 8), "little")


def decode_level(reply: bytes) -> bool:
    """Read the level of a pin, after its number.

    >>> decode_level(bytes.fromhex("AA AA 04 85 00 0F 01 6B"))
    True
    """
    return _parameters(reply, 2)[1] == 1


def decode_pose(reply: bytes) -> BenchPoint:
    """Read where the tool is; the rotation and the joints' angles that follow are not used."""
    x_mm, y_mm, z_mm = struct.unpack("<3f", _parameters(reply, 32)[:12])
    return BenchPoint(x_mm, y_mm, z_mm)


def decode_alarms(reply: bytes) -> tuple[str, ...]:
    """Read a bitmap of alarms, in words.

    >>> decode_alarms(bytes.fromhex("AA AA 12 14 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 EB"))
    ('inverse kinematics singular (alarm 10h)',)
    """
    bits = int.from_bytes(_parameters(reply, 16), "little")
    return tuple(alarm_text(number) for number in range(128) if bits >> number & 1) if bits else ()


def alarm_text(number: int) -> str:
    """Say in words what an alarm's number means.

    >>> alarm_text(0x52)
    'axis 3 lost steps (alarm 52h)'
    """
    if 0x40 <= number <= 0x47:
        what = f"axis {(number - 0x40) // 2 + 1} at its limit"
    elif 0x50 <= number <= 0x53:
        what = f"axis {number - 0x4F} lost steps"
    else:
        what = next(words for first, words in _ALARMS if number >= first)
    return f"{what} (alarm {number:02X}h)"


_ALARMS = (  # the first number of each kind, last kind first
    (0x54, "drive fault"),
    (0x48, "joint at its limit"),
    (0x30, "too fast"),
    (0x20, "out of reach in motion"),
    (0x14, "plan impossible"),
    (0x13, "plan repeats a point"),
    (0x12, "plan beyond a limit"),
    (0x11, "inverse kinematics failed"),
    (0x10, "inverse kinematics singular"),
    (0x04, "angle sensor"),
    (0x03, "controller's inner link"),
    (0x02, "file system"),
    (0x01, "instruction unknown to this firmware"),
    (0x00, "controller was reset"),
)


def _parameters(reply: bytes, count: int) -> bytes:
    parameters = reply[5:-1]
    if len(parameters) != count:
        raise ValueError(f"not {count} bytes of parameters: {reply.hex(' ')}")
    return parameters
