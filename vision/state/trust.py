"""How far the answers of some eyes may be trusted: kept in the record of their weights, measured by a calibration."""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vision.errors import WeightsDamaged

SHIPPED = Path(__file__).parents[1] / "weights" / "vessels.safetensors"
"""The weights in use, unless others are named."""
Question = Literal["present", "cap", "fill", "layers", "colour", "empty", "coated", "wet", "dry", "spill"]
FIRST: tuple[Question, ...] = ("present", "fill", "empty", "coated", "wet", "dry")
"""What the first eyes could tell."""
LEAST_ANSWERS = 20
"""Fewer measured answers prove no threshold."""


class Part(BaseModel):
    """A part of a record: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Sure(Part):
    """From which chance on the answer is yes, and up to which no; between them, and where None stands, it is unknown."""

    yes_from: float | None = 0.9
    no_up_to: float | None = 0.1

    def answer(self, chance: float) -> bool | None:
        """Yes, no, or None: unknown."""
        if self.yes_from is not None and chance >= self.yes_from:
            return True
        return False if self.no_up_to is not None and chance <= self.no_up_to else None


class LevelScatter(Part):
    """`LevelDoubt`, as a record keeps it."""

    std_floor: float = 0.01
    std_per_spread: float = 0.0
    std_per_haze: float = 0.0


class Trust(Part):
    """What eyes can tell, how sure they must be before they say it, and how far their levels scatter."""

    tells: tuple[Question, ...] = FIRST
    kinds: tuple[str, ...] = ("vial", "plate")
    """Kinds of labware that they have learnt to see; of others their answers mean nothing."""
    sure: Mapping[Question, Sure] = Field(default_factory=dict)
    """Per question; `Sure()` where nobody has measured."""
    level: LevelScatter = LevelScatter()
    """Of a fill height fraction in known labware."""
    surface_std_floor: float = 0.02
    """Of a fill height as a share of any vessel's height, when all cells agree."""
    surface_std_scale: float = 1.0
    """What the doubt of a surface among the cells is multiplied by; both add as squares."""

    @classmethod
    def of(cls, weights: Path = SHIPPED) -> Self:
        """Read what stands under "trust" in the record beside a file of weights; a record without it is of the first eyes.

        Raises:
            WeightsDamaged: there is no readable record.
        """
        path = weights.with_suffix(".json")
        try:
            return cls.model_validate(json.loads(path.read_bytes()).get("trust", {}))
        except (OSError, ValueError, AttributeError, ValidationError) as err:
            raise WeightsDamaged(path, "the record of these weights is missing or unreadable") from err

    def answer(self, question: Question, chance: float) -> bool | None:
        """Yes, no, or None: unknown."""
        return self.sure.get(question, Sure()).answer(chance)

    def cannot_tell(self, wanted: Collection[str]) -> list[str]:
        """Which of some questions these eyes cannot answer, in their order."""
        return [question for question in wanted if question not in self.tells]


UNMEASURED = Trust()
"""Of eyes that nobody has calibrated."""


def selective(chances: Sequence[float], truths: Sequence[bool], accuracy: float = 0.97) -> Sure:
    """Find how sure eyes must be so that what they say is right often enough: *unknown* rather than wrong.

    Args:
        chances: that the answer is yes; of questions that the eyes were not trained on.
        truths: whether it is.
        accuracy: share of the answers that must be right, on each side.

    Returns:
        the widest thresholds under which answers are that accurate; None on a side where too few or too wrong.
    """
    said, is_so = np.asarray(chances, float), np.asarray(truths, bool)
    no_from = _least(1 - said, ~is_so, accuracy)
    return Sure(yes_from=_least(said, is_so, accuracy), no_up_to=None if no_from is None else 1 - no_from)


def _least(chances: NDArray[np.float64], truths: NDArray[np.bool_], accuracy: float) -> float | None:
    """Least threshold, 0.5 at least, from which on enough answers are given and enough of them are right."""
    order = np.argsort(-chances)
    sorted_chances, answers = chances[order], np.arange(1, len(order) + 1)
    ends_a_tie = np.append(np.diff(sorted_chances) != 0, True)[: len(order)]
    is_right_enough = np.cumsum(truths[order]) >= accuracy * answers
    good = np.flatnonzero(ends_a_tie & is_right_enough & (answers >= LEAST_ANSWERS) & (sorted_chances >= 0.5))
    return float(sorted_chances[good[-1]]) if good.size else None
