"""Amounts: fill heights, layers, volumes. End to end: a vessel that was not found counts, too."""

from collections.abc import Iterator

from vision.scores.case import Case
from vision.scores.metric import Row

SAID_OF_THE_MISSED = 0.35
"""What counts as said of a vessel that was missed, or of which nothing was said: the best constant, so that silence is
never better than a constant and never worse."""
LEAST_VOLUME_FRACTION = 0.05
"""Below, an error as a share of the true volume means nothing."""


def fill_errors(case: Case) -> Iterator[Row]:
    """Absolute error of each fill height, as a share of the vessel's height."""
    for truth, reading in case.pairs:
        if truth.fill_height_fraction is not None:
            said = reading.fill_height_fraction if reading else None
            yield (abs((said.mean if said else SAID_OF_THE_MISSED) - truth.fill_height_fraction),)


def told_fill_errors(case: Case) -> Iterator[Row]:
    """Absolute error of each fill height that was read."""
    for truth, reading in case.pairs:
        if truth.fill_height_fraction is not None and reading and reading.fill_height_fraction:
            yield (abs(reading.fill_height_fraction.mean - truth.fill_height_fraction),)


def layers_right(case: Case) -> Iterator[Row]:
    """1 where the regions of material were counted exactly, else 0; a missed vessel is 0.

    A vessel without regions and without a known fill height may be opaque, and is left out.
    """
    for truth, reading in case.pairs:
        if truth.n_material_regions or (truth.n_material_regions == 0 and truth.fill_height_fraction is not None):
            yield (float(reading is not None and reading.layers == truth.n_material_regions),)


def volume_errors(case: Case) -> Iterator[Row]:
    """Absolute error of each volume as a share of the true volume, where it is known exactly."""
    for truth, reading in case.pairs:
        if truth.fill_volume_fraction is not None and truth.fill_volume_fraction >= LEAST_VOLUME_FRACTION:
            said = reading.fill_volume_fraction if reading else None
            off = abs((said.mean if said else SAID_OF_THE_MISSED) - truth.fill_volume_fraction)
            yield (off / truth.fill_volume_fraction,)


def volume_errors_of_capacity(case: Case) -> Iterator[Row]:
    """Absolute error of each volume as a share of the vessel's capacity."""
    for truth, reading in case.pairs:
        if truth.fill_volume_fraction is not None:
            said = reading.fill_volume_fraction if reading else None
            yield (abs((said.mean if said else SAID_OF_THE_MISSED) - truth.fill_volume_fraction),)
