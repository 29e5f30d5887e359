"""From χDL to a protocol for one bench: which vessels, sites and devices, step by step. What cannot be said in our words
becomes a question to a person, so that nothing of the recipe is lost, and is listed.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from planning.protocol.document import Protocol, VesselUse
from planning.protocol.fields import Action
from planning.protocol.flow import Repeat
from planning.protocol.handling import Ask, Wait
from planning.protocol.liquids import Dose, Transfer
from planning.protocol.steps import Step, step
from planning.protocol.treatments import Cool, Heat, Stir
from planning.protocol.xdl import Element, NoFigure, figure, read_xdl
from robot.config import LabConfig
from robot.device_settings import IkaRctSettings
from robot.files import FileProblem, Problem
from robot.liquid_handlers import PipetteSettings

ROOM_C = 30.0
"""To come down to this or less on a hotplate is to cool; colder needs a chiller."""
COLDEST_C = 20.0
STIR_RPM = 300.0
"""Where the recipe says stir and not how fast."""
NO_FLASKS = frozenset({"plate", "crucible", "holder"})
"""Kinds of labware that a recipe of liquids does not mean."""


@dataclass(frozen=True)
class Untranslated:
    """Something of a recipe that our protocol does not say."""

    line: int
    what: str
    why: str


@dataclass(frozen=True)
class Imported:
    """A protocol, and what of the recipe it does not say."""

    protocol: Protocol
    left_out: tuple[Untranslated, ...]


class _Unknown(ValueError):
    """A step that cannot be translated, with the reason."""


def import_xdl(path: Path, lab: LabConfig, names: Mapping[str, str] | None = None) -> Imported:
    """Translate a χDL file for a bench.

    Args:
        path: the file.
        lab: the bench that is to do it.
        names: reagents by the recipe's name to stocks of the bench, where they differ.

    Raises:
        FileProblem: the file is no χDL, or the bench has no vessels for it.
    """
    root = read_xdl(path)
    procedure = next(root.all("Procedure"))
    product = next((each.attributes.get("product") for each in root.all("Metadata")), None)
    translation = _Translation(lab, {**(names or {})})
    steps = list(translation.steps(procedure.children))
    if not steps:
        raise FileProblem(path, [Problem("Procedure", "holds no step", "Is the recipe complete?", procedure.line)])
    try:
        vessels = translation.vessels()
    except _Unknown as err:
        raise FileProblem(
            path, [Problem("Hardware", str(err), "Add a rack of larger vessels to the lab file")]
        ) from err
    protocol = Protocol(protocol=product or path.stem, vessels=vessels, steps=steps)
    return Imported(protocol, tuple(sorted(translation.left_out, key=lambda each: each.line)))


def in_our_words(name: str) -> str:
    """A name as our files may hold it.

    >>> in_our_words("Glacial acetic acid (100 %)"), in_our_words("2-propanol")
    ('glacial_acetic_acid_100', 'n2_propanol')
    """
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "unnamed"
    return word if word[0].isalpha() else f"n{word}"


@dataclass
class _Translation:
    """One recipe on its way into our words."""

    lab: LabConfig
    names: Mapping[str, str]
    left_out: list[Untranslated] = field(default_factory=list)
    _most_ul: dict[str, float] = field(default_factory=dict)
    """The most that each vessel may come to hold."""

    def steps(self, elements: Sequence[Element]) -> Iterator[Step]:
        """Translate a list of steps; what cannot be is left to a person."""
        rest = list(elements)
        while rest:
            element = rest.pop(0)
            try:
                if element.tag == "StartStir":
                    yield step(self._stir_while_waiting(element, rest))
                else:
                    yield step(self._translated(element))
            except (_Unknown, NoFigure, KeyError) as err:
                why = f"it has no {err}" if isinstance(err, KeyError) else str(err)
                self.left_out.append(Untranslated(element.line, str(element), why))
                yield step(
                    Ask(question=f"By hand, then answer: {element}", answers=["done", "not_done"], as_="by_hand")
                )

    def vessels(self) -> dict[str, VesselUse]:
        """The smallest of the bench's vessels that hold what comes into them."""
        racks = {name: site.holds for name, site in self.lab.sites.items() if site.stock and site.holds}
        fitting = {rack: ware for rack, name in racks.items() if (ware := self.lab.ware(name)).kind not in NO_FLASKS}
        if not self._most_ul:
            return dict(list({rack: VesselUse(labware=ware, from_=rack) for rack, ware in racks.items()}.items())[:1])
        found = {}
        for vessel, most_ul in self._most_ul.items():
            large = [rack for rack, ware in fitting.items() if ware.capacity_ul >= most_ul]
            if not large:
                raise _Unknown(f"no vessel of the bench holds the {most_ul / 1000:g} ml that come into {vessel!r}")
            rack = min(large, key=lambda rack: fitting[rack].capacity_ul)
            found[vessel] = VesselUse(labware=fitting[rack].name, from_=rack)
        return found

    def _translated(self, element: Element) -> Action:
        translators: Mapping[str, Callable[[Element], Action]] = {
            "Add": self._add,
            "Transfer": self._transfer,
            "HeatChill": self._heat_chill,
            "HeatChillToTemp": self._heat_chill_to_temp,
            "Stir": self._stir,
            "Wait": lambda wait: Wait(for_min=figure(wait.attributes["time"], "time")),
            "Repeat": lambda repeat: Repeat(
                times=int(repeat.attributes["repeats"]), steps=list(self.steps(repeat.children))
            ),
        }
        if element.tag not in translators:
            raise _Unknown(f"there is no verb for {element.tag}")
        return translators[element.tag](element)

    def _add(self, add: Element) -> Dose:
        reagent = add.attributes["reagent"]
        liquid = self.names.get(reagent, in_our_words(reagent))
        if "volume" not in add.attributes:
            raise _Unknown("only volumes are added, and it says none")
        if liquid not in self.lab.stocks:
            raise _Unknown(f"the bench has no stock {liquid!r}; there are {', '.join(self.lab.stocks) or 'none'}")
        volume_ul = figure(add.attributes["volume"], "volume")
        self._say_what_is_lost(add, "time", "stir", "viscous")
        pump, sites = self._pump()
        return Dose(into=self._vessel(add.attributes["vessel"], volume_ul), at=sites[0], with_=pump, volume_ul=volume_ul,
                    liquid=liquid)  # fmt: skip

    def _transfer(self, transfer: Element) -> Transfer:
        volume_ul = figure(transfer.attributes["volume"], "volume")
        self._say_what_is_lost(transfer, "time", "viscous")
        pump, sites = self._pump()
        if len(sites) < 2:
            raise _Unknown(f"{pump} has a line to {sites[0]} alone, and a transfer needs two")
        return Transfer(from_=self._vessel(transfer.attributes["from_vessel"], 0.0), from_at=sites[0],
                        into=self._vessel(transfer.attributes["to_vessel"], volume_ul), at=sites[1], with_=pump,
                        volume_ul=volume_ul)  # fmt: skip

    def _heat_chill(self, heat: Element) -> Heat:
        return self._warm(heat, figure(heat.attributes["time"], "time"))

    def _heat_chill_to_temp(self, heat: Element) -> Action:
        to_c = figure(heat.attributes["temp"], "temp")
        if COLDEST_C < to_c <= ROOM_C:
            return Cool(in_=self._plate()[0], below_c=to_c)
        self._say_what_is_lost(heat, "continue_heatchill")
        return self._warm(heat, 0.0)

    def _warm(self, heat: Element, hold_min: float) -> Heat:
        to_c = figure(heat.attributes["temp"], "temp")
        if to_c <= COLDEST_C:
            raise _Unknown(f"the bench cannot chill to {to_c:g} °C")
        plate, site = self._plate()
        stirs = _is_true(heat.attributes.get("stir", "True"))
        return Heat(what=self._vessel(heat.attributes["vessel"], 0.0), in_=plate, at=site, to_c=to_c, hold_min=hold_min,
                    stir_rpm=_speed_rpm(heat) if stirs else None)  # fmt: skip

    def _stir(self, stir: Element) -> Stir:
        return self._stirred(stir, figure(stir.attributes["time"], "time"))

    def _stir_while_waiting(self, start: Element, rest: list[Element]) -> Stir:
        """Stirring begun, waited for and ended is one step of ours; take what belongs to it from the rest."""
        waited_min = 0.0
        for index, element in enumerate(rest):
            if element.tag == "StopStir" and element.attributes["vessel"] == start.attributes["vessel"] and waited_min:
                stir = self._stirred(start, waited_min)
                del rest[: index + 1]
                return stir
            if element.tag != "Wait":
                break
            waited_min += figure(element.attributes["time"], "time")
        raise _Unknown(
            "it stirs while other things are done; only waiting between StartStir and StopStir is understood"
        )

    def _stirred(self, stir: Element, for_min: float) -> Stir:
        plate, site = self._plate()
        vessel = self._vessel(stir.attributes["vessel"], 0.0)
        return Stir(what=vessel, at=site, with_=plate, speed_rpm=_speed_rpm(stir), for_min=for_min)

    def _vessel(self, name: str, more_ul: float) -> str:
        ours = in_our_words(name)
        self._most_ul[ours] = self._most_ul.get(ours, 0.0) + more_ul
        return ours

    def _pump(self) -> tuple[str, list[str]]:
        for name, settings in self.lab.devices.items():
            if isinstance(settings, PipetteSettings) and settings.reaches:
                return name, list(settings.reaches.values())
        raise _Unknown("the bench has no pipette with a line to a site")

    def _plate(self) -> tuple[str, str]:
        for name, settings in self.lab.devices.items():
            site = next((site for site, place in self.lab.sites.items() if place.inside == name), None)
            if isinstance(settings, IkaRctSettings) and site is not None:
                return name, site
        raise _Unknown("the bench has no hotplate-stirrer with a site on it")

    def _say_what_is_lost(self, element: Element, *attributes: str) -> None:
        """List attributes that are left out though the step is not."""
        for name in attributes:
            value = element.attributes.get(name)
            if value is not None and value.lower() not in ("false", "none", "default"):
                why = f"{name}={value!r} is left out: our step has no such wish"
                self.left_out.append(Untranslated(element.line, str(element), why))


def _speed_rpm(element: Element) -> float:
    text = element.attributes.get("stir_speed", "default")
    return STIR_RPM if text.lower() in ("default", "none") else figure(text, "speed")


def _is_true(text: str) -> bool:
    return text.lower() in ("true", "1", "yes", "default")
