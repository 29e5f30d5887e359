"""What the simulator does to us on purpose, and how a run takes it."""

from pathlib import Path

import pytest

from console.runfolder import RunFolder
from console.runs import begin_campaign
from planning.journal import Event

from .conftest import MakeRehearsal, Rehearsal, faults_of


def injected(run: Rehearsal) -> list[str]:
    """The faults that truly struck, by the laboratory's own record."""
    return faults_of(run.truth_on_file())


def kinds(events: list[Event], sample: str) -> list[str]:
    return [event.kind for event in events if event.sample == sample]


@pytest.mark.parametrize(
    "fault", ["lost-reply@arm:6", "lost-reply@arm:7", "lost-reply@pipette:4", "lost-reply@pipette:11"]
)
def test_a_lost_reply_is_settled_by_asking_and_never_repeated(rehearse: MakeRehearsal, fault: str) -> None:
    undisturbed, run = rehearse("undisturbed", samples=1), rehearse("struck", samples=1, faults=fault)
    undisturbed.conduct()

    run.conduct()

    settled = [event for event in run.events() if event.kind == "resolved"]
    assert injected(run) == ["lost-reply"]
    assert [event.data["by"] for event in settled] == ["asking the device"]
    assert run.acts() == undisturbed.acts()
    assert run.results() == undisturbed.results()


def test_a_broken_thermocouple_stops_the_heat_and_costs_its_batch_only(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=5, faults="thermocouple-break:1")

    run.conduct()

    events = run.events()
    assert set(injected(run)) == {"thermocouple-break"}  # it breaks, and is mended later
    struck, spared = run.batches()
    assert run.statuses() == {**dict.fromkeys(struck, "set aside"), **dict.fromkeys(spared, "finished")}
    assert any(event.device == "furnace" and event.data.get("verb") == "stop_programme" for event in events)
    assert all("thermocouple" in event.data["why"] for event in events if event.kind == "set_aside")


def test_a_short_aspirate_is_seen_by_the_camera_and_set_aside(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=2, faults="short-aspirate:1", vision=True)

    run.conduct()

    looks = [event for event in run.events() if event.kind == "look" and event.sample == "s001"]
    assert injected(run) == ["short-aspirate"]
    assert [event.data["answer"] for event in looks] == ["no"] * 3
    assert run.results()["s001"][0] == "set aside"
    assert run.results()["s002"][0] == "finished"
    assert all((run.folder.path / "pictures" / event.data["picture"]).exists() for event in looks)


def test_nothing_is_set_aside_on_a_bench_without_faults(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=5, vision=True)

    run.conduct()

    assert {*run.statuses().values()} == {"finished"}


def test_a_bad_week_is_survived_with_everything_accounted_for(
    film_bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    begin_campaign(
        film_bench / "campaign.yaml", Path("run"), wires="loopback", seed=1, samples=12, strategy="random", truth=None,
        faults=str(film_bench / "bad_week.yaml"), vision=False, speed=1.0,
    )  # fmt: skip

    run = Rehearsal(RunFolder(Path("run")))
    statuses = [*run.statuses().values()]
    assert len(statuses) == 12
    assert 4 <= statuses.count("set aside") <= 6
    assert {"lost-reply", "short-aspirate", "thermocouple-break", "garbage", "flipped-bit"} <= set(injected(run))
