"""Every rule on every sample's way over the bench; samples with the same figures go the same way."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from planning.errors import Refused
from planning.graph import write_down
from planning.inventory import Inventory, Standing
from planning.preflight import balance, caps, expected, furnace, heat, limits, mixing, places
from planning.preflight.consumables import Stores, racks_last
from planning.preflight.findings import Finding
from planning.preflight.moments import Bench, Moment, moments_of
from planning.protocol.binding import Bound, BoundStep, Decisions
from planning.protocol.consistency import Location
from planning.protocol.document import Protocol
from planning.reach import Reach
from planning.task import Task
from robot.config import LabConfig
from robot.interfaces import Device
from vision.state.trust import UNMEASURED, Trust

Rule = Callable[[Moment], Iterator[Finding]]

OF_TASKS: Mapping[str, tuple[Rule, ...]] = {
    "carry": (places.fits_there,),
    "dose": (limits.pump_has_line, limits.pump_draws_enough),
    "dose_powder": (limits.doser_can,),
    "shake": (limits.handler_shakes,),
    "transfer_powder": (limits.handler_taps,),
    "cast": (limits.pump_draws_enough,),
    "transfer": (limits.pump_draws_enough,),
    "mix": (limits.pump_draws_enough,),
    "wash": (limits.pump_draws_enough,),
    "heat": (furnace.programme_fits, furnace.chamber_follows, furnace.cools_in_time, heat.ware_bears),
    "warm": (limits.plate_heats, limits.plate_stirs, heat.ware_bears),
    "stir": (limits.plate_stirs,),
    "cool": (limits.cools_so_far,),
    "look": (expected.eyes_know_it,),
    "measure": (limits.meter_gives,),
    "diffract": (limits.diffractometer_scans,),
    "ask": (expected.somebody_answers,),
}
"""Rules on a task by itself."""

OF_CONTENTS: Mapping[str, tuple[Rule, ...]] = {
    "dose": (caps.is_open, balance.holds_all, mixing.vessel_is_peaceful),
    "dose_powder": (caps.is_open, balance.holds_all, mixing.vessel_is_peaceful),
    "transfer_powder": (caps.is_open, balance.taps_what_is_there, balance.holds_all, mixing.vessel_is_peaceful),
    "cast": (caps.is_open, balance.draws_what_is_there, balance.holds_all, mixing.vessel_is_peaceful),
    "transfer": (caps.is_open, balance.draws_what_is_there, balance.holds_all, mixing.vessel_is_peaceful),
    "mix": (
        caps.is_open,
        balance.draws_what_is_there,
    ),
    "heat": (caps.is_not_fired, heat.liquid_bears),
    "warm": (caps.cap_bears, heat.liquid_bears),
    "cap": (caps.can_be_capped,),
    "uncap": (caps.can_be_uncapped,),
    "look": (expected.can_be_seen,),
    "weigh": (expected.can_be_weighed, balance.balance_bears),
    "measure": (balance.has_film, balance.is_dry),
    "diffract": (balance.has_powder,),
}
"""Rules on what is in the vessels: they say nothing of use if a step before could not be written down."""

OF_WAYS: tuple[Callable[[Iterable[Moment]], Iterator[Finding]], ...] = (
    places.alone_on_each_place,
    mixing.syringe_is_peaceful,
    mixing.nothing_is_carried_over,
)


class Rehearsal:
    """Takes samples one after the other through all rules.

    Args:
        without: places in the document of steps that the bench cannot do at all; they are left out.
    """

    def __init__(
        self, protocol: Protocol, lab: LabConfig, devices: Mapping[str, Device], without: frozenset[Location],
        eyes: Trust = UNMEASURED,
    ) -> None:  # fmt: skip
        self.protocol = protocol
        self.lab = lab
        wares = {name: use.labware for name, use in protocol.vessels.items()}
        capped = frozenset(name for name, use in protocol.vessels.items() if use.from_ and lab.sites[use.from_].capped)
        self.bench = Bench(lab, devices, wares, capped, eyes)
        self.findings: list[Finding] = []
        self.tasks_of: list[list[Task]] = []
        self.steps: dict[str, BoundStep] = {}
        self._without = without
        self._reach = Reach.of(lab, devices)
        self._seen: dict[str, Bound] = {}

    def rehearse(self, samples: Sequence[Mapping[str, Any]]) -> None:
        """Write down each sample's tasks; note what is wrong with them, and what runs out."""
        self.findings += racks_last(self.protocol, self.lab, len(samples))
        inventory, stores = Inventory(self.lab), Stores(self.lab)
        are_alike = all(values == samples[0] for values in samples)
        for number, values in enumerate(samples, start=1):
            with self._saying("" if are_alike else f" (at {in_words(values)})"):
                try:
                    self._take(number, values, inventory.allot(self.protocol), stores)
                except Refused as err:
                    self.findings += self._refusal(f"sample {number}", err)
        self.findings += stores.findings()

    def consider(self, others: Iterable[Mapping[str, Any]]) -> None:
        """Judge samples that may come instead of these, each as if it had the bench to itself."""
        for values in others:
            with self._saying(f" (at {in_words(values)})"):
                try:
                    allotted = Inventory(self.lab).allot(self.protocol)
                    self._way("other", self.protocol.bind(values), allotted, {}, is_new=True)
                except Refused as err:
                    self.findings += self._refusal("a sample", err)

    @contextmanager
    def _saying(self, at: str) -> Iterator[None]:
        """Let what is found meanwhile say of which parameters it is true."""
        told = len(self.findings)
        yield
        self.findings[told:] = [replace(each, what=each.what + at) for each in self.findings[told:]]

    def _refusal(self, sample: str, err: Refused) -> Iterator[Finding]:
        """Why a sample cannot be made at all; empty racks have been told of already."""
        if not any(finding.rule == "runs out" for finding in self.findings):
            yield Finding("parameters", f"{sample}: {err.what}", err.remedy, location=err.location)

    def _take(self, number: int, values: Mapping[str, Any], allotted: Mapping[str, Standing], stores: Stores) -> None:
        key = repr(values)
        is_new = key not in self._seen
        bound = self._seen.setdefault(key, self.protocol.bind(values)) if is_new else self._seen[key]
        tasks, moments = self._way(f"s{number:03d}", bound, allotted, {}, is_new)
        self.tasks_of.append(tasks)
        for moment in moments:
            stores.take(moment, number)
        if is_new:
            for step in bound.assumed:
                if step.decision is not None:
                    self._way(f"s{number:03d}", bound, allotted, {step.name: not step.decision.outcome}, True)

    def _way(
        self, name: str, bound: Bound, allotted: Mapping[str, Standing], decisions: Decisions, is_new: bool
    ) -> tuple[list[Task], list[Moment]]:
        """One sample's tasks on the way that its decisions take it."""
        steps = (
            {step.name: step for step in bound.path(decisions)}
            if decisions
            else {step.name: step for step in bound.assumed}
        )
        self.steps |= steps
        tasks, refusals = write_down(name, bound, allotted, self.lab, decisions, self._without, reach=self._reach)
        moments = list(moments_of(tasks, steps, self.bench))
        if is_new:
            self.findings += [Finding("names", each.what, each.remedy, location=each.location) for each in refusals]
            self.findings += judged(moments, is_whole=not refusals and not self._without)
        return tasks, moments


def judged(moments: Sequence[Moment], *, is_whole: bool) -> Iterator[Finding]:
    """What the rules say of one way; those on contents only if all that leads to them is known."""
    for moment in moments:
        for rule in OF_TASKS.get(moment.task.skill, ()):
            yield from rule(moment)
        for rule in OF_CONTENTS.get(moment.task.skill, ()) if is_whole else ():
            yield from rule(moment)
    for rule_of_ways in OF_WAYS:
        yield from rule_of_ways(moments)


def in_words(values: Mapping[str, Any]) -> str:
    """Parameters for people; parts of which there is nothing are left out.

    >>> in_words({"blend": {"p3ht": 1.0, "mwnt": 0.0}, "anneal_c": 140})
    'blend.p3ht=1, anneal_c=140'
    """
    parts = [
        (f"{name}.{part}" if part else name, amount)
        for name, value in values.items()
        for part, amount in (value.items() if isinstance(value, Mapping) else [("", value)])
        if amount or not part
    ]
    return ", ".join(f"{name}={amount:g}" for name, amount in parts)
