"""Tasks of many samples share devices without waiting in a circle, and keep their longest lags."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.errors import Refused
from planning.graph import build
from planning.inventory import Inventory, ink_volumes_ul
from planning.protocol.document import Protocol
from planning.rooms import Rooms
from planning.schedule import Dispatcher, Slot
from planning.task import Task
from robot.config import LabConfig

SECONDS = {"carry": 20.0, "dose": 90.0, "look": 3.0, "cast": 6.0, "wash": 40.0, "heat": 4200.0, "measure": 3.0}


def seconds(task: Task) -> float:
    return SECONDS[task.skill]


def tasks_for(lab: LabConfig, recipe: Protocol, anneal_c: Sequence[float]) -> Dispatcher:
    inventory = Inventory(lab)
    dispatcher = Dispatcher(seconds, Rooms(lab))
    for number, to_c in enumerate(anneal_c):
        bound = recipe.bind({"blend": {"p3ht": 0.5, "dwnt": 0.5}, "anneal_c": to_c})
        dispatcher.add(build(f"s{number:03d}", bound, inventory.allot(recipe), lab), 0.0)
    return dispatcher


def assert_no_device_works_twice(slots: list[Slot]) -> None:
    by_device = defaultdict(list)
    for slot in slots:
        for device in slot.task.uses:
            by_device[device].append((slot.start_s, slot.end_s))
    for times in by_device.values():
        times.sort()
        assert all(end <= start for (_, end), (start, _) in pairwise(times))


def assert_places_hold_one(slots: list[Slot]) -> None:
    events = []
    for slot in slots:
        events += [(slot.start_s, 1, resource, slot.task) for resource in slot.task.takes]
        events += [(slot.end_s, 0, resource, slot.task) for resource in slot.task.frees]
    held: dict[str, str] = {}
    for _, taking, resource, task in sorted(events, key=lambda event: (event[0], event[1])):
        (sample,) = task.samples
        if taking:
            assert held.setdefault(resource, sample) == sample, f"{resource} is {held[resource]}'s and {sample}'s"
        else:
            held.pop(resource)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([100.0, 140.0, 180.0]), min_size=1, max_size=14))
def test_every_foretold_run_ends_keeps_places_and_lags(lab: LabConfig, recipe: Protocol, anneal_c: list[float]) -> None:
    dispatcher = tasks_for(lab, recipe, anneal_c)
    waiting = set(dispatcher.waiting)

    slots = dispatcher.foretell(0.0)

    assert {slot.task.own_id(sample) for slot in slots for sample in slot.task.samples} == waiting
    assert_no_device_works_twice(slots)
    assert_places_hold_one(slots)
    end_s = {slot.task.own_id(sample): slot.end_s for slot in slots for sample in slot.task.samples}
    for slot in slots:
        assert all(end_s[earlier] <= slot.start_s for earlier in slot.task.after)
        assert lags_kept(slot, end_s)


def lags_kept(slot: Slot, end_s: Mapping[str, float]) -> bool:
    return all(slot.start_s - end_s[head] <= longest_s + 1e-6 for head, longest_s in slot.task.within_s.items())


def with_lags(recipe: Protocol, within_min: Mapping[str, float], step: str = "heat") -> Protocol:
    """The recipe with other longest lags of one step."""
    steps = [
        each.model_copy(update={"within_min": dict(within_min)}) if each.verb == step else each for each in recipe.steps
    ]
    return recipe.model_copy(update={"steps": steps})


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([100.0, 140.0, 180.0]), min_size=1, max_size=10),
    st.floats(8, 120),
    st.floats(5, 60),
)
def test_every_one_of_several_longest_lags_is_kept(
    lab: LabConfig, recipe: Protocol, anneal_c: list[float], of_dosing_min: float, of_casting_min: float
) -> None:
    lagging = with_lags(recipe, {"dose": of_dosing_min, "cast": of_casting_min})

    slots = tasks_for(lab, lagging, anneal_c).foretell(0.0)

    end_s = {slot.task.own_id(sample): slot.end_s for slot in slots for sample in slot.task.samples}
    heats = [slot for slot in slots if slot.task.skill == "heat"]
    assert all(len(slot.task.within_s) == 2 * len(slot.task.samples) for slot in heats)
    assert all(lags_kept(slot, end_s) for slot in slots)


def test_who_comes_too_late_is_told_after_what(lab: LabConfig, recipe: Protocol) -> None:
    dispatcher = tasks_for(lab, with_lags(recipe, {"dose": 10, "cast": 30}), [140.0])
    heat = dispatcher.waiting["s000.heat.heat"]
    dispatcher.done_s |= {"s000.dose.look": 100.0, "s000.cast.cast": 200.0}

    assert dispatcher.too_late(heat, 600.0) == {}
    assert dispatcher.too_late(heat, 800.0) == {
        "s000": "heat may begin within 600 s of s000.dose.look, now 700 s have passed"
    }


def test_samples_with_one_programme_share_the_furnace_each_on_a_place_of_its_own(
    lab: LabConfig, recipe: Protocol
) -> None:
    slots = tasks_for(lab, recipe, [140.0, 100.0, 140.0]).foretell(0.0)

    heats = {slot.task.samples for slot in slots if slot.task.skill == "heat"}
    loads = {slot.task.samples[0]: slot.task.takes for slot in slots if "chamber" in str(slot.task.takes)}
    assert heats == {("s000", "s002"), ("s001",)}
    assert loads["s000"].isdisjoint(loads["s002"])


def test_a_sample_that_drops_out_leaves_its_batch_going(lab: LabConfig, recipe: Protocol) -> None:
    dispatcher = tasks_for(lab, recipe, [140.0, 140.0, 140.0])

    dispatcher.drop("s001")
    slots = dispatcher.foretell(0.0)

    heated = sorted(sample for slot in slots if slot.task.skill == "heat" for sample in slot.task.samples)
    assert heated == ["s000", "s002"]
    assert not any("s001" in slot.task.samples for slot in slots)


def test_a_carry_that_failed_frees_no_place(lab: LabConfig, recipe: Protocol) -> None:
    dispatcher = tasks_for(lab, recipe, [140.0, 140.0])
    while (task := dispatcher.next_task(0.0)) is not None and task.step != "discard":
        dispatcher.start(task, 0.0)
        dispatcher.finish(task, 0.0)
    assert task is not None  # the first sample's vial is to leave the booth
    dispatcher.start(task, 0.0)

    dispatcher.fail(task, 0.0)

    assert dispatcher.held["booth"] == task.samples[0]


def test_a_sample_of_which_nothing_is_left_is_no_part_of_the_plan(lab: LabConfig, recipe: Protocol) -> None:
    dispatcher = tasks_for(lab, recipe, [140.0, 140.0])
    thinking = Dispatcher(seconds, Rooms(lab), thinks=True)
    thinking.add(dispatcher.waiting.values(), 0.0)

    thinking.drop("s000")

    assert thinking.next_task(0.0) is not None


def test_places_that_are_never_given_back_are_told(lab: LabConfig) -> None:
    dispatcher = Dispatcher(lambda task: 20.0, Rooms(lab))
    details = {"source": ["vials", 0], "to": ["booth", 0], "vessel": "vial"}
    for sample in ("a", "b"):
        task = Task(f"{sample}.x", (sample,), "x", "carry", details, frozenset({"arm"}), takes=frozenset({"booth"}))
        dispatcher.add([task], 0.0)

    with pytest.raises(Refused, match="b waits for booth for ever, in a circle: a holds it"):
        dispatcher.foretell(0.0)


@given(st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).filter(lambda shares: sum(shares) > 0.1))
def test_ink_volumes_sum_to_the_dose_and_carry_the_asked_solids(lab: LabConfig, shares: list[float]) -> None:
    inks = ("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt")
    blend = {ink: share / sum(shares) for ink, share in zip(inks, shares, strict=True)}

    volumes_ul, as_made = ink_volumes_ul(blend, 2000.0, 0.01, lab)

    solids = {ink: ul * lab.stocks[ink].concentration_mg_per_ml for ink, ul in volumes_ul.items()}
    assert sum(volumes_ul.values()) == pytest.approx(2000.0)
    assert {ink: mass / sum(solids.values()) for ink, mass in solids.items()} == pytest.approx(as_made)
    assert all(share >= 0.01 or ink not in as_made for ink, share in blend.items())
