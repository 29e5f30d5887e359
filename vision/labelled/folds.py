"""Folds: parts of the labelled pictures that are kept back from training, by group, so that scores on them are honest."""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

from vision.errors import DataUnreadable
from vision.labelled.truth import PictureTruth


@dataclass(frozen=True)
class Fold:
    """One of some parts, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2/5".

        Raises:
            DataUnreadable: it is no such fraction.
        """
        found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
        if found is None or int(found[1]) > int(found[2]) or int(found[2]) < 2:
            raise DataUnreadable(f"the fold {text!r} is none. Write 1/5 to 5/5, for the five parts of five")
        return cls(int(found[1]), int(found[2]))

    def holds(self, truth: PictureTruth) -> bool:
        """Is a picture in this part? Pictures of one group always lie in the same.

        >>> held = [Fold(k, 3).holds(PictureTruth(name="a", width=1, height=1)) for k in (1, 2, 3)]
        >>> sum(held)
        1
        """
        group = truth.group or truth.name
        return int(hashlib.sha256(group.encode()).hexdigest(), 16) % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
