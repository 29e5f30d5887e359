"""Rounds, choices and uses are written out for a sample; what is measured first stays a decision."""

from collections.abc import Callable
from typing import Any

import pytest

from planning.errors import Refused
from planning.protocol import Protocol

Document = Callable[..., Protocol]
WEIGH = {"weigh": {"what": "vial", "at": "pan", "with": "balance", "as": "mass_mg"}}


def wait(minutes: Any, **details: Any) -> dict[str, Any]:
    return {"wait": {"for_min": minutes}, **details}


def names(protocol: Protocol, values: dict[str, Any] | None = None, **decisions: bool) -> list[str]:
    path = protocol.bind(values or {}).path({name.replace("__", "/"): outcome for name, outcome in decisions.items()})
    return [each.name for each in path]


def test_rounds_are_numbered(document: Document) -> None:
    protocol = document([{"repeat": {"times": 2, "steps": [wait(1), wait(2)]}}, wait(3)])

    assert names(protocol) == ["repeat/1/wait", "repeat/1/wait_2", "repeat/2/wait", "repeat/2/wait_2", "wait"]


def test_one_round_follows_the_other(document: Document) -> None:
    protocol = document([wait(1), {"repeat": {"times": 2, "steps": [wait(1)]}}, wait(3)])

    after = {each.name: each.after for each in protocol.bind({}).assumed}

    assert after == {
        "wait": (), "repeat/1/wait": ("wait",), "repeat/2/wait": ("repeat/1/wait",), "wait_2": ("repeat/2/wait",),
    }  # fmt: skip


def test_a_step_in_a_round_may_name_one_outside(document: Document) -> None:
    lagging = wait(1, after=[], within_min={"first": 5}, not_before_min={"first": 2})
    protocol = document([wait(1, name="first"), wait(9), {"repeat": {"times": 1, "steps": [lagging]}}])

    step = protocol.bind({}).assumed[-1]

    assert (step.within_min, step.not_before_min) == ({"first": 5.0}, {"first": 2.0})


def test_each_step_that_is_named_has_a_longest_lag_of_its_own(document: Document) -> None:
    lagging = wait(1, within_min={"dilute": 10, "cast": 30})
    protocol = document([wait(1, name="dilute"), wait(1, name="cast"), lagging])

    assert protocol.bind({}).assumed[-1].within_min == {"dilute": 10.0, "cast": 30.0}


def test_of_lags_that_count_from_one_end_the_stricter_holds(document: Document) -> None:
    rounds = {"name": "rounds", "repeat": {"times": 1, "steps": [wait(1)]}}
    inner = {
        "name": "outer",
        "repeat": {"times": 1, "steps": [rounds, wait(1, within_min={"rounds": 7}, after=["rounds"])]},
    }
    protocol = document([inner])

    assert protocol.bind({}).assumed[-1].within_min == {"outer/1/rounds/1/wait": 7.0}


def test_for_each_hands_its_value_to_its_steps(document: Document) -> None:
    steps = [{"for_each": {"name": "t", "in": [1, "$top", 3], "steps": [wait("$t * 2")]}}]
    protocol = document(steps, parameters={"top": {"low": 0, "high": 10}})

    minutes = [step.wait.for_min for _, step in protocol.bind({"top": 5}).named_steps() if step.wait]

    assert minutes == [2.0, 10.0, 6.0]


def test_the_number_of_rounds_may_be_a_parameter(document: Document) -> None:
    protocol = document([{"repeat": {"times": "$n", "steps": [wait(1)]}}], parameters={"n": {"low": 1, "high": 9}})

    assert len(names(protocol, {"n": 3})) == 3
    with pytest.raises(Refused, match="step repeat: times"):
        protocol.bind({"n": 2.5})


@pytest.mark.parametrize(("value", "taken"), [(100, "if/then/wait"), (200, "if/else/wait")])
def test_a_condition_on_parameters_is_settled_at_once(document: Document, value: float, taken: str) -> None:
    choice = {"if": {"condition": "$t <= 150", "then": [wait(1)], "else": [wait(2)]}}
    protocol = document([choice], parameters={"t": {"low": 0, "high": 300}})

    assert names(protocol, {"t": value}) == [taken]


def test_a_condition_on_what_is_measured_is_planned_as_assumed(document: Document) -> None:
    choice = {"if": {"condition": "mass_mg > 10", "then": [wait(1)], "else": [wait(2)], "assume": False}}
    protocol = document([WEIGH, choice, wait(3)])

    assert names(protocol) == ["weigh", "if", "if/else/wait", "wait"]
    assert names(protocol, **{"if": True}) == ["weigh", "if", "if/then/wait", "wait"]


def test_rounds_until_a_condition_are_planned_to_the_last(document: Document) -> None:
    protocol = document([{"repeat": {"until": "mass_mg < 10", "at_most": 3, "steps": [WEIGH]}}])

    assert names(protocol)[-2:] == ["repeat/3/weigh", "repeat/3"]
    assert names(protocol, repeat__2=True) == ["repeat/1/weigh", "repeat/1", "repeat/2/weigh", "repeat/2"]


def test_only_the_last_round_must_succeed(document: Document) -> None:
    def musts(otherwise: str) -> list[bool]:
        rounds = {"until": "mass_mg < 10", "at_most": 2, "else": otherwise, "steps": [WEIGH]}
        path = document([{"repeat": rounds}]).bind({}).assumed
        return [each.decision.must for each in path if each.decision]

    assert musts("set aside") == [False, True]
    assert musts("go on") == [False, False]


def test_nothing_is_decided_on_what_was_not_found_before(document: Document) -> None:
    protocol = document([{"if": {"condition": "mass_mg > 1", "then": [wait(1)]}}, WEIGH])

    with pytest.raises(Refused, match="step if decides on mass_mg, which no earlier step finds"):
        protocol.bind({})


def test_a_use_checks_its_parameters_like_any_sample(document: Document) -> None:
    inner = {"protocol": "rest", "parameters": {"m": {"low": 1, "high": 5}}, "vessels": {"vial": {"labware": "vial-20ml"}},
             "steps": [wait("$m")]}  # fmt: skip
    protocol = document([{"use": {"protocol": "rest", "with": {"m": 9}}}], protocols={"rest": inner})

    with pytest.raises(Refused, match=r"step use: parameter m=9\.0 is no number from 1 to 5") as caught:
        protocol.bind({})

    assert caught.value.location == ("steps", 0)


def test_a_figure_out_of_bounds_is_told_with_its_place(document: Document) -> None:
    protocol = document([wait("$m - 5")], parameters={"m": {"low": 1, "high": 9}})

    with pytest.raises(Refused, match="for_min") as caught:
        protocol.bind({"m": 3})

    assert caught.value.location == ("steps", 0)
