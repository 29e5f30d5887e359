"""A furnace behind a Eurotherm 3216P. What a chemist should know of it stands in docs/devices/eurotherm_3216p.md.

Sources: alab_control `furnace_3216p/modbus_addr.csv` and `furnace_driver.py`.
"""

from collections.abc import Sequence

from robot.drivers.eurotherm import Dialect, EurothermFurnace, Panel
from robot.drivers.eurotherm import registers as reg
from robot.interfaces import Segment

PROGRAMME_NUMBER, DWELL_UNIT, HOLDBACK, END_KIND, RAMP_UNIT = 311, 321, 327, 328, 531
FIRST_SEGMENT, SEGMENTS = 1280, 8  # three words each: dwell, target, tenths of a degree of ramp
DWELL_IN_MINUTES = 0  # called hours on the panel, which shows hours and minutes; a count is a minute, as A-Lab uses it
RAMP_PER_MINUTE = 0
AT_ONCE, NO_DWELL = 0, 0
END_IN_DWELL = 1  # holds the last target, which is the lowest, and says that it has ended; a reset would not say so
MAX_COUNTS = 9999


def programme_words(segments: Sequence[Segment], panel: Panel) -> reg.Words:
    """Lay out the programme; what is left of the eight segments steps down to the lowest target.

    >>> words = programme_words([Segment(140.0, rate_c_per_min=10.0, dwell_min=20.0)], Panel(1, 0, 3500))
    >>> [words[1280 + offset] for offset in range(6)]
    [20, 1400, 100, 0, 0, 0]
    """
    triples = [
        (
            round(segment.dwell_min),
            round(segment.target_c * 10**panel.decimal_places),
            round(segment.rate_c_per_min * 10),
        )
        for segment in segments
    ]
    triples += [(NO_DWELL, panel.low_counts, AT_ONCE)] * (SEGMENTS - len(segments))
    words = [word for triple in triples for word in triple]
    return {
        PROGRAMME_NUMBER: 1, HOLDBACK: 0, DWELL_UNIT: DWELL_IN_MINUTES, RAMP_UNIT: RAMP_PER_MINUTE,
        END_KIND: END_IN_DWELL, **dict(enumerate(words, FIRST_SEGMENT)),
    }  # fmt: skip


class Eurotherm3216P(EurothermFurnace):
    """One 3216P at the end of a wire; `Furnace` lists the promises kept here."""

    dialect = Dialect(
        model="3216P",
        identity=0x3216,
        landmark=FIRST_SEGMENT,
        stages={0: "idle", 1: "running", 2: "holding", 3: "ended"},
        run=1,
        reset=0,
        sensor_break=(reg.SENSOR_BREAK, 0xFFFF),
        max_segments=SEGMENTS - 1,  # the last one switches off
        dwell_step_min=1.0,
        max_dwell_min=float(MAX_COUNTS),
        programme_words=programme_words,
    )
