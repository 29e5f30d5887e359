"""Orders to a run from elsewhere: taken up once, written down first, and obeyed at a safe point."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from console.orders import give
from console.status import status_of
from planning.errors import Refused
from planning.journal import Event
from planning.orders import Order, OrderFolder, Verb

from .conftest import MakeRehearsal, Rehearsal

Hook = Callable[[Event], object]


def order(run: Rehearsal, verb: Verb, sample: str = "") -> None:
    OrderFolder(run.folder.path).put(Order(verb=verb, sample=sample, by="ada", at="2026-11-22T20:15:00+00:00"))


def when(run: Rehearsal, kind: str, skill: str, verb: Verb, sample: str = "") -> Hook:
    """Give an order once, at the first such event of a task."""
    given: list[int] = []

    def hook(event: Event) -> None:
        if not given and event.kind == kind and event.data.get("skill") == skill:
            given.append(event.seq)
            order(run, verb, sample)

    return hook


def both(*hooks: Hook) -> Hook:
    return lambda event: [hook(event) for hook in hooks]


def add(run: Rehearsal, text: str) -> None:
    run.folder.lab.write_text(run.folder.lab.read_text() + text)


def test_a_run_that_was_paused_and_goes_on_comes_to_the_same_results(rehearse: MakeRehearsal) -> None:
    undisturbed, run = rehearse("undisturbed", samples=2), rehearse("paused", samples=2)
    undisturbed.conduct()

    run.conduct(both(when(run, "task_started", "heat", "pause"), when(run, "task_done", "heat", "continue")))

    events = run.events()
    pause, go_on = (event for event in events if event.kind == "ordered")
    begun = [event for event in events if event.kind == "task_started" and pause.seq < event.seq < go_on.seq]
    assert begun == []
    assert (pause.data["by"], pause.data["at"]) == ("ada", "2026-11-22T20:15:00+00:00")
    assert run.statuses() == {"s001": "finished", "s002": "finished"}
    assert {name: set(results) for name, (_, results) in run.results().items()} == {
        name: set(results) for name, (_, results) in undisturbed.results().items()
    }
    assert run.acts() == undisturbed.acts()


def test_a_pause_tells_which_tasks_cannot_wait_long(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)

    run.conduct(both(when(run, "task_started", "wash", "pause"), when(run, "task_done", "wash", "continue")))

    (told,) = [event for event in run.events() if event.kind == "hold_limit"]
    assert told.data["what"].startswith("s001.heat.carry must") or "must begin within" in told.data["what"]


def test_a_sample_that_is_skipped_is_cleared_away_and_the_others_go_on(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=2)

    run.conduct(when(run, "task_started", "dose", "skip", "s002"))

    (aside,) = [event for event in run.events() if event.kind == "set_aside"]
    assert (aside.sample, aside.data["why"]) == ("s002", "skipped by ada")
    assert run.statuses() == {"s001": "finished", "s002": "set aside"}


def test_a_firing_for_one_sample_alone_is_broken_off_when_that_is_aborted(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)

    run.conduct(when(run, "task_started", "heat", "abort", "s001"))

    events = run.events()
    broken = next(event for event in events if event.kind == "broken_off")
    started = next(event for event in events if event.kind == "task_started" and event.data["skill"] == "heat")
    assert broken.time_s - started.time_s < 60
    assert run.statuses() == {"s001": "set aside"}
    laboratory = run.truth()
    laboratory.close()
    assert laboratory.emulator("furnace").state()["programme"] == "reset"


def test_a_shared_firing_goes_on_when_one_of_its_samples_is_aborted(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=2)

    run.conduct(when(run, "task_started", "heat", "abort", "s001"))

    assert not [event for event in run.events() if event.kind == "broken_off"]
    assert run.statuses() == {"s001": "set aside", "s002": "finished"}


def test_an_aborted_run_is_made_safe_and_can_be_resumed(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)

    conducted = run.conduct(when(run, "task_started", "wash", "abort"))

    assert conducted.executor.stopped_because == "aborted by ada"
    assert [event.kind for event in run.events()][-2:] == ["run_finished", "made_safe"]
    assert status_of(run.folder.path).state == "stopped"


def test_an_order_is_taken_up_once_even_if_the_engine_dies_after_writing_it_down(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=2)
    hook = when(run, "task_started", "heat", "skip", "s001")

    def die(event: Event) -> None:
        hook(event)
        if event.kind == "ordered":
            raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        run.conduct(die)
    run.conduct(resume=True)

    assert len([event for event in run.events() if event.kind == "ordered"]) == 1
    assert run.statuses()["s001"] == "set aside"


def test_what_is_no_order_is_written_down_and_left(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    order(run, "skip", "s009")
    (run.folder.path / "orders" / "000002.json").write_text("{")

    run.conduct()

    refused = [event.data["why"] for event in run.events() if event.kind == "order_refused"]
    assert refused == ["no sample is called 's009'. None has begun yet.", "it cannot be read"]
    assert run.statuses() == {"s001": "finished"}


def test_what_stopped_a_run_is_done_again_if_a_person_wants_that(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="refusal@furnace:3+0")
    add(run, "recovery:\n  - {when: refused, skill: heat, do: stop}\n")
    stopped = run.conduct().executor.stopped_because

    give(run.folder.path, "retry", "s001")
    run.conduct(resume=True)

    assert "heat: furnace: refused" in stopped
    assert [event.data["rule"] for event in run.events() if event.kind == "retried"] == ["a person"]
    assert run.statuses() == {"s001": "finished"}


def test_a_dose_of_which_some_may_have_fallen_is_not_done_again_whoever_wants_that(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="refusal@pipette:4")
    run.conduct()

    give(run.folder.path, "retry", "s001")
    run.conduct(resume=True)

    kinds = [event.kind for event in run.events()]
    assert "retry_refused" in kinds
    assert "retried" not in kinds


def test_a_rule_has_a_refused_task_tried_again_and_the_sample_is_saved(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="refusal@furnace:3+0")
    add(run, "recovery:\n  - {when: refused, skill: heat, do: try again, wait_s: 60}\n")

    run.conduct()

    assert [event.data["rule"] for event in run.events() if event.kind == "retried"] == ["refused in heat: try again"]
    assert run.statuses() == {"s001": "finished"}


def test_a_rule_of_the_protocol_comes_before_that_of_the_bench(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="refusal@furnace:3+0")
    add(run, "recovery:\n  - {when: refused, skill: heat, do: stop}\n")
    protocol = run.folder.protocol
    protocol.write_text(protocol.read_text() + "recovery: [{when: refused, step: heat, do: try again, wait_s: 60}]\n")

    run.conduct()

    assert [event.data["rule"] for event in run.events() if event.kind == "retried"] == ["refused of heat: try again"]
    assert run.statuses() == {"s001": "finished"}


def test_orders_to_what_does_not_run_are_refused(rehearse: MakeRehearsal, tmp_path: Path) -> None:
    run = rehearse(samples=1)
    run.conduct()

    with pytest.raises(Refused, match="is no folder of a run"):
        give(tmp_path / "nowhere", "pause")
    with pytest.raises(Refused, match="nobody conducts"):
        give(run.folder.path, "pause")
    with pytest.raises(Refused, match="no task of 's001' stopped"):
        give(run.folder.path, "retry", "s001")
    assert status_of(run.folder.path).state == "ended"


def test_an_interlock_of_the_lab_file_holds_a_command_back(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    add(run, "interlocks:\n  - {name: never while warm, before: furnace.start_programme, "
             "require: furnace.temperature_c < 10}\n")  # fmt: skip

    run.conduct()

    (failed,) = [event for event in run.events() if event.kind == "task_failed"]
    assert "never while warm: furnace.temperature_c < 10 does not hold before start_programme" in failed.data["why"]
    assert failed.data["rule"] == "not completed, fault, refused, busy, not kept: set aside"


def test_a_person_is_asked_where_a_rule_says_so(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="refusal@furnace:3+0")
    add(run, "recovery:\n  - {when: refused, skill: heat, do: ask, time_out_min: 90, if_silent: set aside}\n")

    run.conduct()

    asked = next(event for event in run.events() if event.kind == "asked")
    reminders = [event for event in run.events() if event.kind == "reminded"]
    failed = next(event for event in run.events() if event.kind == "task_failed")
    assert asked.data["answers"][0] == "stop"
    assert len(reminders) >= 2
    assert failed.data["decision"] == "set aside"
    assert "nobody says set aside" in failed.data["rule"]


@contextmanager
def listening(status: int = 200) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A web server on this computer that keeps what it is told."""
    heard: list[dict[str, str]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/bench", heard
        server.shutdown()
        thread.join()


def test_people_are_told_by_webhook(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    with listening() as (address, heard):
        add(run, f"notify:\n  - {{webhook: '{address}', of: [finished, paused], rehearsals: yes}}\n")

        run.conduct()

    assert [(letter["event"], letter["bench"], letter["run"]) for letter in heard] == [
        ("finished", "film-bench", "run")
    ]


def test_people_are_told_by_a_command_and_nobody_of_a_rehearsal_unless_asked_for(
    rehearse: MakeRehearsal, tmp_path: Path
) -> None:
    run, silent = rehearse("told", samples=1), rehearse("silent", samples=1)
    add(run, f"notify:\n  - {{command: [tee, {tmp_path}/told.json], of: finished, rehearsals: yes}}\n")
    add(silent, f"notify:\n  - {{command: [tee, {tmp_path}/silent.json], of: finished}}\n")

    run.conduct()
    silent.conduct()

    assert json.loads((tmp_path / "told.json").read_text())["text"] == "all samples have ended"
    assert not (tmp_path / "silent.json").exists()


def test_who_cannot_be_told_costs_a_line_in_the_journal_and_no_secret(
    rehearse: MakeRehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.notifier.AGAIN_S", (0.0,))
    run = rehearse(samples=1)
    with listening(status=500) as (address, heard):
        monkeypatch.setenv("BENCH_HOOK", f"{address}/secret")
        add(run, "notify:\n  - {webhook_from: BENCH_HOOK, of: finished, rehearsals: yes}\n")

        run.conduct()

    (note,) = [event for event in run.events() if event.kind == "not_notified"]
    assert note.data["why"] == "BENCH_HOOK was not told of 'finished': it answered 500"
    assert len(heard) == 2
    assert run.statuses() == {"s001": "finished"}
