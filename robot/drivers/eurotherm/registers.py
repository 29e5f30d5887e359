"""What stands in which register of every Eurotherm, and the eight-word segments of the 2400 and EPC3000 series. Pure.

Sources: alab_control `furnace_2416/modbus_addr.csv`, `furnace_3216p/modbus_addr.csv` and their drivers; Eurotherm 2416
engineering handbook.
"""

from collections.abc import Iterable, Sequence

from robot.interfaces import Segment

PROCESS_VALUE = 1  # 1 to 5 are read in one go: process value, target, manual and working output, working setpoint
PROGRAMMER_STATE = 23
SETPOINT_1 = 24
STATUS = 75
STATUS_SENSOR_BREAK = 1 << 5
LIMIT_HIGH, LIMIT_LOW = 111, 112
IDENTITY = 122
SENSOR_BREAK = 258
DECIMAL_PLACES = 525
FLOATS = 0x8000  # register n as an IEEE-754 number, in two registers from here + 2 n on

PROGRAMME_NUMBER = 22
HOLDBACK, RAMP_UNIT, DWELL_UNIT = 8328, 8330, 8331  # of programme 1, as are the segments
FIRST_SEGMENT, SEGMENT_STRIDE, SEGMENTS = 8336, 8, 16
KIND, TARGET, RATE_OR_DURATION, END_KIND, SEGMENT_HOLDBACK = 0, 1, 2, 3, 5  # within a segment
KIND_END, KIND_RAMP, KIND_DWELL, KIND_STEP = 0, 1, 3, 4
MINUTES = 1
MAX_TENTHS = 9999  # of a degree a minute, or of a minute

Words = dict[int, int]


def segment_words(segments: Sequence[Segment], decimal_places: int, end: Iterable[Words]) -> Words:
    """Lay out programme 1: a ramp and a dwell for each segment, then the end; register to value, in writing order.

    >>> words = segment_words([Segment(140.0, rate_c_per_min=10.0, dwell_min=20.0)], 0, [{KIND: KIND_END}])
    >>> [words[8336 + offset] for offset in (0, 1, 2, 8, 10, 16)]
    [1, 140, 100, 3, 200, 0]
    """
    parts: list[Words] = []
    for segment in segments:
        target, rate = round(segment.target_c * 10**decimal_places), round(segment.rate_c_per_min * 10)
        parts.append({KIND: KIND_RAMP, TARGET: target, RATE_OR_DURATION: rate, SEGMENT_HOLDBACK: 0})
        parts.append({KIND: KIND_DWELL, RATE_OR_DURATION: round(segment.dwell_min * 10), SEGMENT_HOLDBACK: 0})
    words = {PROGRAMME_NUMBER: 1, HOLDBACK: 0, RAMP_UNIT: MINUTES, DWELL_UNIT: MINUTES}
    for number, part in enumerate([*parts, *end]):
        start = FIRST_SEGMENT + SEGMENT_STRIDE * number
        words |= {start + offset: value for offset, value in part.items()}
    return words
