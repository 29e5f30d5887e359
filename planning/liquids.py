"""What a planner asks of whatever moves liquids: where it gets to, what it leaves soiled, which portions it takes with which tips."""

from collections.abc import Callable
from dataclasses import dataclass

from planning.errors import Refused
from planning.inventory import Standing
from planning.task import Task
from robot.config import LabConfig
from robot.liquid_handlers import LiquidHandlerSettings, TipPipetteSettings


@dataclass(frozen=True)
class Portion:
    """One liquid on its way between two lines or wells; if there are `cycles`, it only goes up and down in one of them."""

    source: str
    to: str
    volume_ul: float
    there_ul: float
    """In the source before."""
    cycles: int = 0


def handler_of(lab: LabConfig, name: str) -> LiquidHandlerSettings:
    """Look up a device that moves liquids; raise Refused if it is none."""
    settings = lab.devices.get(name)
    if not isinstance(settings, LiquidHandlerSettings):
        raise Refused(f"{name} moves no liquids", "Name a pump or a pipette")
    return settings


def line_to(lab: LabConfig, pipette: str, place: Standing) -> str:
    """Name the line, or the well, at a place; raise Refused if there is none."""
    line = handler_of(lab, pipette).line_at(place.site, place.place)
    if line is None:
        where = f"place {place.place} of {place.site}" if place.place else place.site
        raise Refused(f"no line of {pipette} ends at {where}", "Add it to the pipette's `reaches`")
    return line


def soiled_by_use(lab: LabConfig, pipette: str) -> frozenset[str]:
    """The pipette, if it must be rinsed before another sample may use it: a fresh tip or a line of its own needs no rinsing."""
    return frozenset({pipette}) if handler_of(lab, pipette).way == "valve" else frozenset()


def portions(task: Task, in_store_ul: Callable[[str], float]) -> list[Portion]:
    """What a task moves, one liquid after the other; `in_store_ul` says how much there is of a stock before."""
    details = task.arguments
    match task.skill:
        case "dose":
            parts = details["volumes_ul"].items()
            return [Portion(stock, details["line"], volume_ul, in_store_ul(stock)) for stock, volume_ul in parts]
        case "wash":
            liquid, volume_ul = details["liquid"], details["volume_ul"]
            return [Portion(liquid, details["to"], volume_ul, 0.0)] * details["cycles"]
        case "mix":
            line = details["line"]
            return [Portion(line, line, details["volume_ul"], details["there_ul"], details["cycles"])]
    return [Portion(details["line"], details["nozzle"], details["volume_ul"], details["there_ul"])]


def tips_needed(lab: LabConfig, task: Task) -> int:
    """How many tips a task throws away: one for each liquid."""
    if not isinstance(lab.devices.get(task.arguments.get("pipette", "")), TipPipetteSettings):
        return 0
    return len(portions(task, lambda stock: 0.0))
