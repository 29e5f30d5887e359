"""Scores: how well a network sees, and how honest its doubt is."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.errors import NothingSeen
from vision.segmentation.model import CLASSES, VesselNet
from vision.segmentation.predict import predict
from vision.segmentation.weights import Calibration, load
from vision.state.bench_level import calibrated, level_in
from vision.state.liquid_level import Level
from vision.training.dataset import Pictures, Truth

Scores = dict[str, float]
MATERIALS = max(CLASSES) + 1


@dataclass(frozen=True)
class Look:
    """One picture, as the network saw it, beside its truth."""

    truth: Truth
    whole: NDArray[np.float64]
    level: Level | None
    confusion: NDArray[np.int64]
    """(7, 7) pixels by true and seen `Material`."""


def evaluate(weights: Path, folder: Path) -> dict[str, Scores]:
    """Score weights on a folder of pictures with truth: on all of them, and by kind of view.

    Raises:
        WeightsDamaged: the weights cannot be used.
        DataUnreadable: the pictures cannot be used.
    """
    network, record = load(weights)
    return score_by_view(look_at_all(network, Pictures.open(folder)), record.calibration)


def look_at_all(network: VesselNet, pictures: Pictures) -> list[Look]:
    """Show all pictures to a network."""
    return [_look(network, pictures, number) for number in range(len(pictures.truths))]


def score_by_view(looks: Iterable[Look], by: Calibration) -> dict[str, Scores]:
    """Score all looks together, then those of each kind of view."""
    looks = list(looks)
    views = sorted({look.truth.view for look in looks})
    parts = {"all": looks} | {view: [look for look in looks if look.truth.view == view] for view in views}
    return {name: score(part, by) for name, part in parts.items()}


def score(looks: list[Look], by: Calibration) -> Scores:
    """Score looks: intersection over union per class, decisions, fill heights, honesty."""
    whole = np.array([look.whole for look in looks]) / by.temperature
    chances = np.exp(whole - whole.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    truths = np.array([look.truth.whole for look in looks])
    return {
        "pictures": len(looks),
        **intersections_over_unions(sum((look.confusion for look in looks), np.zeros((MATERIALS, MATERIALS), int))),
        **_decisions(looks, chances, truths),
        "content_calibration_error": calibration_error(chances, truths),
        **_levels(looks, by),
    }


def intersections_over_unions(confusion: NDArray[np.int64]) -> Scores:
    """Score each class that occurs, and whatever belongs to a vessel as one.

    >>> confusion = np.zeros((7, 7), int); confusion[0, 0], confusion[2, 2], confusion[0, 2] = 90, 9, 1
    >>> intersections_over_unions(confusion)["iou_liquid"]
    0.9
    """
    hits, true, seen = confusion.diagonal(), confusion.sum(axis=1), confusion.sum(axis=0)
    scores = {
        f"iou_{material.name.lower()}": float(hits[material] / (true[material] + seen[material] - hits[material]))
        for material in CLASSES
        if true[material]
    }
    scores["iou_vessel"] = float(confusion[1:, 1:].sum() / max(1, confusion.sum() - confusion[0, 0]))
    scores["iou_any_liquid"] = float(confusion[2:4, 2:4].sum() / max(1, confusion[2:4].sum() + confusion[:, 2:4].sum()
                                                                   - confusion[2:4, 2:4].sum()))  # fmt: skip
    return {name: round(value, 4) for name, value in scores.items()}


def confusion_of(truth: NDArray[np.uint8], seen: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Count pixels by true and seen class: (7, 7). Pixels whose truth is not sure are left out."""
    sure = truth < MATERIALS
    pairs = truth[sure].astype(np.int64) * MATERIALS + seen[sure]
    return np.bincount(pairs, minlength=MATERIALS**2).reshape(MATERIALS, MATERIALS)


def calibration_error(chances: NDArray[np.float64], truths: NDArray[np.intp]) -> float:
    """Expected calibration error over ten bins of confidence (Guo et al., ICML 2017)."""
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == truths
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = [(bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean()) for b in np.unique(bins)]
    return round(float(sum(gaps)), 4)


def _look(network: VesselNet, pictures: Pictures, number: int) -> Look:
    picture, mask = pictures.load(number)
    seen = predict(network, picture)
    try:
        level = level_in(seen.vessel, seen.liquid, pictures.truths[number].ware)
    except NothingSeen:
        level = None
    return Look(pictures.truths[number], seen.whole, level, confusion_of(mask, seen.mask(*mask.shape)))


def _decisions(looks: list[Look], chances: NDArray[np.float64], truths: NDArray[np.intp]) -> Scores:
    """Shares of right answers: is a vessel there, what is in it, is the film wet."""
    answers = chances.argmax(axis=1)
    filmed = np.array([look.truth.kind == "plate" and look.truth.content in ("liquid", "solid") for look in looks])
    there = truths > 0
    questions = {
        "presence_accuracy": (answers > 0) == there,
        "content_accuracy": (chances[:, 1:].argmax(axis=1) + 1 == truths)[there],
        "wet_or_dry_accuracy": (answers == truths)[filmed],
    }
    return {name: round(float(right.mean()), 4) for name, right in questions.items() if right.size}


def _levels(looks: list[Look], by: Calibration) -> Scores:
    """Errors of fill heights, and how often the truth lies within one and two standard deviations."""
    pairs = [
        (calibrated(look.level, look.truth.ware, by), look.truth.fill_height_fraction)
        for look in looks
        if look.level is not None and look.truth.fill_height_fraction is not None
    ]
    if not pairs:
        return {}
    errors = np.array([estimate.mean - truth for estimate, truth in pairs])
    stds = np.array([estimate.std for estimate, _ in pairs])
    off = np.abs(errors)
    scores = {
        "fill_readings": len(pairs),
        "fill_error_median": np.median(off),
        "fill_error_p90": np.percentile(off, 90),
        "fill_bias": errors.mean(),
        "fill_std_median": np.median(stds),
        "fill_within_1_std": (off <= stds).mean(),
        "fill_within_2_std": (off <= 2 * stds).mean(),
    }
    return {name: round(float(value), 5) for name, value in scores.items()}
