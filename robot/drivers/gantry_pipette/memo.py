"""What the gantry is given to remember: its S word, which `$G` tells until a reset makes it 0. Pure.

Neither part knows of tips. So each line of G-code bears, as its number, what will be true of the tip once it is done.
"""

from dataclasses import dataclass, replace
from typing import Self

_TIP: tuple[bool | None, ...] = (False, True, None)
_UNKNOWN = 999  # a rack has fewer places
_STEP = 1000


@dataclass(frozen=True)
class Memo:
    """Is a tip on the nozzle, and from which place of the rack comes the next one? None: nobody knows."""

    has_tip: bool | None
    next_tip: int | None

    @classmethod
    def read(cls, number: int | None) -> Self:
        """Read what the gantry remembers.

        >>> Memo.read(1012), Memo.read(0)
        (Memo(has_tip=True, next_tip=11), Memo(has_tip=None, next_tip=None))
        """
        if not number or number > len(_TIP) * _STEP:
            return cls(None, None)
        tip, place = divmod(number - 1, _STEP)
        return cls(_TIP[tip], None if place == _UNKNOWN else place)

    @property
    def number(self) -> int:
        """As a number that is not 0.

        >>> Memo(has_tip=True, next_tip=11).number, Memo(has_tip=False, next_tip=None).number
        (1012, 1000)
        """
        return _TIP.index(self.has_tip) * _STEP + (_UNKNOWN if self.next_tip is None else self.next_tip) + 1

    def with_tip_from(self, place: int) -> Self:
        """After a tip was taken."""
        return replace(self, has_tip=True, next_tip=place + 1)

    def without_tip(self) -> Self:
        """After the tip was stripped."""
        return replace(self, has_tip=False)
