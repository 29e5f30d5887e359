"""Does a protocol fit a bench at all? Names, kinds and places, before any figure is looked at."""

from collections.abc import Iterator, Mapping

from planning.preflight.findings import Finding
from planning.protocol.consistency import Location, steps_within
from planning.protocol.document import Protocol
from planning.protocol.fields import Action
from planning.protocol.handling import Cap, Discard, Uncap
from planning.protocol.liquids import Cast, Dose, Mix, Transfer, Wash
from planning.protocol.observations import Diffract, Measure, Weigh
from planning.protocol.powders import DosePowder
from planning.protocol.steps import Step
from planning.protocol.treatments import Heat, Stir
from robot.config import LabConfig
from robot.device_settings import CavroSettings, FurnaceSettings
from robot.liquid_handlers import LiquidHandlerSettings
from vision.state.trust import Trust


def misfits(protocol: Protocol, lab: LabConfig, eyes: Trust) -> Iterator[Finding]:
    """Devices, sites, labware and lines that a protocol names and the bench does not have, and what its eyes cannot tell."""
    for name, use in protocol.vessels.items():
        yield from _vessel_misfits(name, use.labware, use.from_, lab)
    yield from _steps_misfits(protocol, lab, (), eyes)


def rules_fit(protocol: Protocol, lab: LabConfig) -> Iterator[Finding]:
    """A protocol's rules of recovery are about devices that the bench has."""
    for index, rule in enumerate(protocol.recovery):
        for name in rule.device:
            if name not in lab.devices:
                what = f"no device is called {name!r}; there are {', '.join(lab.devices)}"
                yield Finding("names", what, "Correct the name", location=("recovery", index, "device"))


def _steps_misfits(protocol: Protocol, lab: LabConfig, at: Location, eyes: Trust) -> Iterator[Finding]:
    for name, step, here in steps_within(protocol.steps):
        for where, what, remedy in _step_misfits(step, lab):
            yield Finding("names", what, remedy, name, (*at, *here, step.verb, where))
        for vessel, expectation in step.expect.items():
            for field in eyes.cannot_tell(sorted(expectation.seen())):
                location = (*at, *here, "expect", vessel, field)
                what, remedy = f"{field}: the eyes in use cannot tell", "Leave it out, or ask a person"
                yield Finding("expectation", what, remedy, name, location)
    for name, inner in protocol.protocols.items():
        yield from _steps_misfits(inner, lab, (*at, "protocols", name), eyes)


def _vessel_misfits(name: str, labware: str, rack: str | None, lab: LabConfig) -> Iterator[Finding]:
    where = ("vessels", name)
    try:
        lab.ware(labware)
    except KeyError:
        yield Finding("names", f"no labware is called {labware!r}", "Describe it in the lab file", location=where)
    if rack is None:
        yield Finding("names", f"vessel {name} comes from nowhere", "Name its rack: `from`", location=where)
        return
    site = lab.sites.get(rack)
    if site is None:
        what = f"no site is called {rack!r}; there are {', '.join(lab.sites)}"
        yield Finding("names", what, "Correct it", location=where)
    elif site.holds != labware:
        what = f"{rack} holds {site.holds or 'nothing'}, not {labware}"
        yield Finding("names", what, "Choose another site", location=where)


def _step_misfits(step: Step, lab: LabConfig) -> Iterator[tuple[str, str, str]]:
    """Yield field, what is wrong, remedy."""
    action = step.action
    for attribute, kind in action.DEVICES.items():
        name = getattr(action, attribute)
        if not all(isinstance(lab.devices.get(each), kind.settings) for each in lab.groups.get(name, [name])):
            there = [device for device, settings in lab.devices.items() if isinstance(settings, kind.settings)]
            what = f"{name!r} is no {kind.word} of this bench; there is {', '.join(there) or 'none'}"
            remedy = "Name one of them" if there else f"Add a {kind.word} to the lab file, or leave the step out"
            yield attribute.removesuffix("_"), what, remedy
    for attribute in action.SITES:
        site = getattr(action, attribute)
        if site is None:
            continue
        if site in lab.groups and all(each in lab.sites for each in lab.groups[site]):
            for each in lab.groups[site]:
                yield from _site_misfits(attribute, each, lab, action)
        elif site not in lab.sites:
            yield attribute, f"no site is called {site!r}; there are {', '.join(lab.sites)}", "Name one of them"
        else:
            yield from _site_misfits(attribute, site, lab, action)
    if isinstance(action, Dose | Transfer | Cast | Mix):
        yield from _line_misfits(action, lab)
    match action:
        case Wash():
            settings = lab.devices.get(action.with_)
            ports = settings.sources if isinstance(settings, CavroSettings) else ()
            for attribute, port in (("liquid", action.liquid), ("to", action.to)):
                if ports and port not in ports:
                    what = f"no valve port of {action.with_} is called {port!r}"
                    yield attribute, what, f"Use one of {', '.join(ports)}"
        case Heat():
            for device in lab.groups.get(action.in_, [action.in_]):
                yield from _heat_misfits(action, device, lab)


def _line_misfits(action: Dose | Transfer | Cast | Mix, lab: LabConfig) -> Iterator[tuple[str, str, str]]:
    """A vessel may come to stand on any place of a site, so each needs a line."""
    settings, site = lab.devices.get(action.with_), lab.sites.get(action.at)
    if not isinstance(settings, LiquidHandlerSettings) or site is None or site.stock or site.bin:
        return
    lines = [settings.line_at(action.at, place) for place in range(site.places)]
    if None in lines and lines[0] is not None:
        what = f"no line of {action.with_} ends at place {lines.index(None)} of {action.at}, and a vessel may come to stand there"
        yield "at", what, "Name a site with one place, or add lines to the pipette's `reaches`"


_INSIDE: Mapping[type[Action], tuple[str, str]] = {
    Heat: ("in_", "Name a site whose `inside` is that furnace or hotplate"),
    Stir: ("with_", "Name the site of that hotplate"),
    Measure: ("with_", "Name the site of that probe"),
    Diffract: ("with_", "Name the site of that diffractometer"),
    Weigh: ("with_", "Name the site of that balance"),
    DosePowder: ("with_", "Name the site of that doser"),
    Cap: ("with_", "Name the site of that capper"),
    Uncap: ("with_", "Name the site of that capper"),
}
"""Verbs whose vessel stands in their device: the field that names it."""


def _site_misfits(attribute: str, name: str, lab: LabConfig, action: Action) -> Iterator[tuple[str, str, str]]:
    site = lab.sites[name]
    if type(action) in _INSIDE:
        field, remedy = _INSIDE[type(action)]
        device = getattr(action, field)
        if site.inside not in lab.groups.get(device, [device]):
            yield attribute, f"{name} is not inside {device}", remedy
    if isinstance(action, Discard):
        if not site.bin:
            yield attribute, f"{name} is no bin", "Name a site with `bin: yes`"
    elif (site.stock or site.bin) and not isinstance(action, Heat):
        yield attribute, f"{name} is a store or a bin; nothing can be set down there to work on", "Name a working site"


def _heat_misfits(heat: Heat, device: str, lab: LabConfig) -> Iterator[tuple[str, str, str]]:
    settings = lab.devices.get(device)
    if isinstance(settings, FurnaceSettings):
        if heat.segments is None and heat.rate_c_per_min is None:
            yield "rate_c_per_min", f"{device} is a furnace and heats at a rate", "Say rate_c_per_min"
        if heat.stir_rpm is not None:
            yield "stir_rpm", f"{device} is a furnace and does not stir", "Leave it out, or use a hotplate-stirrer"
        if heat.atmosphere not in (None, settings.atmosphere):
            what = f"{device} is under {settings.atmosphere}, not {heat.atmosphere}"
            yield "atmosphere", what, "Use another furnace, or correct its `atmosphere` in the lab file"
    elif heat.atmosphere is not None:
        yield "atmosphere", f"{device} stands in the open", "Leave it out, or use a furnace"
