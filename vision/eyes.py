"""The eyes of a bench: from a frame to the state of the one vessel that should stand in it."""

from pathlib import Path
from typing import Self

import numpy as np

from robot.labware import Labware
from vision.errors import NothingSeen
from vision.frame import Frame
from vision.segmentation.model import CLASSES, WHOLE, VesselNet
from vision.segmentation.predict import Prediction, predict
from vision.segmentation.weights import SHIPPED, Calibration, load
from vision.state.liquid_level import Level, read_level
from vision.state.quality import judge
from vision.state.standing import largest_part, require_full_view
from vision.state.vessel import Estimate, Material, VesselState

LIQUIDS = (CLASSES.index(Material.LIQUID), CLASSES.index(Material.SUSPENSION))


class Eyes:
    """A trained network and what makes its answers honest. Same pixels, same answer."""

    def __init__(self, network: VesselNet, calibration: Calibration) -> None:
        self._network = network
        self._calibration = calibration

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Open the shipped eyes, or those in a file of weights.

        Raises:
            WeightsDamaged: the weights or their record are missing, altered or made for another network.
        """
        network, record = load(path or SHIPPED)
        return cls(network, record.calibration)

    def look(self, frame: Frame, ware: Labware) -> VesselState:
        """Say what stands in view, of the kind that should."""
        seen = predict(self._network, frame.pixels)
        chances = self.chances(seen)
        mask = seen.mask(*frame.pixels.shape[:2])
        missing = chances.pop("none")
        given_present = {what: chance / max(1e-9, 1 - missing) for what, chance in chances.items()}
        there = missing < 0.5 and ware.kind == "vial"
        return VesselState(
            present=1 - missing,
            content={
                "empty": given_present["empty"],
                "liquid": given_present["liquid"],
                "solid": given_present["solid"],
            },
            fill_height_fraction=self.fill_height(seen, ware) if there else None,
            quality=judge(frame.pixels, mask != Material.BACKGROUND),
            mask=mask,
        )

    def chances(self, seen: Prediction) -> dict[str, float]:
        """Calibrated probabilities of `WHOLE`."""
        logits = seen.whole / self._calibration.temperature
        odds = np.exp(logits - logits.max())
        return dict(zip(WHOLE, (odds / odds.sum()).tolist(), strict=True))

    def fill_height(self, seen: Prediction, ware: Labware) -> Estimate | None:
        """Read the level; None where no vessel of that kind stands in full view."""
        try:
            level = level_in(seen, ware)
        except NothingSeen:
            return None
        return calibrated(level, ware, self._calibration)


def level_in(seen: Prediction, ware: Labware) -> Level:
    """Read the level of the one vessel in a prediction.

    Raises:
        NothingSeen: no vessel of that kind stands in full view.
    """
    vessel = largest_part(1 - seen.cells[CLASSES.index(Material.BACKGROUND)])
    require_full_view(vessel, ware)
    return read_level(seen.cells[LIQUIDS, ...].sum(axis=0) * (vessel > 0), vessel)


def calibrated(level: Level, ware: Labware, by: Calibration) -> Estimate:
    """Turn a level in cells into a fill height fraction of labware, with doubt."""
    scale = fraction_per_cell(level, ware)
    std = np.sqrt(by.std_floor**2 + (scale * by.std_per_spread * level.spread) ** 2
                  + (scale * by.std_per_haze * level.haze) ** 2)  # fmt: skip
    return Estimate(mean=max(0.0, scale * level.height), std=float(std))


def fraction_per_cell(level: Level, ware: Labware) -> float:
    """How much of the inner height one cell is; the vessel's known width sets the scale."""
    return ware.outer_width_mm / level.vessel_width / ware.inner_height_mm
