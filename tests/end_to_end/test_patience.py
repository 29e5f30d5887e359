"""A run in which sample after sample is set aside stops, and goes on once a person has looked."""

from .conftest import MakeRehearsal, Rehearsal

NEVER_FIRED = """
patience: 2
interlocks: [{name: nothing is fired, before: furnace.start_programme, require: furnace.temperature_c > 500}]
"""


def never_fired(rehearse: MakeRehearsal) -> Rehearsal:
    run = rehearse(samples=14)
    run.folder.lab.write_text(run.folder.lab.read_text() + NEVER_FIRED)
    return run


def test_firings_that_fail_one_after_the_other_stop_the_run(rehearse: MakeRehearsal) -> None:
    run = never_fired(rehearse)

    conducted = run.conduct()

    assert "2 times in a row samples were set aside" in conducted.executor.stopped_because
    assert [event.data["in_a_row"] for event in run.events() if event.kind == "setback"] == [1, 2]
    assert len(conducted.executor.samples) < 14


def test_a_person_who_resumes_has_looked_and_the_count_begins_anew(rehearse: MakeRehearsal) -> None:
    run = never_fired(rehearse)
    run.conduct()

    run.conduct(resume=True)

    assert [event.data["in_a_row"] for event in run.events() if event.kind == "setback"][:3] == [1, 2, 1]
