"""What is shown of a run is what its journal says, and is read on, not anew."""

from pathlib import Path

import pytest

from console.service.runs import NotThere, Runs
from console.service.service import Service
from planning.errors import Refused
from planning.journal import Journal

from .conftest import OWNER, Serve

API = "/api/v1"


def test_a_run_is_shown_with_its_samples_and_their_evidence(service: Service) -> None:
    run = service.run("films")

    assert (run.brief.state, run.brief.samples, run.brief.ended, run.brief.of) == ("ended", 2, 2, 2)
    assert [(sample.name, sample.status) for sample in run.samples] == [("s001", "finished"), ("s002", "finished")]
    assert all("conductivity_s_per_cm" in sample.results for sample in run.samples)
    assert all(sample.evidence[0].picture.endswith(".png") for sample in run.samples)


def test_devices_are_shown_with_figures_and_their_age(service: Service) -> None:
    bench = service.bench("films")

    furnace = next(device for device in bench.devices if device.name == "furnace")
    figures = {figure.name: figure for figure in furnace.figures}
    assert {device.state for device in bench.devices} == {"safe"}
    assert figures["temperature_c"].age_s == pytest.approx(bench.now_s - figures["temperature_c"].at_s)
    assert bench.alarms == []


def test_the_bench_of_an_earlier_moment_has_vessels_where_they_stood_then(service: Service) -> None:
    events = service.journal("films", kinds=["task_done"], limit=1000).events
    dosed = next(event for event in events if event.data["skill"] == "dose" and event.sample == "s001")

    bench = service.bench("films", until=dosed.seq)

    (vial,) = [each for each in bench.vessels if (each.sample, each.vessel) == ("s001", "vial")]
    assert vial.site == "booth"
    assert sum(part.amount for part in vial.contents) == pytest.approx(2000, rel=0.01)
    assert bench.last_event == dosed.seq


def test_the_timeline_has_every_task_on_its_devices(service: Service) -> None:
    timeline = service.timeline("films")

    fired = [bar for bar in timeline.actual if bar.skill == "heat"]
    assert {tuple(bar.devices) for bar in fired} == {("furnace",)}
    assert all(timeline.start_s <= bar.start_s <= bar.end_s <= timeline.end_s for bar in timeline.actual)
    assert (timeline.planned, timeline.why_no_plan) == ([], "nothing goes on")


def test_the_journal_is_read_page_by_page_and_filtered(service: Service) -> None:
    everything = service.journal("films", limit=1000)
    first = service.journal("films", limit=10)
    second = service.journal("films", after=first.next_after, limit=10)
    last = service.journal("films", limit=3, newest=True)
    looks = service.journal("films", kinds=["look"], sample="s001")

    assert [event.seq for event in [*first.events, *second.events]] == list(range(1, 21))
    assert [event.seq for event in last.events] == [
        everything.last_event - 2,
        everything.last_event - 1,
        everything.last_event,
    ]
    assert {(event.kind, event.sample) for event in looks.events} == {("look", "s001")}


def test_curves_are_thinned_but_keep_their_last_point(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    (whole,) = service.curves("films", "furnace", "temperature_c")
    monkeypatch.setattr("console.service.showing.MOST_POINTS", 10)
    (thin,) = service.curves("films", "furnace", "temperature_c")

    assert len(thin.values) <= 10 < len(whole.values)
    assert thin.times_s[-1] == whole.times_s[-1]


def test_new_events_are_read_on_and_old_ones_not_again(
    runs: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = service.run("films").brief.last_event
    heard: list[int] = []
    with service.runs.record("films") as (record, _):
        hear = record.hear
        monkeypatch.setattr(record, "hear", lambda event: (heard.append(event.seq), hear(event)))
    look = service.looks("films")[0]

    service.overrule("films", look.event, "no", OWNER)

    assert service.looks("films", sample=look.sample)[0].overruled_by == "ada"
    assert heard == [before + 1]


def test_a_look_that_is_overruled_stands_in_the_chained_journal_with_who_said_so(runs: Path, service: Service) -> None:
    look = service.looks("films")[0]
    service.overrule("films", look.event, "no", OWNER)

    with Journal.reading(runs / "films" / "journal.db") as journal:
        (said,) = [event for event in journal.events() if event.kind == "ordered"]

    assert (said.data["verb"], said.data["look"], said.data["answer"], said.data["by"]) == (
        "overrule",
        look.event,
        "no",
        "ada",
    )
    with pytest.raises(NotThere, match="no look is event 1"):
        service.overrule("films", 1, "no", OWNER)


def test_what_has_ended_takes_no_orders(service: Service) -> None:
    for order in (service.pause, service.abort, service.stop):
        with pytest.raises(Refused, match="nobody conducts"):
            order("films", OWNER)
    with pytest.raises(Refused, match="has ended"):
        service.resume("films", OWNER)


@pytest.mark.parametrize("name", [
    "../films/journal.db", "..%2Fjournal.db", "journal.db", "run.json", "%2e%2e%2frun.json", "a" * 20 + ".png",
    "....//run.json", "e3b0c44298fc1c149afb.png/../../run.json", "%00", "e3b0c44298fc1c149afb.png%00.html",
])  # fmt: skip
def test_no_name_of_a_picture_leads_out_of_the_folder(serve: Serve, name: str) -> None:
    answer = serve().client().get(f"{API}/runs/films/evidence/{name}")

    assert answer.status_code == 404
    assert b"SQLite" not in answer.content
    assert b"wires" not in answer.content


def test_a_picture_that_is_a_link_to_elsewhere_is_not_shown(serve: Serve, runs: Path) -> None:
    name = "e3b0c44298fc1c149afb.png"
    (runs / "films" / "pictures" / name).symlink_to("/etc/passwd")

    assert serve().client().get(f"{API}/runs/films/evidence/{name}").status_code == 404


@pytest.mark.parametrize("run", ["..", "nothing", "films/..", "%2e%2e", "films%00", ".dashboard"])
def test_no_name_of_a_run_leads_out_of_the_folder(serve: Serve, run: str) -> None:
    assert serve().client().get(f"{API}/runs/{run}/bench").status_code == 404


def test_a_folder_that_cannot_be_read_is_listed_with_why(runs: Path) -> None:
    (runs / "odd").mkdir()
    (runs / "odd" / "run.json").write_text("{")

    brief = next(each for each in Runs(runs).briefs() if each.name == "odd")

    assert brief.state == "unreadable"
    assert "is no folder of a run" in brief.why


def test_events_come_as_a_stream_that_can_be_taken_up_again(serve: Serve) -> None:
    client = serve().client()
    text = client.get(f"{API}/runs/films/stream?follow=false").text
    last = text.count("\nid: ") + 1
    rest = client.get(f"{API}/runs/films/stream", headers={"last-event-id": str(last - 2)}).text

    assert text.startswith("id: 1\nevent: run_started\n")
    assert rest.startswith(f"id: {last - 1}\n")
    assert rest.rstrip().endswith(f'event: end\ndata: {{"last_event": {last}}}')


def test_figures_for_prometheus_are_there(serve: Serve) -> None:
    text = serve().client().get("/metrics").text

    assert 'athanor_runs{state="ended"} 1.0' in text
    assert 'athanor_samples_ended{bench="film-bench",run="films"} 2.0' in text


def test_the_report_is_shown_without_scripts(serve: Serve) -> None:
    answer = serve().client().get(f"{API}/runs/films/report")

    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]
