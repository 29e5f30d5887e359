"""Questions of a laboratory, in its own words, as expectations that a reading can answer.

The forms are those of `sdl_states`. Understood are those about test tubes, about containers and about a large spill:
23 of 36. Molds, brushes, doors and slots are no business of eyes for vessels.
"""

import re
from dataclasses import dataclass
from math import prod
from typing import Literal

from vision.scores.case import ANY_KIND, chance_of
from vision.state.reading import PictureReading, SpillReading, VesselReading

Answer = Literal["yes", "no", "unknown"]
Thing = Literal["test tube", "silicone container", "pigment container", "spill"]
WORDS: dict[Thing, tuple[str, ...]] = {"test tube": ("tube", "vial"), "silicone container": ("silicone",),
                                        "pigment container": ("pigment",)}  # fmt: skip
"""A reading's kind is that of the thing, if it holds one of these words. A bottle is either container: then a coloured
content tells that of pigment."""
LARGE_SPILL_FRACTION = 0.0174
"""Share of a 640 x 480 frame from which on a spill is rather large than small: the best single bound on 22 frames, right on 17."""
FRAME_PX = 640 * 480


@dataclass(frozen=True)
class Expected:
    """What should be seen."""

    thing: Thing
    place: str
    count: int = 1
    cap: Literal["on", "off"] | None = None
    content: str | None = None
    beyond: str | None = None
    """What else is asked that a reading does not say. Then the answer is no or unknown."""


def understand(question: str) -> Expected | None:
    """Turn a question into an expectation; None if it is about nothing that readings speak of.

    >>> understand("Check whether there is an empty capped test tube on test tube rack 1 (sgj1).")
    Expected(thing='test tube', place='test tube rack 1', count=1, cap='on', content='empty', beyond=None)
    """
    place = re.search(r"(?:on|near|inside)(?: the)? ((?:test tube rack \d|[a-z ]+?)(?= \(|\.| whether|$))", question)
    where = place[1].strip() if place else ""
    asked = question.replace(where, "") if where else question
    if "spilled liquid" in asked:
        return Expected("spill", where)
    if "silicone container" in asked:
        order = "the colours of their marks, in order" if "order" in asked else None
        return Expected("silicone container", where, count=2, beyond=order)
    if "pigment container" in asked:
        return Expected("pigment container", where)
    if "test tube" in asked:
        return Expected("test tube", where, cap=_cap(asked), content=_content(asked, where))
    return None


def _cap(asked: str) -> Literal["on", "off"] | None:
    if "uncapped" in asked:
        return "off"
    return "on" if re.search(r"capped|its cap on|screwed on", asked) else None


def _content(asked: str, where: str) -> str | None:
    if "transparent liquid with a small amount of colored" in asked:
        return "two_layer"
    if "colored liquid" in asked:
        return "coloured"
    # asked before something is weighed in: all who answered took a filled tube on the scale for a fault
    return "empty" if "empty" in asked or where == "scale" else None


def chance_of_yes(expected: Expected, reading: PictureReading) -> float:
    """How likely it is that what should be seen is seen, as far as a reading tells; independent vessels are assumed."""
    if expected.thing == "spill":
        return 1 - _large(reading.spill)
    each = [_fits(expected, vessel) for vessel in reading.vessels]
    none = prod(1 - chance for chance in each)
    if expected.count == 1:
        return 1 - none
    one = sum(
        chance * prod(1 - other for o, other in enumerate(each) if o != number) for number, chance in enumerate(each)
    )
    return max(0.0, 1 - none - one)


def _large(spill: SpillReading) -> float:
    share = spill.area_px / FRAME_PX
    return spill.probability * share**2 / (share**2 + LARGE_SPILL_FRACTION**2)


def _fits(expected: Expected, vessel: VesselReading) -> float:
    """Chance that a vessel is one of those that should be seen, upright and in the state that it should be in."""
    chance = vessel.score * _is_one(expected.thing, vessel)
    if expected.cap is not None:
        chance *= vessel.cap_on if expected.cap == "on" else 1 - vessel.cap_on
    if expected.content is not None:
        chance *= chance_of(expected.content, vessel)
    return chance if expected.thing == "test tube" else chance * (1 - vessel.tipped)


def _is_one(thing: Thing, vessel: VesselReading) -> float:
    """Chance that a vessel is such a thing, given that it is a vessel."""
    if vessel.kind in ANY_KIND or any(word in vessel.kind for word in WORDS[thing]):
        return 1.0
    if thing == "test tube" or "bottle" not in vessel.kind:
        return 0.0
    coloured = chance_of("coloured", vessel)
    return coloured if thing == "pigment container" else 1 - coloured


def answer(expected: Expected, reading: PictureReading, sure_from: float = 0.5) -> tuple[Answer, float]:
    """Answer a question, with the chance that the answer is right; unknown below `sure_from`."""
    yes = chance_of_yes(expected, reading)
    said: Answer = "yes" if yes >= 0.5 else "no"
    sure = max(yes, 1 - yes)
    if sure < sure_from or (said == "yes" and expected.beyond is not None):
        return "unknown", 0.5
    return said, sure
