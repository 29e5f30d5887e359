"""What vessels hold, as far as the tasks that ended tell; and where the journal believes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from console.service.views import Material, Stock, Vessel
from planning.course import Course
from planning.inventory import Inventory, Standing
from planning.samples import Sample
from planning.task import Task
from robot.config import LabConfig

Held = dict[tuple[str, str], float]
"""Amounts by material and unit."""


@dataclass
class Contents:
    """What is in each vessel, by sample and vessel."""

    held: dict[tuple[str, str], Held] = field(default_factory=dict)

    def end(self, task: Task) -> None:
        """A task has ended well: what it moved is elsewhere now."""
        details = task.arguments
        for sample in task.samples:
            match task.skill:
                case "dose":
                    self._add(
                        sample, details["vessel"], {(name, "ul"): ul for name, ul in details["volumes_ul"].items()}
                    )
                case "dose_powder":
                    self._add(
                        sample, details["vessel"], {(name, "mg"): mg for name, mg in details["masses_mg"].items()}
                    )
                case "cast":
                    self._move(sample, details["vessel"], details["film"], details["volume_ul"], "ul")
                case "transfer":
                    self._move(sample, details["vessel"], details["into"], details["volume_ul"], "ul")
                case "transfer_powder":
                    self._move(sample, details["vessel"], details["into"], details["mass_mg"], "mg")

    def _add(self, sample: str, vessel: str, amounts: Held) -> None:
        held = self.held.setdefault((sample, vessel), {})
        for key, amount in amounts.items():
            held[key] = held.get(key, 0.0) + amount

    def _move(self, sample: str, source: str, target: str, amount: float, unit: str) -> None:
        """Pour over a mixture as it stands."""
        held = self.held.get((sample, source), {})
        whole = sum(each for (_, its_unit), each in held.items() if its_unit == unit)
        share = min(amount / whole, 1.0) if whole else 0.0
        moved = {key: share * each for key, each in held.items() if key[1] == unit}
        self._add(sample, source, {key: -each for key, each in moved.items()})
        self._add(sample, target, moved)


def vessels(course: Course, contents: Contents) -> Iterator[Vessel]:
    """The vessels of all samples that stand anywhere but in a bin."""
    for sample in course.samples.values():
        for name, at in sample.standing.items():
            if not course.lab.sites[at.site].bin:
                yield _vessel(course.lab, sample, name, at, contents.held.get((sample.name, name), {}))


def _vessel(lab: LabConfig, sample: Sample, name: str, at: Standing, held: Held) -> Vessel:
    site = lab.sites[at.site]
    ware = lab.ware(sample.bound.protocol.vessels[name].labware)
    volume_ul = sum(amount for (_, unit), amount in held.items() if unit == "ul")
    point = site.point(at.place)
    return Vessel(
        sample=sample.name, vessel=name, labware=ware.name, kind=ware.kind, site=at.site, place=at.place,
        inside=site.inside or "", position_mm=(point.x_mm, point.y_mm, point.z_mm),
        size_mm=(ware.outer_width_mm, ware.height_mm), is_seen=at.seen,
        contents=[
            Material(name=material, amount=round(amount, 3), unit="ul" if unit == "ul" else "mg")
            for (material, unit), amount in held.items() if amount > 0
        ],
        fill_height_fraction=round(ware.fill_height_fraction(volume_ul), 4) if volume_ul > 0 else None,
    )  # fmt: skip


def stocks(inventory: Inventory) -> Iterator[Stock]:
    """What is left of stocks and powders."""
    lab = inventory.lab
    for name, stock in lab.stocks.items():
        used_ml = inventory.stock_used_ul.get(name, 0.0) / 1000
        yield Stock(name=name, left=stock.volume_ml - used_ml, at_start=stock.volume_ml, unit="ml")
    for name, powder in lab.powders.items():
        yield Stock(name=name, left=inventory.left_mg(name), at_start=1000 * powder.mass_g, unit="mg")
