"""What is in store lasts for all samples: stocks, powders, tips, caps, vessels in their racks."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planning.liquids import handler_of, tips_needed
from planning.preflight.findings import Finding
from planning.preflight.moments import Moment
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.device_settings import VialCapperSettings
from robot.liquid_handlers import LiquidHandlerSettings, TipPipetteSettings


def racks_last(protocol: Protocol, lab: LabConfig, samples: int) -> Iterator[Finding]:
    """Each rack holds a vessel for every sample."""
    per_sample = Counter(use.from_ for use in protocol.vessels.values())
    for vessel, use in protocol.vessels.items():
        rack = use.from_
        if rack is None or per_sample[rack] == 0:
            continue
        stock, each = lab.sites[rack].stock, per_sample.pop(rack)
        if samples * each > stock:
            what = (f"{rack} has no {use.labware} left at sample {stock // each + 1}: all {stock} are used, {samples} samples "
                    f"need {samples * each}")  # fmt: skip
            yield Finding("runs out", what, f"Refill {rack} and say so in the lab file, or make fewer samples",
                          location=("vessels", vessel), value=samples * each, limit=stock)  # fmt: skip


@dataclass
class _Use:
    """How much of a material is taken, and where first more than there is."""

    total: float = 0.0
    first: tuple[Moment, int] | None = None


@dataclass
class Stores:
    """Counts what samples take, one after the other."""

    lab: LabConfig
    _uses: dict[str, _Use] = field(default_factory=dict)

    def take(self, moment: Moment, sample: int) -> None:
        """Count what a task takes."""
        for name, amount in _taken(moment).items():
            use = self._uses.setdefault(name, _Use())
            use.total += amount
            if use.first is None and use.total > self._limit(name) * (1 + 1e-9):
                use.first = moment, sample

    def _limit(self, name: str) -> float:
        """In µl of a stock or of what a syringe was filled with, in mg of a powder, in tips of a pipette, in caps of a capper."""
        settings = self.lab.devices.get(name)
        if isinstance(settings, VialCapperSettings):
            return settings.caps
        if isinstance(settings, TipPipetteSettings):
            return len(settings.tip_places)
        if isinstance(settings, LiquidHandlerSettings):
            return settings.stroke_ul
        if name in self.lab.stocks:
            store = self.lab.stocks[name]
            return 1000 * (store.volume_ml - store.dead_volume_ml)
        return 1000 * self.lab.powders[name].mass_g

    def findings(self) -> Iterator[Finding]:
        """What runs out, at which sample."""
        for name, use in self._uses.items():
            if use.first is None:
                continue
            moment, sample = use.first
            unit, where, scale = self._words(name)
            needed, limit = use.total / scale, self._limit(name) / scale
            what = f"{name} runs out at sample {sample} (all need {needed:.4g} {unit}, {limit:.4g} {unit} {where})"
            yield moment.finding("runs out", what, f"Refill {name}, or make fewer samples", value=needed, limit=limit)

    def _words(self, name: str) -> tuple[str, str, float]:
        """Unit, where it is, and how much of what is counted is one of that unit."""
        if isinstance(self.lab.devices.get(name), TipPipetteSettings):
            return "tips", "in its rack", 1.0
        if isinstance(self.lab.devices.get(name), VialCapperSettings):
            return "caps", "in its magazine", 1.0
        if name in self.lab.devices:
            return "ml", "in its syringe", 1000.0
        return ("ml", "in stock after dead volume", 1000.0) if name in self.lab.stocks else ("g", "in store", 1000.0)


def _taken(moment: Moment) -> Mapping[str, float]:
    """What a task takes out of store: µl of stocks or of a syringe, mg of powders, tips of a pipette, caps."""
    tips = tips_needed(moment.bench.lab, moment.task)
    return _materials(moment) | ({moment.details["pipette"]: tips} if tips else {})


def _materials(moment: Moment) -> dict[str, float]:
    details, lab = moment.details, moment.bench.lab
    match moment.task.skill:
        case "dose" if handler_of(lab, details["pipette"]).way == "plunger":
            return {details["pipette"]: sum(details["volumes_ul"].values())}
        case "dose":
            return {stock: ul for stock, ul in details["volumes_ul"].items() if stock in lab.stocks}
        case "dose_powder":
            return {powder: mg for powder, mg in details["masses_mg"].items() if powder in lab.powders}
        case "cap":
            return {details["capper"]: 1}
        case "wash" if details["liquid"] in lab.stocks:
            return {details["liquid"]: details["volume_ul"] * details["cycles"]}
    return {}
