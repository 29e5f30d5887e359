"""What is in store and where it stands: racks, magazines, stocks. Everything here is belief, counted from the lab file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from planning.errors import Refused
from planning.protocol.document import Protocol
from robot.config import LabConfig


@dataclass(frozen=True)
class Standing:
    """Where a vessel stands: a site and the place on it, counted row by row."""

    site: str
    place: int = 0


@dataclass
class Inventory:
    """What is left for the samples to come."""

    lab: LabConfig
    vessels_taken: dict[str, int] = field(default_factory=dict)
    stock_used_ul: dict[str, float] = field(default_factory=dict)

    def allot(self, protocol: Protocol) -> dict[str, Standing]:
        """Take one sample's vessels from their racks.

        Raises:
            Refused: a rack is empty; nothing was taken.
        """
        taken = dict(self.vessels_taken)
        allotted = {}
        for vessel, use in protocol.vessels.items():
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

    def left_ul(self, stock: str) -> float:
        """What can still be drawn of a stock, after what its line cannot reach."""
        store = self.lab.stocks[stock]
        return 1000 * (store.volume_ml - store.dead_volume_ml) - self.stock_used_ul.get(stock, 0.0)


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
    kept = {stock: share for stock, share in blend.items() if share > 0 and share >= leave_out_below}
    total = sum(kept.values())
    if total == 0:
        raise Refused("nothing is left of the blend to dose", "Raise a fraction or lower leave_out_below")
    as_made = {stock: share / total for stock, share in kept.items()}
    needs = {stock: share / lab.stocks[stock].concentration_mg_per_ml for stock, share in as_made.items()}
    scale = volume_ul / sum(needs.values())
    return {stock: need * scale for stock, need in needs.items()}, as_made
