"""`athanor abort` and `athanor retry`, as they are typed while a run lives, and after it stopped or died."""

import getpass
from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from console.cli import app
from planning.journal import Event

from .conftest import MakeRehearsal
from .test_controls import add
from .test_safe_ends import assert_furnace_is_off


def typed(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def at_heat(act: Callable[[], object]) -> Callable[[Event], None]:
    """Do something as soon as a furnace has been told to start."""
    done: list[int] = []

    def watch(event: Event) -> None:
        if not done and event.kind == "accepted" and event.device == "furnace" and event.data["command"] == 2:
            done.append(event.seq)
            act()

    return watch


def test_athanor_abort_ends_a_run_that_lives_and_its_bench_is_safe(rehearse: MakeRehearsal) -> None:
    run, said = rehearse(samples=1), list[Result]()

    conducted = run.conduct(at_heat(lambda: said.append(typed("abort", run.folder.path))))

    assert said[0].output.endswith("everything is broken off, and made safe\n")
    assert conducted.executor.stopped_because.startswith(f"aborted by {getpass.getuser()} at ")
    assert_furnace_is_off(run)


def test_athanor_abort_of_a_sample_breaks_off_its_firing_and_clears_it_away(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)

    run.conduct(at_heat(lambda: typed("abort", run.folder.path, "s001")))

    assert [event.kind for event in run.events() if event.kind == "broken_off"] == ["broken_off"]
    assert run.statuses() == {"s001": "set aside"}
    assert_furnace_is_off(run)


def test_an_abort_that_its_engine_did_not_live_to_obey_is_obeyed_by_the_next(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    order = at_heat(lambda: typed("abort", run.folder.path, "s001"))

    def is_ordered(event: Event) -> bool:
        order(event)
        return event.kind == "ordered"

    run.conduct_and_die(is_ordered)
    run.conduct(resume=True)

    assert run.statuses() == {"s001": "set aside"}
    assert_furnace_is_off(run)


def test_athanor_retry_and_resume_do_again_what_stopped_a_run(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="refusal@furnace:3+0")
    add(run, "recovery:\n  - {when: refused, skill: heat, do: stop}\n")
    run.conduct()

    said = [typed("retry", run.folder.path, "s001"), typed("resume", run.folder.path)]

    assert [each.exit_code for each in said] == [0, 0]
    assert [event.data["rule"] for event in run.events() if event.kind == "retried"] == ["a person"]
    assert run.statuses() == {"s001": "finished"}


@pytest.mark.parametrize("words", [("abort",), ("abort", "s001"), ("retry", "s001")])
def test_an_order_that_makes_no_sense_is_refused_in_words(rehearse: MakeRehearsal, words: tuple[str, ...]) -> None:
    run = rehearse(samples=1)
    run.conduct()
    verb, *sample = words

    said = typed(verb, run.folder.path, *sample)

    assert said.exit_code != 0
    assert "nobody conducts" in str(said.exception) or "no task of 's001' stopped" in str(said.exception)
