"""A furnace behind a Eurotherm 2416. What a chemist should know of it stands in docs/devices/eurotherm_2416.md."""

from collections.abc import Sequence

from robot.drivers.eurotherm import Dialect, EurothermFurnace, Panel
from robot.drivers.eurotherm import registers as reg
from robot.interfaces import Segment

END_WITH_OUTPUT_OFF = {reg.KIND: reg.KIND_END, reg.END_KIND: 2}  # "S OP"; 0 would hold the last temperature for ever


def programme_words(segments: Sequence[Segment], panel: Panel) -> reg.Words:
    """Lay out programme 1, ending with the output off."""
    return reg.segment_words(segments, panel.decimal_places, [END_WITH_OUTPUT_OFF])


class Eurotherm2416(EurothermFurnace):
    """One 2416 at the end of a wire; `Furnace` lists the promises kept here."""

    dialect = Dialect(
        model="2416",
        identity=0x2416,
        landmark=reg.RAMP_UNIT,
        stages={1: "idle", 2: "running", 4: "holding", 8: "running", 16: "ended"},  # 8: held back by a slow chamber
        run=2,
        reset=1,
        sensor_break=(reg.SENSOR_BREAK, 0xFFFF),
        max_segments=(reg.SEGMENTS - 1) // 2,  # each takes a ramp and a dwell, and one is the end
        dwell_step_min=0.1,
        max_dwell_min=reg.MAX_TENTHS / 10,
        programme_words=programme_words,
    )
