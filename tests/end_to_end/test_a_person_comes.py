"""Runs that stop, a person who comes, and what is true afterwards."""

import pytest

from console.audit import audit
from console.compose import Conducted
from console.person import visit

from .conftest import MakeRehearsal, Rehearsal
from .test_faults_of_arms import ARMS, IN_HAND, NTH, on_bench

VISITS = 6


def brought_to_its_end(run: Rehearsal) -> tuple[Conducted, list[str]]:
    """Go on after each stop; return also what the person answered."""
    conducted, answers = run.conduct(), list[str]()
    while conducted.executor.stopped_because:
        assert len(answers) < VISITS
        answers += visit(run.folder, conducted.executor.whereabouts.astray.values()).answers.values() or ["nothing"]
        conducted = run.conduct(resume=True)
    return conducted, answers


@pytest.mark.parametrize("model", ARMS)
def test_after_a_collision_a_person_frees_the_arm_and_the_run_goes_on(rehearse: MakeRehearsal, model: str) -> None:
    run = on_bench(model, rehearse(samples=2, faults=f"collision@arm:{IN_HAND + NTH.get(model, 0)}+0.5"))

    conducted, answers = brought_to_its_end(run)

    found = audit(conducted)
    assert "gone" in answers
    assert {*run.statuses().values()} <= {"finished", "set aside"}
    assert len(run.results()) == 2
    assert (found.wrong, found.repeated, found.astray) == ((), {}, ())


def test_a_vessel_that_still_stands_where_it_was_is_found_there(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="power-loss@arm:5+0.3")  # just closing

    conducted, answers = brought_to_its_end(run)

    assert audit(conducted).wrong == ()
    assert audit(conducted).unchecked == ()
    assert answers == ["vials:0"]


def test_a_person_who_takes_a_vessel_out_of_the_gripper_is_part_of_the_record(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="collision@arm:8+0.5")
    brought_to_its_end(run)

    truth = run.truth()

    truth.close()
    fates = [effect["effect"] for effect in truth.effects if effect.get("vessel") == "vials-0"]
    assert fates == ["picked", "taken away"]


@pytest.mark.parametrize(
    ("nth", "answered"),
    [(49, "nothing"), (50, "substrates:1")],
    ids=["on its way down to the magazine", "closed on its second slide"],
)
def test_a_slide_of_a_magazine_is_found_whichever_its_number(rehearse: MakeRehearsal, nth: int, answered: str) -> None:
    run = rehearse(samples=2, faults=f"power-loss@arm:{nth}+0.3")

    conducted, answers = brought_to_its_end(run)

    assert audit(conducted).wrong == ()
    assert answers == [answered]
