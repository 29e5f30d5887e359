"""What stands in which register of a 2416, and how a programme is laid out in them. Pure.

Sources: alab_control `furnace_2416/modbus_addr.csv` and `furnace_driver.py`; Eurotherm 2416 engineering handbook.
"""

from collections.abc import Iterable, Iterator, Sequence

from robot.interfaces import Segment

PROCESS_VALUE = 1  # 1 to 5 are read in one go: process value, target, manual and working output, working setpoint
SETPOINT_1 = 24
PROGRAMME_NUMBER = 22
PROGRAMMER_STATE = 23
LIMIT_HIGH, LIMIT_LOW = 111, 112
IDENTITY = 122
SENSOR_BREAK = 258
DECIMAL_PLACES = 525
HOLDBACK, RAMP_UNIT, DWELL_UNIT = 8328, 8330, 8331  # of programme 1, as are the segments
FIRST_SEGMENT, SEGMENT_STRIDE, SEGMENTS = 8336, 8, 16
KIND, TARGET, RATE_OR_DURATION, END_KIND, SEGMENT_HOLDBACK = 0, 1, 2, 3, 5  # within a segment

RESET, RUN, HOLD, WAITS_FOR_CHAMBER, END = 1, 2, 4, 8, 16  # programmer states; on a 3216P 1 means run!
KIND_END, KIND_RAMP, KIND_DWELL = 0, 1, 3
END_WITH_OUTPUT_OFF = 2  # "S OP": 0 would hold the last temperature for ever, 1 would fall back to setpoint 1
MINUTES = 1
MAX_TENTHS = 9999  # of a degree a minute, or of a minute


def programme_words(segments: Sequence[Segment], decimal_places: int) -> dict[int, int]:
    """Lay out a programme: a ramp and a dwell for each segment, then the end; register to value, in writing order.

    >>> words = programme_words([Segment(target_c=140.0, rate_c_per_min=10.0, dwell_min=20.0)], decimal_places=0)
    >>> [words[8336 + offset] for offset in (0, 1, 2, 8, 10, 16)]
    [1, 140, 100, 3, 200, 0]
    """
    words = {PROGRAMME_NUMBER: 1, HOLDBACK: 0, RAMP_UNIT: MINUTES, DWELL_UNIT: MINUTES}
    for number, parts in enumerate(_stored_segments(segments, decimal_places)):
        start = FIRST_SEGMENT + SEGMENT_STRIDE * number
        words |= {start + offset: value for offset, value in parts.items()}
    return words


def _stored_segments(segments: Sequence[Segment], decimal_places: int) -> Iterator[dict[int, int]]:
    for segment in segments:
        yield {
            KIND: KIND_RAMP,
            TARGET: round(segment.target_c * 10**decimal_places),
            RATE_OR_DURATION: round(segment.rate_c_per_min * 10),
            SEGMENT_HOLDBACK: 0,
        }
        yield {KIND: KIND_DWELL, RATE_OR_DURATION: round(segment.dwell_min * 10), SEGMENT_HOLDBACK: 0}
    yield {KIND: KIND_END, END_KIND: END_WITH_OUTPUT_OFF}


def runs(addresses: Iterable[int]) -> list[tuple[int, int]]:
    """Group neighbouring registers into (first, count), so that each group is read in one go.

    >>> runs([22, 8330, 8331, 8328])
    [(22, 1), (8328, 1), (8330, 2)]
    """
    grouped: list[tuple[int, int]] = []
    for address in sorted(addresses):
        if grouped and sum(grouped[-1]) == address:
            grouped[-1] = (grouped[-1][0], grouped[-1][1] + 1)
        else:
            grouped.append((address, 1))
    return grouped
