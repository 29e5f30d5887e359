"""All metrics, with the bars that our eyes should clear."""

from collections.abc import Iterator
from math import isfinite

from vision.scores import areas, boxes, honesty, levels, spills, states
from vision.scores.case import Case
from vision.scores.metric import Metric, Row, balanced_accuracy, mean, median, percentile_90, ratio
from vision.state.vessel import Material


def _seconds(case: Case) -> Iterator[Row]:
    """How long a reading took, where it was measured."""
    if isfinite(case.seconds):
        yield (1000 * case.seconds,)


LIQUID = areas.areas_of(Material.LIQUID)
CLOUDY_OR_NOT = areas.areas_of(Material.LIQUID, Material.SUSPENSION)
SOLID = areas.areas_of(Material.SOLID)

METRICS = (
    Metric("vessel_iou", "vessel IoU", areas.vessel_areas, ratio, 0.70, 0.82, width=2),
    Metric("instance_pq", "vessel instances, PQ", areas.instances, areas.panoptic_quality, 0.50, 0.70, width=4),
    Metric("filled_iou", "filled IoU", areas.filled_areas, ratio, 0.58, 0.72, width=2),
    Metric("liquid_iou", "liquid IoU", LIQUID, ratio, 0.55, 0.68, width=2),
    Metric("solid_iou", "solid IoU", SOLID, ratio, 0.30, 0.45, width=2),
    Metric("fill_error_median", "fill height off by, median", levels.fill_errors, median, 0.10, 0.05, True),
    Metric("fill_error_p90", "fill height off by, 90th percentile", levels.fill_errors, percentile_90, 0.30, 0.15, True),
    Metric("layers_exact", "layers counted exactly", levels.layers_right, mean, 0.65, 0.80),
    Metric("tube_ap50", "test tube boxes, AP50", boxes.tube_boxes, boxes.average_precision, 0.75, 0.90, width=3),
    Metric("cap", "cap on or off, frames with boxes", states.caps(False), balanced_accuracy, 0.85, 0.97, width=2),
    Metric("cap_hue_shifted", "the same, hues shifted", states.caps(False), balanced_accuracy, 0.80, 0.94,
           hue_shifted=True, width=2),
    Metric("cap_masked", "cap on or off, pictures with masks", states.caps(True), balanced_accuracy, 0.75, 0.90, width=2),
    Metric("cap_masked_hue_shifted", "the same, hues shifted", states.caps(True), balanced_accuracy,
           hue_shifted=True, width=2),
    Metric("coloured_or_empty", "coloured against empty tube", states.coloured_or_empty, balanced_accuracy, 0.88, 0.97,
           width=2),
    Metric("content", "content, 4 ways", states.contents, balanced_accuracy, 0.75, 0.90, width=2),
    Metric("spill", "spill seen, frames right", spills.spill_answers, mean, 0.90, 0.97),
    Metric("spill_iou", "spill IoU", spills.spill_areas, ratio, 0.70, 0.80, width=2),
    Metric("spill_false_alarms", "spill seen where none is", spills.false_alarms, mean, 0.05, 0.01, True),
    Metric("verdicts", "check verdicts, balanced", honesty.verdicts, balanced_accuracy, 0.75, 0.90, width=4),
    Metric("calibration_error", "calibration error", honesty.decisions, honesty.calibration_error, 0.08, 0.04, True, width=2),
    Metric("surest_accuracy", "accuracy of the surest 80 %", honesty.decisions, honesty.accuracy_of_the_surest,
           0.93, 0.99, width=2),
    Metric("volume_error", "volume off by, of itself", levels.volume_errors, mean, 0.15, 0.08, True),
    Metric("frame_ms", "one frame, ms", _seconds, median, 150.0, 60.0, True),
)  # fmt: skip
"""The table. Metrics of several numbers per row say so."""

MORE = (
    Metric("vessel_iou_by_picture", "vessel IoU, mean over pictures", areas.vessel_areas, areas.mean_over_pictures, width=2),
    Metric("filled_iou_by_picture", "filled IoU, mean over pictures", areas.filled_areas, areas.mean_over_pictures, width=2),
    Metric("any_liquid_iou", "liquid or suspension IoU", CLOUDY_OR_NOT, ratio, width=2),
    Metric("told_fill_error_median", "fill height off by, where told", levels.told_fill_errors, median, lower_is_better=True),
    Metric("cap_of_found", "cap on or off, of vessels found", states.caps_of_found, balanced_accuracy, width=2),
    Metric("content_of_found", "content, 4 ways, of tubes found", states.contents_of_found, balanced_accuracy, width=2),
    Metric("verdicts_plain", "check verdicts, plain", honesty.verdicts, honesty.plain_accuracy, width=4),
    Metric("verdicts_unknown", "checks answered with unknown", honesty.verdicts, honesty.share_unknown,
           lower_is_better=True, width=4),
    Metric("surest_verdicts", "check verdicts, the surest 80 %", honesty.verdicts, honesty.surest_verdicts, width=4),
    Metric("spill_alarms_unlabelled", "spill seen where nobody looked", spills.alarms_where_none_is_labelled, mean,
           lower_is_better=True),
    Metric("volume_error_of_capacity", "volume off by, of capacity", levels.volume_errors_of_capacity, mean,
           lower_is_better=True),
)  # fmt: skip
"""Other views of the same, without bars."""
