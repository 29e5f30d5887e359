"""What befalls arms, on the film bench with each arm in turn: what the run believes afterwards, against the truth."""

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from film_benches import ARMS as OTHER_ARMS
from film_benches import write_bench

from console.audit import audit
from console.checking import preflight
from console.compose import Conducted
from planning.protocol.document import Protocol
from planning.questions import FolderInbox
from planning.skills.arm import TAKES
from robot.config import LabConfig

from .conftest import MakeRehearsal, Rehearsal

ARMS = ("dobot_magician", *OTHER_ARMS)
STEPPERS = ("dobot_magician", "grbl_gantry", "smoothie_gantry")
NTH = {"preciseflex_pf400": 1}
"""Acts of homing beyond one."""
IN_HAND = 7  # homing, open, over the vial, down, close, up: then the arm sets out for the booth
A_CARRY = 8  # commands of an arm that is over the place already
WAITS_S = 300.0
"""For a cable, a busy device, another look: more than all of them together in one task."""
WIDE_VIAL = {"name": "vial-8ml", "kind": "vial", "outer_width_mm": 70.0, "inner_width_mm": 14.6, "height_mm": 60.0, "inner_height_mm": 48.5,
             "capacity_ul": 8000.0, "max_temperature_c": 120.0, "mass_mg": 9000.0}  # fmt: skip
"""In a holder that the jaws of a PreciseFlex close on."""
GRIP_AGAIN = {"when": "grip missed", "do": "grip again"}
every_arm = pytest.mark.parametrize("model", ARMS)
UNSEEN = [(model, kind) for model in ARMS for kind in ("missing-vessel", "slips", "stuck-vessel")]


def on_bench(model: str, run: Rehearsal, *, feels: bool = False) -> Rehearsal:
    """The film bench with another arm in the place of its own, which has a light barrier between its jaws or none."""
    write_bench(run.folder.lab, model, feels=feels)
    return run


def with_jaws_that_feel_vials(run: Rehearsal, *rules: dict[str, str]) -> Rehearsal:
    on_bench("preciseflex_pf400", run)
    more = {"labware": {"vial-8ml": {**WIDE_VIAL}}, "recovery": list(rules)}
    run.folder.lab.write_text(run.folder.lab.read_text() + yaml.safe_dump(more))
    return run


def struck(
    rehearse: MakeRehearsal,
    model: str,
    kind: str,
    *,
    vision: bool = False,
    feels: bool = False,
    and_also: str = "",
    act: int = IN_HAND,
) -> tuple[Rehearsal, Conducted]:
    fault = f"{kind}@arm:{act + NTH.get(model, 0)}+0.5{and_also}"
    run = on_bench(model, rehearse(samples=1, faults=fault, vision=vision), feels=feels)
    return run, run.conduct()


def assert_truth_is_told(conducted: Conducted, struck_by: str) -> None:
    found = audit(conducted)
    assert struck_by in found.struck
    assert found.repeated == {}
    assert found.wrong == ()


def assert_no_wrong_belief(conducted: Conducted, struck_by: str) -> None:
    """Nothing repeated, nothing wrongly believed, and an end within the time that was calculated."""
    assert_truth_is_told(conducted, struck_by)
    folder = conducted.folder
    lab, recipe = LabConfig.load(folder.lab), Protocol.load(folder.protocol)
    foretold = preflight(lab, recipe, [{"blend": {"p3ht": 0.5, "l_swnt": 0.5}}])
    assert conducted.clock.now_s() < foretold.duration_interval_s()[1] + WAITS_S


@every_arm
@pytest.mark.parametrize("kind", ["power-loss", "collision", "emergency-stop"])
def test_what_an_arm_had_in_its_hand_is_astray_and_nothing_moves_on(
    rehearse: MakeRehearsal, model: str, kind: str
) -> None:
    _, conducted = struck(rehearse, model, kind)

    assert_no_wrong_belief(conducted, f"{kind}@arm")
    assert conducted.executor.stopped_because
    assert audit(conducted).astray == ("s001.vial",)


@every_arm
def test_a_busy_arm_is_waited_for(rehearse: MakeRehearsal, model: str) -> None:
    run, conducted = struck(rehearse, model, "busy")

    assert_no_wrong_belief(conducted, "busy@arm")
    assert run.results()["s001"][0] == "finished"


def struck_at_rest(rehearse: MakeRehearsal, model: str, kind: str) -> tuple[Rehearsal, Conducted]:
    """Struck a second before the arm's next command, at the end of its longest rest in the run's first half."""
    undisturbed = on_bench(model, rehearse("undisturbed", samples=1))
    undisturbed.conduct()
    begun_s = [event.time_s for event in undisturbed.events() if event.kind == "intent" and event.device == "arm"]
    last = max(range(1, len(begun_s) // 2), key=lambda act: begun_s[act] - begun_s[act - 1])
    after_s = begun_s[last] - begun_s[last - 1] - 1.0
    run = on_bench(model, rehearse(samples=1, faults=f"{kind}@arm:{last + NTH.get(model, 0)}+{after_s:.1f}"))
    return run, run.conduct()


@every_arm
def test_an_arm_that_is_busy_when_its_time_comes_is_asked_again(rehearse: MakeRehearsal, model: str) -> None:
    run, conducted = struck_at_rest(rehearse, model, "busy")

    assert_no_wrong_belief(conducted, "busy@arm")
    assert run.results()["s001"][0] == "finished"
    assert {"not_taken", "in_doubt"} & {event.kind for event in run.events()}


@every_arm
def test_power_lost_at_rest_is_found_before_the_next_command_acts(rehearse: MakeRehearsal, model: str) -> None:
    run, conducted = struck_at_rest(rehearse, model, "power-loss")

    last = [event for event in run.events() if event.device == "arm" and event.kind in ("accepted", "done")][-1]
    assert_no_wrong_belief(conducted, "power-loss@arm")
    assert conducted.executor.stopped_because
    assert last.kind == "done"
    assert audit(conducted).astray == ()


@every_arm
def test_a_refusal_is_never_argued_with(rehearse: MakeRehearsal, model: str) -> None:
    run, conducted = struck(rehearse, model, "refusal")

    assert_no_wrong_belief(conducted, "refusal@arm")
    sent_again = [event for event in run.events() if event.kind == "resolved" and event.data["outcome"] == "not done"]
    assert conducted.executor.stopped_because or len(sent_again) == 1  # a script that never began, and is proven not to


@pytest.mark.parametrize("model", STEPPERS)
def test_after_lost_steps_nothing_that_nobody_saw_is_called_certain(rehearse: MakeRehearsal, model: str) -> None:
    _, conducted = struck(rehearse, model, "lost-steps")

    assert_no_wrong_belief(conducted, "lost-steps@arm")
    assert audit(conducted).unchecked


@every_arm
def test_a_lost_reply_and_lost_power_at_once_are_no_licence_to_repeat(rehearse: MakeRehearsal, model: str) -> None:
    _, conducted = struck(rehearse, model, "power-loss", and_also=f",lost-reply@arm:{IN_HAND + NTH.get(model, 0)}")

    assert_no_wrong_belief(conducted, "power-loss@arm")
    assert conducted.executor.stopped_because


@pytest.mark.parametrize(("model", "kind"), UNSEEN)
def test_a_camera_finds_what_no_gripper_feels(rehearse: MakeRehearsal, model: str, kind: str) -> None:
    run, conducted = struck(rehearse, model, kind, vision=True)

    assert_no_wrong_belief(conducted, f"{kind}@arm")
    assert "Missing" in [event.data["error"] for event in run.events() if event.kind == "task_failed"]
    assert audit(conducted).astray


def test_a_vessel_that_is_missing_casts_doubt_on_every_carry_since_the_last_that_was_seen(
    rehearse: MakeRehearsal,
) -> None:
    run, conducted = struck(rehearse, "dobot_magician", "lost-steps", vision=True, act=IN_HAND + A_CARRY)

    lost = {event.data["vessel"]: event.data["between"] for event in run.events() if event.kind == "astray"}
    assert "vial was taken from booth and is still seen there" in conducted.executor.stopped_because
    assert lost == {"vial": [["booth", 0], ["rubbish", 0]], "film": [["chamber", 0]]}


@pytest.mark.parametrize(("model", "kind"), UNSEEN)
def test_a_light_barrier_in_the_gripper_finds_without_eyes_what_was_not_taken_fell_or_stuck(
    rehearse: MakeRehearsal, model: str, kind: str
) -> None:
    _, conducted = struck(rehearse, model, kind, feels=True)

    found = audit(conducted)
    assert_no_wrong_belief(conducted, f"{kind}@arm")
    assert conducted.executor.stopped_because
    assert found.astray
    assert found.unchecked == ()


@pytest.mark.parametrize("model", STEPPERS)
def test_lost_steps_are_felt_at_the_next_carry_and_the_one_before_is_asked_after(
    rehearse: MakeRehearsal, model: str
) -> None:
    _, conducted = struck(rehearse, model, "lost-steps", feels=True)

    found = audit(conducted)
    assert_no_wrong_belief(conducted, "lost-steps@arm")
    assert set(found.astray) == {"s001.vial", "s001.film"}
    assert found.unchecked == ()


def test_jaws_that_close_too_far_tell_at_once_that_the_vial_is_missing(rehearse: MakeRehearsal) -> None:
    run = with_jaws_that_feel_vials(rehearse(samples=1, faults="missing-vessel@arm:2"))

    conducted = run.conduct()

    assert_no_wrong_belief(conducted, "missing-vessel@arm")
    assert "closed its gripper to 60.0 mm" in conducted.executor.stopped_because


def test_jaws_that_missed_a_vial_grip_again_where_a_rule_says_so(rehearse: MakeRehearsal) -> None:
    undisturbed = with_jaws_that_feel_vials(rehearse("undisturbed", samples=1), GRIP_AGAIN)
    undisturbed.conduct()
    sent = [event for event in undisturbed.events() if event.kind == "intent" and event.device == "arm"]
    takes_full_vial = next(
        nth for nth, event in enumerate(sent) if event.task == "s001.discard.carry" and event.data["command"] == TAKES
    )
    nth = takes_full_vial + NTH["preciseflex_pf400"]
    run = with_jaws_that_feel_vials(rehearse(samples=1, faults=f"missing-vessel@arm:{nth}+0"), GRIP_AGAIN)

    conducted = run.conduct()

    assert_truth_is_told(conducted, "missing-vessel@arm")
    assert [event.data["act"] for event in run.events() if event.kind == "retried"] == ["grip again"]
    assert run.results()["s001"][0] == "finished"


def test_jaws_that_miss_a_vial_twice_stop_the_run_and_a_person_is_asked(rehearse: MakeRehearsal) -> None:
    run = with_jaws_that_feel_vials(rehearse(samples=1, faults="missing-vessel@arm:2"), GRIP_AGAIN)

    conducted = run.conduct()

    assert_truth_is_told(conducted, "missing-vessel@arm")
    assert [event.kind for event in run.events() if event.kind in ("retried", "task_failed")] == [
        "task_failed", "retried", "task_failed",
    ]  # fmt: skip
    assert audit(conducted).astray == ("s001.vial",)


def test_a_run_goes_on_only_once_a_person_has_said_where_the_vial_is(rehearse: MakeRehearsal) -> None:
    run, conducted = struck(rehearse, "dobot_magician", "power-loss")
    acts_before = run.acts()

    asked = run.conduct(resume=True)
    acts_unanswered = run.acts()
    (lost,) = conducted.executor.whereabouts.astray.values()
    FolderInbox(run.folder.path).put(lost.question, "gone")
    answered = run.conduct(resume=True)

    assert "Where is s001's vial?" in asked.executor.stopped_because
    assert acts_unanswered["arm"] == acts_before["arm"]
    assert answered.executor.stopped_because == ""
    assert run.results()["s001"][0] == "set aside"
    assert_no_wrong_belief(answered, "power-loss@arm")
