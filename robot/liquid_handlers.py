"""What a planner may ask of anything that moves liquid, whoever made it: which lines, how much at once, tips or not."""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from pydantic import Field

from robot.strict import Name, Strict

BLOW_OUT_UL, AIR_GAP_UL = 20.0, 5.0
"""Air that a dipping tip draws before the liquid, which pushes the last drop out, and after it, which keeps it from dripping."""

Way = Literal["valve", "tip", "dip", "plunger"]
"""How it works: a valve turns, a tip goes to a well, a tip is told how deep to dip, or a plunger only moves."""


class LiquidHandlerSettings(Strict, ABC):
    """Something that pushes liquid out at the sites where its lines end, or where it goes to."""

    way: ClassVar[Way]

    @property
    @abstractmethod
    def stroke_ul(self) -> float:
        """The most that is moved in one stroke."""

    @property
    @abstractmethod
    def pace_ul_per_s(self) -> float:
        """How fast it draws and pushes out."""

    @property
    @abstractmethod
    def sources(self) -> tuple[str, ...]:
        """What it can draw from, or holds, by name: a stock must be called so."""

    @abstractmethod
    def line_at(self, site: str, place: int) -> str | None:
        """What it calls its line, or well, at a place of a site; None if it does not get there."""

    def dead_ul(self, line: str) -> float:
        """What it leaves in a vessel because it does not reach down to it, as far as the lab file tells."""
        return 0.0


class PipetteSettings(LiquidHandlerSettings):
    """One that draws from vessels, too."""

    reaches: dict[Name, Name] = Field(default={}, description="line or well to the site where it ends or stands")
    waste: Name = Field(default="waste", description="the line or well for what is thrown away")

    @property
    def waste_line(self) -> str:
        """Where it gives what is thrown away."""
        return self.waste

    def line_at(self, site: str, place: int) -> str | None:
        """The line, or well, that is named for this site; it ends, or stands, at the first place."""
        return single_line(self.reaches, site, place)


class TipPipetteSettings(PipetteSettings):
    """One that puts on a fresh tip for each liquid, and throws it away: nothing is carried over, nothing is rinsed."""

    @property
    @abstractmethod
    def tip_places(self) -> range:
        """The places of its rack that have a tip at the start."""


def single_line(reaches: dict[str, str], site: str, place: int) -> str | None:
    """Of lines that each end at the first place of a site, the one that ends here."""
    return next((line for line, end in reaches.items() if end == site and place == 0), None)
