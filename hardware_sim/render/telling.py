"""What is true of a composed picture, in the words of the layout of labelled pictures."""

import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.glasswork import CAP, IGNORE, OPAQUE_HAZE, UNSURE, Drawn
from hardware_sim.render.still_life import StillLife, Vessel

Planes = dict[str, NDArray[np.uint8]]
Told = dict[str, object]
"""As the JSON of `PictureTruth`, or of `VesselTruth`."""
LEAST_PX = 25
"""A vessel of which fewer pixels are to be seen is nobody's."""
COLOURLESS = 0.8
"""A liquid is transparent if 10 mm of it leave this share of every colour."""


def tell(still: StillLife, drawn: dict[int, tuple[Vessel, Drawn]], planes: Planes) -> Told:
    """Say what is in a picture. Vessels of which next to nothing is to be seen are taken out of the planes."""
    vessels, height, width = [], *planes["vessel"].shape
    for number, (vessel, seen) in drawn.items():
        own = planes["vessel"] == number
        if own.sum() < LEAST_PX:
            planes["material"][own], planes["phase"][own], planes["vessel"][own] = IGNORE, 0, 0
            continue
        vessels.append(_tell_vessel(number, vessel, seen, own, planes, (width, height)))
    return {"source": "rendered", "annotation": f"composed: {still.kind}", "vessels": vessels,
            "spill": bool(planes["spill"].any())}  # fmt: skip


def _tell_vessel(number: int, vessel: Vessel, seen: Drawn, own: NDArray[np.bool_], planes: Planes,
                 size_px: tuple[int, int]) -> Told:  # fmt: skip
    (left, right), (top, bottom) = seen.columns_px, seen.rows_px
    opaque = vessel.wall.kind == "opaque" or vessel.wall.haze > OPAQUE_HAZE
    material = planes["material"][own]
    scored = material != IGNORE
    filled = scored & ((planes["phase"][own] > 0) | (material == UNSURE))
    shown = sorted(set(np.unique(planes["phase"][own]).tolist()) - {0})
    layers = [vessel.layers[seen.regions.index(region)] for region in shown if region in seen.regions]
    whole_px = int((seen.whole > 127).sum())
    cut_off = left < -1 or top < -1 or right > size_px[0] + 1 or bottom > size_px[1] + 1
    told: Told = {
        "id": number,
        "kind": vessel.profile.kind,
        "box_px": [
            float(max(left, 0.0)),
            float(max(top, 0.0)),
            float(min(right, size_px[0])),
            float(min(bottom, size_px[1])),
        ],
        "cap": "on" if vessel.closure else "off" if vessel.takes_cap else "none",
        "capacity_ul": vessel.profile.capacity_ul,
        "tipped": vessel.tipped,
        "occluded": bool(own.sum() < 0.97 * whole_px),
        "cut_off": cut_off,
    }
    if opaque:
        return told
    told |= {
        "content": _content(vessel),
        "materials": [layer.material for layer in layers],
        "n_material_regions": len(shown),
        "fill_area_fraction": float(filled.sum() / max(scored.sum(), 1)),
        "fill_volume_fraction": vessel.volume_ul / vessel.profile.capacity_ul,
    }
    if not vessel.tipped:
        surface = bottom if seen.surface_row_px is None else seen.surface_row_px
        told["fill_height_fraction"] = float(np.clip((bottom - surface) / max(bottom - _brim_px(seen, top), 1.0), 0, 1))
    if vessel.layers:
        top_layer = vessel.layers[-1]
        told |= {"turbidity": top_layer.turbidity, "colour_rgb": list(top_layer.colour_rgb)}
    return told


def _brim_px(seen: Drawn, top_px: float) -> float:
    """Highest row that the cap leaves bare, out of view the vessel's own: people measure fill heights below the cap."""
    bare = ((seen.whole > 127) & (seen.material != CAP)).any(axis=1)
    first = seen.region.top + int(bare.argmax())
    return float(first) if bare.any() and first > 0 else top_px


def _content(vessel: Vessel) -> str:
    layers = vessel.layers
    if not layers:
        return "empty"
    if len(layers) > 1:
        return "two_layer"
    if layers[0].material in ("solid", "foam"):
        return "unknown"
    clear = layers[0].turbidity < 0.3 and min(layers[0].colour_rgb) > COLOURLESS
    return "transparent" if clear else "coloured"
