"""A run in which sample after sample is set aside stops for a person."""

from .conftest import MakeRehearsal

NEVER_FIRED = """
patience: 2
interlocks: [{name: nothing is fired, before: furnace.start_programme, require: furnace.temperature_c > 500}]
"""


def test_firings_that_fail_one_after_the_other_stop_the_run(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=14)
    run.folder.lab.write_text(run.folder.lab.read_text() + NEVER_FIRED)

    conducted = run.conduct()

    assert "2 times in a row samples were set aside" in conducted.executor.stopped_because
    assert [event.data["in_a_row"] for event in run.events() if event.kind == "setback"] == [1, 2]
    assert len(conducted.executor.samples) < 14


def test_a_person_who_resumes_has_looked_and_what_was_set_aside_is_cleared_away(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=14)
    run.folder.lab.write_text(run.folder.lab.read_text() + NEVER_FIRED)
    run.conduct()

    conducted = run.conduct(resume=True)

    assert [event.data["in_a_row"] for event in run.events() if event.kind == "setback"][:3] == [1, 2, 1]
    assert "in a circle" not in conducted.executor.stopped_because


def test_the_others_of_a_batch_do_not_wait_for_one_that_was_set_aside(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=4, faults="plunger-overload@pipette:62")

    run.conduct()

    events = run.events()
    assert [*run.statuses().values()].count("finished") == 3
    assert events[-1].time_s < 3 * 3600
