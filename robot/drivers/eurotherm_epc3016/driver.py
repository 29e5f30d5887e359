"""A furnace behind a Eurotherm EPC3016. What a chemist should know of it stands in docs/devices/eurotherm_epc3016.md.

Sources: alab_control `furnace_epc_3016/furnace_driver.py`; pychron's EPC3000 driver for the registers being those of the
2400 series.
"""

import struct
from collections.abc import Sequence

from robot.device_settings import EurothermEPC3016Settings
from robot.drivers.eurotherm import Dialect, EurothermFurnace, Panel
from robot.drivers.eurotherm import registers as reg
from robot.drivers.modbus import RTU, TCP
from robot.errors import NotReachable
from robot.interfaces import Segment
from robot.wire.base import Wire

RANGE = 11, 12  # its limits, in whichever order
MOST_DECIMAL_PLACES = 4
END_IN_DWELL = {reg.KIND: reg.KIND_END, reg.END_KIND: 0}  # holds the last target, and says that it has ended


def programme_words(segments: Sequence[Segment], panel: Panel) -> reg.Words:
    """Lay out programme 1, stepping down to the lowest target before its end."""
    cold = {reg.KIND: reg.KIND_STEP, reg.TARGET: panel.low_counts}
    return reg.segment_words(segments, panel.decimal_places, [cold, END_IN_DWELL])


def decimal_places_of(counts: int, value: float) -> int:
    """Compare one quantity told both ways: how many of its decimal places are counted?

    >>> decimal_places_of(3500, 350.0)
    1

    Raises:
        ValueError: the two do not tell the same.
    """
    for places in range(MOST_DECIMAL_PLACES + 1):
        if counts and round(value * 10**places) == counts:
            return places
    raise ValueError(f"{counts} counts and {value:g} are not one quantity")


class EurothermEPC3016(EurothermFurnace):
    """One EPC3016 at the end of a wire; `Furnace` lists the promises kept here."""

    dialect = Dialect(
        model="EPC3016",
        identity=0x3016,
        landmark=reg.RAMP_UNIT,
        stages={1: "idle", 2: "running", 4: "holding", 8: "running", 16: "ended"},
        run=2,
        reset=1,
        sensor_break=(reg.STATUS, reg.STATUS_SENSOR_BREAK),
        max_segments=(reg.SEGMENTS - 2) // 2,  # each takes a ramp and a dwell; one steps down, one is the end
        dwell_step_min=0.1,
        max_dwell_min=reg.MAX_TENTHS / 10,
        programme_words=programme_words,
    )

    def __init__(self, name: str, wire: Wire, settings: EurothermEPC3016Settings) -> None:
        super().__init__(name, wire, settings, TCP if settings.is_on_ethernet else RTU)

    def _read_panel(self) -> Panel:
        """It has no register for its resolution: the range is read in counts and as a number."""
        first, second = self._registers.read(RANGE[0], len(RANGE))
        top, at = max((first, RANGE[0]), (second, RANGE[1]))
        words = self._registers.read(reg.FLOATS + 2 * at, 2)
        try:
            decimal_places = decimal_places_of(top, struct.unpack(">f", struct.pack(">hh", *words))[0])
        except ValueError as err:
            raise NotReachable(self.name, str(err), "Is it an EPC3016?") from err
        return Panel(decimal_places, min(first, second), top)
