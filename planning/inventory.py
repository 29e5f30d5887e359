"""What is in store and where it stands: racks, magazines, stocks. Everything here is belief, counted from the lab file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planning.errors import Refused
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.liquid_handlers import TipPipetteSettings


@dataclass(frozen=True)
class Standing:
    """Where a vessel stands: a site and the place on it, counted row by row."""

    site: str
    place: int = 0
    seen: bool = field(default=False, compare=False)
    """Has a camera, or a person, seen it there since it was put there? Else it is presumed."""


@dataclass
class Inventory:
    """What is left for the samples to come."""

    lab: LabConfig
    vessels_taken: dict[str, int] = field(default_factory=dict)
    stock_used_ul: dict[str, float] = field(default_factory=dict)
    powder_used_mg: dict[str, float] = field(default_factory=dict)
    tips_taken: dict[str, int] = field(default_factory=dict)
    """By pipette: how many of those that stood in its rack were allotted."""
    _tips_of: dict[str, list[int]] = field(default_factory=dict)
    """By task: the tips that were allotted to it, each by its place."""

    def allot(self, protocol: Protocol) -> dict[str, Standing]:
        """Take one sample's vessels from their racks.

        Raises:
            Refused: a rack is empty; nothing was taken.
        """
        taken = dict(self.vessels_taken)
        allotted = {}
        for vessel, use in protocol.vessels.items():
            if use.from_ is None:
                raise Refused(f"vessel {vessel} comes from nowhere", "Name its rack: `from`", ("vessels", vessel))
            site = self.lab.sites[use.from_]
            place = taken.get(use.from_, 0)
            if place >= site.stock:
                raise Refused(f"{use.from_} has no {use.labware} left: all {site.stock} are used", "Refill it")
            allotted[vessel] = Standing(use.from_, place)
            taken[use.from_] = place + 1
        self.vessels_taken = taken
        return allotted

    def use(self, volumes_ul: Mapping[str, float]) -> None:
        """Count stock as used."""
        for stock, volume_ul in volumes_ul.items():
            self.stock_used_ul[stock] = self.stock_used_ul.get(stock, 0.0) + volume_ul

    def use_powders(self, masses_mg: Mapping[str, float]) -> None:
        """Count powder as used."""
        for powder, mass_mg in masses_mg.items():
            self.powder_used_mg[powder] = self.powder_used_mg.get(powder, 0.0) + mass_mg

    def left_mg(self, powder: str) -> float:
        """What is left of a powder."""
        return 1000 * self.lab.powders[powder].mass_g - self.powder_used_mg.get(powder, 0.0)

    def tip_of(self, task: str, ordinal: int) -> int | None:
        """The place of the tip that was allotted to a task for its first, second or later liquid; None: none was yet."""
        tips = self._tips_of.get(task, [])
        return tips[ordinal] if ordinal < len(tips) else None

    def next_tip(self, pipette: str) -> int:
        """The place of the tip that comes next; raise Refused if none is left."""
        settings, taken = self.lab.devices[pipette], self.tips_taken.get(pipette, 0)
        assert isinstance(settings, TipPipetteSettings)
        if taken >= len(settings.tip_places):
            what = f"{pipette} has no tip left: all {len(settings.tip_places)} are used"
            raise Refused(what, "Fill its rack, set first_tip, and begin a new run")
        return settings.tip_places[taken]

    def allot_tip(self, pipette: str, task: str, tip: int) -> None:
        """Count a tip as used, before it is taken."""
        self.tips_taken[pipette] = self.tips_taken.get(pipette, 0) + 1
        self._tips_of.setdefault(task, []).append(tip)

    def in_store_ul(self, stock: str) -> float:
        """What there is of a stock, with what cannot be reached; nothing of what is none."""
        store = self.lab.stocks.get(stock)
        return 0.0 if store is None else 1000 * store.volume_ml - self.stock_used_ul.get(stock, 0.0)

    def left_ul(self, stock: str) -> float:
        """What can still be drawn of a stock, after what its line cannot reach."""
        store = self.lab.stocks[stock]
        return 1000 * (store.volume_ml - store.dead_volume_ml) - self.stock_used_ul.get(stock, 0.0)


def liquid_volumes_ul(liquid: str, volume_ul: float, lab: LabConfig) -> dict[str, float]:
    """The volume of one stock, by its name.

    Raises:
        Refused: there is no such stock.
    """
    if liquid not in lab.stocks:
        raise Refused(f"{liquid!r} is no stock", f"Use {', '.join(lab.stocks) or 'one that you add to the lab file'}")
    return {liquid: volume_ul}


def ink_volumes_ul(
    blend: Mapping[str, float], volume_ul: float, leave_out_below: float, lab: LabConfig
) -> tuple[dict[str, float], dict[str, float]]:
    """Turn weight fractions of solids into volumes of inks that sum to `volume_ul`.

    With fractions w and concentrations c the volume of ink i is V·(w_i/c_i)/Σ(w_j/c_j). Returns volumes by stock and
    the fractions as they will be made.

    Raises:
        Refused: a stock is unknown or dissolves nothing, or every part is left out.
    """
    for stock in blend:
        if stock not in lab.stocks or lab.stocks[stock].concentration_mg_per_ml == 0:
            solids = [name for name, store in lab.stocks.items() if store.concentration_mg_per_ml > 0]
            raise Refused(f"{stock!r} is no stock with a concentration", f"Use {', '.join(solids)}")
    as_made = _kept(blend, leave_out_below)
    needs = {stock: share / lab.stocks[stock].concentration_mg_per_ml for stock, share in as_made.items()}
    scale = volume_ul / sum(needs.values())
    return {stock: need * scale for stock, need in needs.items()}, as_made


def powder_masses_mg(
    blend: Mapping[str, float], mass_mg: float, leave_out_below: float, lab: LabConfig
) -> dict[str, float]:
    """Turn mass fractions of powders into masses that sum to `mass_mg`, each to a tenth of a milligram.

    Raises:
        Refused: a powder is unknown, or every part is left out.
    """
    for powder in blend:
        if powder not in lab.powders:
            raise Refused(
                f"{powder!r} is no powder", f"Use {', '.join(lab.powders) or 'one that you add to the lab file'}"
            )
    return {powder: round(share * mass_mg, 1) for powder, share in _kept(blend, leave_out_below).items()}


def _kept(blend: Mapping[str, float], leave_out_below: float) -> dict[str, float]:
    """The fractions as they will be made.

    Raises:
        Refused: every part is left out.
    """
    kept = {part: share for part, share in blend.items() if share > 0 and share >= leave_out_below}
    total = sum(kept.values())
    if total == 0:
        raise Refused("nothing is left of the blend to dose", "Raise a fraction or lower leave_out_below")
    return {part: share / total for part, share in kept.items()}
