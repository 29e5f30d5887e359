"""Every verb is carried out on a simulated bench; what is found on the way decides how a sample goes on."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from planning.journal import Event
from planning.questions import FolderInbox, open_questions

MakeNight = Callable[..., Any]
WEIGH_EMPTY = {"weigh": {"what": "vial", "at": "pan", "with": "balance", "as": "empty_mg"}}
WEIGH_FULL = {"weigh": {"what": "vial", "at": "pan", "with": "balance", "as": "full_mg"}}
DOSE = {"dose": {"into": "vial", "at": "booth", "with": "pump", "volume_ul": 600, "liquid": "water"}}
AWAY = {"discard": {"what": "vial", "to": "rubbish"}}
ASK = {"ask": {"question": "Is it blue?", "answers": ["yes", "no"], "as": "blue", "time_out_min": 30}}


def until(condition: str, **more: Any) -> dict[str, Any]:
    return {"repeat": {"until": condition, "at_most": 3, "steps": [DOSE, WEIGH_FULL], **more}}


def test_liquids_are_dosed_mixed_transferred_and_weighed(night: MakeNight) -> None:
    transfer = {"from": "vial", "from_at": "booth", "into": "cup", "at": "corner", "with": "pump", "volume_ul": 250}
    steps = [
        WEIGH_EMPTY, DOSE,
        {"mix": {"what": "vial", "at": "booth", "with": "pump", "volume_ul": 300, "cycles": 2}},
        {"transfer": transfer}, WEIGH_FULL, AWAY, {"discard": {"what": "cup", "to": "rubbish"}},
    ]  # fmt: skip

    sample = night(steps).sample()

    assert sample.status == "finished"
    assert sample.results["full_mg"] - sample.results["empty_mg"] == pytest.approx(350 * 0.9982, abs=8)


def test_powders_fall_into_a_holder_and_their_phases_are_found(night: MakeNight) -> None:
    steps = [
        {"dose_powder": {"into": "holder", "at": "chute", "with": "doser", "mass_mg": 300,
                         "blend": {"li2co3": 0.4, "mno": 0.6}, "tolerance_mg": 5}},
        {"diffract": {"what": "holder", "at": "stage", "with": "xrd", "as": "share", "of": "MnO",
                      "phases": ["Li2CO3", "MnO"], "step_deg": 0.05}},
        {"discard": {"what": "holder", "to": "rubbish"}},
    ]  # fmt: skip

    sample = night(steps).sample()

    assert sample.status == "finished"
    assert sample.results["masses_mg"]["mno"] == pytest.approx(180, abs=5)
    assert sample.results["share"] == pytest.approx(0.6, abs=0.06)


DOSE_POWDERS = {"dose_powder": {"into": "crucible", "at": "chute", "with": "doser", "mass_mg": 800,
                                "blend": {"li2co3": 0.4, "mno": 0.6}}}  # fmt: skip


def test_powders_are_shaken_in_a_crucible_and_tapped_into_a_holder(night: MakeNight) -> None:
    steps = [
        DOSE_POWDERS,
        {"shake": {"what": "crucible", "with": "handler", "for_min": 2}},
        {"transfer_powder": {"from": "crucible", "into": "holder", "with": "handler", "mass_mg": 150}},
        {"discard": {"what": "crucible", "to": "rubbish"}},
        {"diffract": {"what": "holder", "at": "stage", "with": "xrd", "as": "share", "of": "MnO",
                      "phases": ["Li2CO3", "MnO"], "step_deg": 0.05}},
        {"discard": {"what": "holder", "to": "rubbish"}},
    ]  # fmt: skip
    run = night(steps)

    sample = run.sample()

    assert sample.status == "finished"
    assert sample.results["share"] == pytest.approx(0.6, abs=0.06)
    (transferred,) = [event.data for event in run.events() if event.kind == "transferred"]
    assert 150 <= transferred["gained_mg"] < 300


def test_a_handler_that_stops_when_nobody_looks_shakes_to_the_end(night: MakeNight) -> None:
    shake = {"shake": {"what": "crucible", "with": "handler", "for_min": 12, "speed_rpm": 600}}
    run = night([DOSE_POWDERS, shake, {"discard": {"what": "crucible", "to": "rubbish"}}])

    assert run.sample().status == "finished"
    done = {event.task: event.time_s for event in run.events() if event.kind == "task_done"}
    assert done["s001.shake.shake"] - done["s001.shake.carry"] == pytest.approx(720, abs=10)


def test_a_hotplate_warms_stirs_and_cools(night: MakeNight) -> None:
    steps = [
        DOSE,
        {"stir": {"what": "vial", "at": "plate", "with": "hotplate", "speed_rpm": 300, "for_min": 2}},
        {"heat": {"what": "vial", "in": "hotplate", "at": "plate", "to_c": 40, "hold_min": 3, "stir_rpm": 200}},
        {"cool": {"in": "hotplate", "below_c": 32}}, AWAY,
    ]  # fmt: skip
    run = night(steps)

    assert run.sample().status == "finished"
    spans = {event.task: event.time_s for event in run.events() if event.kind == "task_done"}
    assert spans["s001.stir.stir"] - spans["s001.stir.carry"] == pytest.approx(120, abs=5)
    assert spans["s001.heat.warm"] - spans["s001.stir.stir"] > 180


def test_a_pause_is_kept_and_so_is_the_shortest_lag(night: MakeNight) -> None:
    steps = [DOSE, {"wait": {"for_min": 10}, "after": []}, WEIGH_FULL | {"not_before_min": {"dose": 25}}, AWAY]
    run = night(steps)

    run.conduct()

    done = {event.task: event.time_s for event in run.events() if event.kind == "task_done"}
    assert done["s001.wait.wait"] < done["s001.dose.dose"] + 600
    assert done["s001.weigh.carry"] - done["s001.dose.dose"] >= 1500


def test_rounds_end_when_enough_is_weighed(night: MakeNight) -> None:
    run = night([WEIGH_EMPTY, until("full_mg - empty_mg > 1000"), AWAY])

    assert run.sample().status == "finished"
    assert run.steps_done().count("repeat/2/dose") == 1
    assert "repeat/3/dose" not in run.steps_done()


def test_a_sample_whose_rounds_do_not_suffice_is_set_aside(night: MakeNight) -> None:
    sample = night([WEIGH_EMPTY, until("full_mg - empty_mg > 9000"), AWAY]).sample()

    assert (sample.status, "does not hold" in sample.why) == ("set aside", True)


def test_it_goes_on_after_rounds_that_did_not_suffice_where_that_is_allowed(night: MakeNight) -> None:
    assert night([WEIGH_EMPTY, until("full_mg > 90000", **{"else": "go on"}), AWAY]).sample().status == "finished"


@pytest.mark.parametrize(("threshold_mg", "taken"), [(100, "if/then/wait"), (9000, "if/else/wait")])
def test_what_was_weighed_chooses_the_branch(night: MakeNight, threshold_mg: float, taken: str) -> None:
    choice = {"condition": f"full_mg - empty_mg > {threshold_mg}", "then": [{"wait": {"for_min": 1}}],
              "else": [{"wait": {"for_min": 2}}]}  # fmt: skip
    run = night([WEIGH_EMPTY, DOSE, WEIGH_FULL, {"if": choice}, AWAY], samples=2)

    samples = run.conduct().executor.samples

    assert [sample.status for sample in samples.values()] == ["finished", "finished"]
    assert [step for step in run.steps_done() if step.startswith("if/")] == [taken, taken]


CHOICE = [
    WEIGH_EMPTY, DOSE, WEIGH_FULL,
    {"if": {"condition": "full_mg - empty_mg > 5000", "then": [{"wait": {"for_min": 1}}],
            "else": [{"wait": {"for_min": 2}}, {"mix": {"what": "vial", "at": "booth", "with": "pump", "volume_ul": 200}}]}},
    AWAY,
]  # fmt: skip


@pytest.mark.parametrize("kind", ["decided", "task_done"])
def test_a_run_that_dies_around_its_decision_goes_on_the_way_it_decided(night: MakeNight, kind: str) -> None:
    undisturbed, run = night(CHOICE, name="undisturbed"), night(CHOICE, name="crashed")
    undisturbed.conduct()

    def die(event: Event) -> None:
        if event.kind == kind and event.task.endswith(".decide"):
            os._exit(9)

    child = os.fork()
    if child == 0:
        run.conduct(die)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    run.conduct(resume=True)

    assert run.steps_done() == undisturbed.steps_done()
    assert [event.data["status"] for event in run.events() if event.kind == "sample_finished"] == ["finished"]


# --- questions


def test_a_rehearsed_answer_chooses_the_branch(night: MakeNight) -> None:
    choice = {"if": {"condition": "blue.yes == 1", "then": [{"wait": {"for_min": 1}}]}}
    run = night([ASK, choice], answers={"blue": "no"})

    assert run.sample().results["blue"] == {"yes": 0.0, "no": 1.0}
    assert run.steps_done() == ["ask", "if"]


@pytest.mark.parametrize(("if_silent", "status"), [("no", "finished"), ("set aside", "set aside")])
def test_silence_has_the_consequence_that_the_step_names(night: MakeNight, if_silent: str, status: str) -> None:
    run = night([{"ask": ASK["ask"] | {"if_silent": if_silent}}])

    assert run.sample().status == status
    assert run.events()[-1].time_s >= 1800


def test_a_run_that_stopped_for_want_of_an_answer_takes_it_up_later(night: MakeNight) -> None:
    run = night([ASK])
    stopped = run.conduct().executor.stopped_because
    (question,) = open_questions(run.events()).values()

    FolderInbox(run.folder.path).put(question, "yes")
    sample = run.conduct(resume=True).executor.samples["s001"]

    assert "nobody answered in time: Is it blue?" in stopped
    assert (sample.status, sample.results["blue"]) == ("finished", {"yes": 1.0, "no": 0.0})
    assert open_questions(run.events()) == {}
