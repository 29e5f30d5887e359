"""Which trouble is answered how: the built-in rules, rules of one's own, and what no rule may do."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from console.runfolder import RunFolder
from planning import words
from planning.errors import (
    CapFailed,
    DoseShort,
    GripMissed,
    InDoubt,
    LookedDoubtful,
    LookedWrong,
    NotCompleted,
    Refused,
)
from planning.operating import Operating
from planning.past import Past
from planning.protocol.document import Protocol
from planning.recovery import decide, options
from planning.rules import ALLOWED, DEFAULTS, Act, Rule
from planning.skills import SKILLS
from planning.task import Task
from planning.troubles import Trouble, trouble_of
from planning.words import Kind
from robot.config import LabConfig
from robot.errors import CommandRefused, ReplyLost
from robot.files import FileProblem

DONE = Past({}, 1, True, "done", "")
OPEN = Past({}, None, False, "", "")
SHORT = "dose short: dose the rest"


def task(skill: str) -> Task:
    return Task(f"s001.step.{skill}", ("s001",), "step", skill, {}, frozenset())


def trouble(error: Exception, skill: str, **past: Past) -> Trouble:
    return trouble_of(error, task(skill), {int(number[1:]): each for number, each in past.items()})


BUILT_IN = [
    (trouble(InDoubt("arm", "a move"), "carry"), Act.STOP),
    (trouble(GripMissed("nothing held"), "carry"), Act.STOP),
    (trouble(LookedWrong("wet"), "look"), Act.SET_ASIDE),
    (trouble(LookedDoubtful("dim"), "look"), Act.LOOK_AGAIN),
    (trouble(NotCompleted("arm", "stuck"), "carry", c1=DONE), Act.STOP),
    (trouble(NotCompleted("furnace", "stuck"), "heat", c1=DONE), Act.SET_ASIDE),
    (trouble(Refused("a door is open", "Close it"), "heat"), Act.SET_ASIDE),
    (trouble(ReplyLost("probe", "silence", "Look"), "measure"), Act.SET_ASIDE),
    (trouble(ReplyLost("furnace", "silence", "Look"), "heat", c1=OPEN), Act.STOP),
    (trouble(DoseShort("doser", "no flow"), "dose_powder", c1=DONE), Act.DOSE_THE_REST),
    (trouble(CapFailed("capper", "it slipped"), "cap", c1=DONE), Act.TRY_AGAIN),
    (trouble(NotCompleted("capper", "no power"), "cap", c1=DONE), Act.SET_ASIDE),
]


@pytest.mark.parametrize(("what", "act"), BUILT_IN)
def test_built_in_rules_decide_by_what_is_known_of_the_world(what: Trouble, act: Act) -> None:
    assert decide(what, [], {}).act is act


def test_a_rule_that_is_used_up_gives_way_to_the_next() -> None:
    what = trouble(DoseShort("doser", "no flow"), "dose_powder", c1=DONE)

    assert decide(what, [], {SHORT: 1}).act is Act.DOSE_THE_REST
    assert decide(what, [], {SHORT: 2}).act is Act.SET_ASIDE


def test_a_rule_of_ones_own_comes_first_and_is_named() -> None:
    rule = Rule(when=[Kind.REFUSED], skill=["heat"], do=Act.TRY_AGAIN, times=3, wait_s=60.0)

    decision = decide(trouble(Refused("a door is open", "Close it"), "heat"), [rule], {})

    assert (decision.act, decision.wait_s, decision.rule) == (Act.TRY_AGAIN, 60.0, "refused in heat: try again")


@pytest.mark.parametrize("past", [{"c1": DONE}, {"c1": OPEN}])
def test_what_was_done_or_is_open_is_not_tried_again_whatever_a_rule_says(past: dict[str, Past]) -> None:
    rule = Rule(when=[Kind.NOT_COMPLETED, Kind.REFUSED], do=Act.TRY_AGAIN, times=9)

    decision = decide(trouble(CommandRefused("pipette", "no", "Wait"), "dose", **past), [rule], {})

    assert decision.act is Act.STOP


def test_a_carry_may_be_tried_again_until_the_gripper_closes() -> None:
    rule = Rule(when=[Kind.NOT_COMPLETED], do=Act.TRY_AGAIN)
    error = NotCompleted("arm", "stuck")

    assert decide(trouble(error, "carry", c1=DONE, c3=DONE), [rule], {}).act is Act.TRY_AGAIN
    assert decide(trouble(error, "carry", c3=DONE, c4=DONE), [rule], {}).act is Act.STOP


@pytest.mark.parametrize("kind", list(Kind))
def test_no_rule_may_repeat_what_may_have_happened(kind: Kind) -> None:
    unknown = {Kind.IN_DOUBT, Kind.LOST_HOME, Kind.OUT_OF_CONTROL, Kind.MISSING}
    assert not (kind in unknown and ALLOWED[kind] & {Act.TRY_AGAIN, Act.LOOK_AGAIN, Act.DOSE_THE_REST, Act.SET_ASIDE})
    assert any(kind in rule.when for rule in DEFAULTS)


def test_a_person_is_offered_only_what_is_safe_here() -> None:
    assert options(trouble(NotCompleted("arm", "stuck"), "carry", c4=DONE)) == [Act.STOP]
    assert options(trouble(Refused("no", "Wait"), "heat")) == [Act.STOP, Act.SET_ASIDE, Act.TRY_AGAIN]


WRONG = [
    ({"when": "in doubt", "do": "try again"}, "nothing is done twice"),
    ({"when": ["refused", "lost home"], "do": "try again"}, "nothing is done twice"),
    ({"when": "refused", "do": "set aside", "times": 3}, "times and wait_s belong to"),
    ({"when": "refused", "do": "stop", "if_silent": "stop"}, "belong to `do: ask`"),
    ({"when": "refused", "do": "ask", "if_silent": "ask"}, "nobody is there to ask"),
    ({"when": "refused", "skill": "fly", "do": "stop"}, "no task is called 'fly'"),
    ({"when": "refused", "device": "oven", "do": "stop"}, "no device is called 'oven'"),
    ({"when": "rain", "do": "stop"}, "found 'rain'"),
]


@pytest.mark.parametrize(("rule", "said"), WRONG)
def test_a_rule_that_is_unsafe_or_makes_no_sense_is_refused_with_its_line(
    rule: dict[str, object], said: str, film_bench: Path, tmp_path: Path
) -> None:
    lab = (film_bench / "lab.yaml").read_text()
    path = tmp_path / "lab.yaml"
    path.write_text(f"{lab}recovery:\n  - {{when: missing, do: stop}}\n  - {json.dumps(rule)}\n")

    with pytest.raises(FileProblem) as caught:
        Operating.load(path, LabConfig.load(path))

    (problem,) = caught.value.problems
    assert said in problem.what
    assert problem.line is not None
    assert problem.line > lab.count("\n") + 2


PROTOCOL = """\
protocol: rest
vessels: {film: {labware: glass-25mm, from: substrates}}
steps:
  - repeat: {times: 2, steps: [{wait: {for_min: 1}}]}
    name: rounds
  - wait: {for_min: 1}
    name: rest
recovery: %s
"""


def protocol_with(folder: Path, rules: str) -> Protocol:
    (folder / "protocol.yaml").write_text(PROTOCOL % rules, encoding="utf-8")
    return Protocol.load(folder / "protocol.yaml")


def wrong_at(step: str) -> Trouble:
    return replace(trouble(LookedWrong("wet"), "look"), step=step)


@pytest.mark.parametrize(
    ("step", "act"), [("rest", Act.ASK), ("rounds/2/wait", Act.ASK), ("rounds", Act.ASK), ("wait", Act.SET_ASIDE)]
)
def test_a_rule_of_a_protocol_is_about_its_steps_and_those_within_them(tmp_path: Path, step: str, act: Act) -> None:
    rules = protocol_with(tmp_path, "[{when: looked wrong, step: [rest, rounds], do: ask}]").recovery

    decision = decide(wrong_at(step), rules, {})

    assert decision.act is act


def test_a_rule_of_a_protocol_is_named_with_its_steps(tmp_path: Path) -> None:
    rules = protocol_with(tmp_path, "[{when: looked wrong, step: rest, do: ask}]").recovery

    assert decide(wrong_at("rest"), rules, {}).rule == "looked wrong of rest: ask"


def test_rules_may_stand_in_a_file_beside_the_protocol(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("recovery: [{when: looked wrong, do: ask}]", encoding="utf-8")

    (rule,) = protocol_with(tmp_path, "ours.yaml").recovery

    assert rule.do is Act.ASK


def test_a_protocol_that_is_written_out_has_its_rules_as_they_were(tmp_path: Path) -> None:
    protocol = protocol_with(
        tmp_path, "[{when: looked wrong, step: rest, do: stop}, {when: refused, do: try again, times: 3}]"
    )
    (tmp_path / "written.yaml").write_text(protocol.to_yaml(), encoding="utf-8")

    assert Protocol.load(tmp_path / "written.yaml").recovery == protocol.recovery


def test_the_folder_of_a_run_keeps_the_file_of_rules(tmp_path: Path, film_bench: Path) -> None:
    (tmp_path / "ours.yaml").write_text("recovery: [{when: looked wrong, do: ask}]", encoding="utf-8")
    protocol_with(tmp_path, "ours.yaml")

    folder = RunFolder.create(tmp_path / "run", film_bench / "lab.yaml", tmp_path / "protocol.yaml", None)

    assert Protocol.load(folder.protocol).recovery[0].do is Act.ASK
    assert folder.path / "ours.yaml" in folder.copies


WRONG_IN_PROTOCOL = [
    ("[{when: refused, step: pour, do: stop}]", "protocol.yaml", 8, "no step is called 'pour'; there are rounds, wait, rest"),
    ("[{when: in doubt, do: try again}]", "protocol.yaml", 8, "nothing is done twice"),
    ("ours.yaml", "ours.yaml", 3, "no step is called 'pour'"),
    ("theirs.yaml", "protocol.yaml", 8, "theirs.yaml does not exist"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "file", "line", "said"), WRONG_IN_PROTOCOL)
def test_a_rule_of_a_protocol_that_makes_no_sense_is_refused_with_file_and_line(
    tmp_path: Path, rules: str, file: str, line: int, said: str
) -> None:
    ours = "recovery:\n  - {when: refused, do: stop}\n  - {when: refused, step: pour, do: stop}\n"
    (tmp_path / "ours.yaml").write_text(ours, encoding="utf-8")

    with pytest.raises(FileProblem) as caught:
        protocol_with(tmp_path, rules)

    (problem,) = caught.value.problems
    assert (caught.value.path.name, problem.line) == (file, line)
    assert said in problem.what


def test_rules_of_a_protocol_that_others_use_are_refused(tmp_path: Path) -> None:
    inner = PROTOCOL % "[{when: looked wrong, do: ask}]"
    (tmp_path / "inner.yaml").write_text(inner, encoding="utf-8")
    outer = (PROTOCOL % "[]").replace(
        "steps:\n", "protocols: {rest: inner.yaml}\nsteps:\n  - use: {protocol: rest}\n", 1
    )
    (tmp_path / "protocol.yaml").write_text(outer, encoding="utf-8")

    with pytest.raises(FileProblem, match="rest is used by another protocol: move its rules there"):
        Protocol.load(tmp_path / "protocol.yaml")


def test_a_step_in_a_rule_of_the_bench_is_refused(film_bench: Path, tmp_path: Path) -> None:
    path = tmp_path / "lab.yaml"
    path.write_text((film_bench / "lab.yaml").read_text() + "recovery: [{when: refused, step: heat, do: stop}]\n")

    with pytest.raises(FileProblem, match="no such field belongs here"):
        Operating.load(path, LabConfig.load(path))


def test_the_words_of_rules_are_the_skills_that_there_are() -> None:
    assert set(SKILLS) == words.SKILLS
