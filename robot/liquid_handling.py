"""How a transfer is pipetted: the verbs of a `DippingPipette` in their order, each to be waited for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from robot.interfaces import DippingPipette

Verb = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Technique:
    """How one draws and pushes out."""

    flow_ul_per_s: float = 100.0
    blow_out_ul: float = 20.0
    """Air drawn before the liquid, which pushes the last drop out."""
    air_gap_ul: float = 5.0
    """Air drawn after the liquid, which keeps it from dripping."""
    wettings: int = 1
    """How often the tip is filled and emptied in the source before it counts: a dry tip keeps back a little."""


USUAL = Technique()


def transfer(
    pipette: DippingPipette, source: int, to: int, volume_ul: float, source_ul: float, technique: Technique = USUAL
) -> Iterator[Verb]:
    """Draw from one well and push into another, with the tip that is on; it ends empty, over the other well.

    Args:
        pipette: asked for heights only.
        source: port of the well to draw from.
        to: port of the well to push into, from over its rim.
        volume_ul: how much.
        source_ul: what is in the source before.
        technique: how.

    Raises:
        LimitExceeded: there is no such well, or less in the source than is wanted.
    """
    lead_ul, flow = technique.blow_out_ul, technique.flow_ul_per_s
    filled_ul = lead_ul + volume_ul

    def plunge(level_ul: float) -> Verb:
        return "start_moving_plunger", {"to_volume_ul": level_ul, "flow_ul_per_s": flow}

    def dip(port: int, height_mm: float) -> Verb:
        return "start_dipping", {"port": port, "height_mm": height_mm}

    over_source, over_to = pipette.hover_height_mm(source), pipette.hover_height_mm(to)
    in_source = pipette.dip_height_mm(source, source_ul - volume_ul)
    yield dip(source, over_source)
    yield plunge(lead_ul)
    yield dip(source, in_source)
    for _ in range(technique.wettings):
        yield plunge(filled_ul)
        yield plunge(lead_ul)
    yield plunge(filled_ul)
    yield dip(source, over_source)
    yield plunge(filled_ul + technique.air_gap_ul)
    yield dip(to, over_to)
    yield plunge(0.0)
