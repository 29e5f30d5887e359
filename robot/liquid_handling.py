"""How liquid is moved: the verbs of a pipette in their order, each to be waited for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from robot.interfaces import DippingPipette
from robot.liquid_handlers import AIR_GAP_UL, BLOW_OUT_UL

Verb = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Technique:
    """How one draws and pushes out."""

    flow_ul_per_s: float = 100.0
    blow_out_ul: float = BLOW_OUT_UL
    """Air drawn before the liquid, which pushes the last drop out."""
    air_gap_ul: float = AIR_GAP_UL
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
        return _plunge(level_ul, flow)

    over_source, over_to = pipette.hover_height_mm(source), pipette.hover_height_mm(to)
    in_source = pipette.dip_height_mm(source, source_ul - volume_ul)
    yield _dip(source, over_source)
    yield plunge(lead_ul)
    yield _dip(source, in_source)
    for _ in range(technique.wettings):
        yield plunge(filled_ul)
        yield plunge(lead_ul)
    yield plunge(filled_ul)
    yield _dip(source, over_source)
    yield plunge(filled_ul + technique.air_gap_ul)
    yield _dip(to, over_to)
    yield plunge(0.0)


def transfer_through_valve(source: int, to: int, volume_ul: float, technique: Technique = USUAL) -> Iterator[Verb]:
    """Draw through one port of a valve and push out through another; what its lines hold stays in them."""
    for port, level_ul in ((source, volume_ul), (to, 0.0)):
        yield _turn(port)
        yield _plunge(level_ul, technique.flow_ul_per_s)


def transfer_between_wells(source: int, to: int, volume_ul: float, technique: Technique = USUAL) -> Iterator[Verb]:
    """Draw from one well and push into another, with the tip that is on: for a pipette that is not told how deep to dip."""
    flow = technique.flow_ul_per_s
    yield _turn(source)
    for _ in range(technique.wettings):
        yield _plunge(volume_ul, flow)
        yield _plunge(0.0, flow)
    yield _plunge(volume_ul, flow)
    yield _turn(to)
    yield _plunge(0.0, flow)


def stir(
    pipette: DippingPipette, port: int, volume_ul: float, there_ul: float, cycles: int, technique: Technique = USUAL
) -> Iterator[Verb]:
    """Draw from a well and push back below its surface, several times; it ends empty, over the well.

    Raises:
        LimitExceeded: there is no such well, or less in it than is wanted.
    """
    lead_ul, flow = technique.blow_out_ul, technique.flow_ul_per_s
    over = pipette.hover_height_mm(port)
    yield _dip(port, over)
    yield _plunge(lead_ul, flow)
    yield _dip(port, pipette.dip_height_mm(port, there_ul - volume_ul))
    for _ in range(cycles):
        yield _plunge(lead_ul + volume_ul, flow)
        yield _plunge(lead_ul, flow)
    yield _dip(port, over)
    yield _plunge(0.0, flow)


def stir_in_well(port: int, volume_ul: float, cycles: int, technique: Technique = USUAL) -> Iterator[Verb]:
    """Draw from a well and push back, several times, with a pipette that is not told how deep to dip."""
    yield _turn(port)
    for _ in range(cycles):
        yield _plunge(volume_ul, technique.flow_ul_per_s)
        yield _plunge(0.0, technique.flow_ul_per_s)


def strokes_ul(volume_ul: float, most_ul: float) -> list[float]:
    """A volume in as few equal parts as a syringe or tip needs.

    >>> strokes_ul(2000.0, 750.0)
    [666.6666666666666, 666.6666666666666, 666.6666666666666]
    """
    count = ceil(volume_ul / most_ul)
    return [volume_ul / count] * count


def _plunge(level_ul: float, flow_ul_per_s: float) -> Verb:
    return "start_moving_plunger", {"to_volume_ul": round(level_ul, 3), "flow_ul_per_s": flow_ul_per_s}


def _turn(port: int) -> Verb:
    return "start_turning_valve", {"port": port}


def _dip(port: int, height_mm: float) -> Verb:
    return "start_dipping", {"port": port, "height_mm": height_mm}
