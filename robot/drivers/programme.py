"""What every furnace refuses before a byte is sent."""

from collections.abc import Sequence

from robot.errors import LimitExceeded
from robot.interfaces import Furnace, Segment, keeps_dwell
from robot.limits import require

MIN_RATE_C_PER_MIN = 0.1


def check_programme(furnace: Furnace, segments: Sequence[Segment]) -> None:
    """Compare a programme with what a furnace can store.

    Raises:
        LimitExceeded: too many segments, or one too hot, too fast, too long, or of a dwell the furnace would round.
    """
    if not 1 <= len(segments) <= furnace.max_segments:
        what = f"cannot store {len(segments)} segments"
        raise LimitExceeded(furnace.name, what, f"Use from 1 to {furnace.max_segments}")
    for segment in segments:
        require(furnace.name, "target_c", segment.target_c, furnace.min_target_c, furnace.max_target_c)
        rate_c_per_min = segment.rate_c_per_min
        require(furnace.name, "rate_c_per_min", rate_c_per_min, MIN_RATE_C_PER_MIN, furnace.max_rate_c_per_min)
        require(furnace.name, "dwell_min", segment.dwell_min, 0.0, furnace.max_dwell_min)
        if not keeps_dwell(furnace.dwell_step_min, segment.dwell_min):
            what = f"dwell_min={segment.dwell_min:g} is no multiple of {furnace.dwell_step_min:g}, and would be rounded"
            raise LimitExceeded(furnace.name, what, "Change the step")
