"""Wells under a tip that is told how deep to dip: as the lab file measures them, liquid and tip must come together."""

from collections.abc import Iterator

from planning.preflight.findings import Finding
from robot.config import LabConfig
from robot.device_settings import GantryPipetteSettings

SAME_WIDTH_MM = 1.0
"""Two measures of one vessel may differ by so much."""


def wells_fit(lab: LabConfig) -> Iterator[Finding]:
    """Stocks fit into their wells and can be drawn as far as is said; wells on sites are as wide as what stands there."""
    for name, settings in lab.devices.items():
        if isinstance(settings, GantryPipetteSettings):
            yield from _stocks_fit(name, settings, lab)
            yield from _vessels_fit(name, settings, lab)


def _stocks_fit(pipette: str, settings: GantryPipetteSettings, lab: LabConfig) -> Iterator[Finding]:
    for stock in lab.stocks.keys() & settings.wells.keys():
        store, well = lab.stocks[stock], settings.wells[stock]
        level_mm, dead_ml = well.level_mm(1000 * store.volume_ml), settings.dead_ul(stock) / 1000
        if level_mm > well.depth_mm:
            what = f"{store.volume_ml:g} ml of {stock} stand {level_mm:.0f} mm high in its well of {pipette}, {well.depth_mm:g} mm deep"
            yield Finding("overfill", what, "Fill in less, or measure the well again", location=("stocks", stock, "volume_ml"),
                          file="lab", value=level_mm, limit=well.depth_mm)  # fmt: skip
        if store.dead_volume_ml < dead_ml:
            what = f"{pipette} leaves {dead_ml:.2g} ml of {stock} below its tip, dead_volume_ml says {store.dead_volume_ml:g}"
            yield Finding("dead volume", what, "Raise dead_volume_ml, or lower above_floor_mm", file="lab",
                          location=("stocks", stock), value=store.dead_volume_ml, limit=dead_ml)  # fmt: skip


def _vessels_fit(pipette: str, settings: GantryPipetteSettings, lab: LabConfig) -> Iterator[Finding]:
    for name, site in settings.reaches.items():
        well, holds = settings.wells[name], lab.sites[site].holds
        if holds is not None and abs(lab.ware(holds).inner_width_mm - well.width_mm) > SAME_WIDTH_MM:
            width_mm = lab.ware(holds).inner_width_mm
            what = f"well {name} of {pipette} is {well.width_mm:g} mm wide, the {holds} at {site} {width_mm:g} mm: a tip would miss the surface"
            yield Finding("place", what, "Measure the well again", location=("devices", pipette, "wells", name), file="lab",
                          value=well.width_mm, limit=width_mm)  # fmt: skip
        if well.places < lab.sites[site].places:
            what = f"well {name} of {pipette} has {well.places} places, {site} has {lab.sites[site].places}"
            yield Finding("place", what, "Give both the same grid", location=("devices", pipette, "wells", name), file="lab",
                          value=well.places, limit=lab.sites[site].places, level="warning")  # fmt: skip
