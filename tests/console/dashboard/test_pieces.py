"""Pieces of pages, drawn from views alone."""

import anyio
import pytest

from console.dashboard.drawing import draw
from console.dashboard.furnace_curves import furnace_curves
from console.dashboard.sentence import sentence
from console.dashboard.shared import Shared
from console.dashboard.timetable import timetable
from console.service.views import Alarm, Bar, Run, RunBrief, Timeline, Waiting

EVIL = "<img src=x onerror=alert(1)>"


def brief(**told: object) -> RunBrief:
    usual: dict[str, object] = {
        "name": "film", "bench": "film-bench", "protocol": "film", "campaign": "", "is_simulated": True, "state": "runs", "why": "",
        "samples": 12, "ended": 9, "of": 40, "questions": 0, "proposals": 0, "alarms": 0, "last_event": 7, "now_s": 3600.0, "date": None,
    }  # fmt: skip
    return RunBrief.model_validate(usual | told)


def run(alarms: list[Alarm] | None = None, **told: object) -> Run:
    return Run(brief=brief(**told), at_work=[], late=[], seed=0, speed=1.0, samples=[], alarms=alarms or [])


def timeline(samples: list[str]) -> Timeline:
    bar = Bar(
        task="s001.heat", skill="heat", devices=["furnace"], samples=samples, start_s=0, end_s=3600, ending="done"
    )
    return Timeline(
        run="film", start_s=0, now_s=3600, end_s=7200, devices=["furnace"], actual=[bar], planned=[], why_no_plan=""
    )


def test_a_quiet_run_is_well_with_its_progress_and_its_end() -> None:
    said = sentence(run(), ends_s=10800.0, best="742 S/cm (s004)")

    assert (said.mood, said.text) == ("good", "All is well · 9 of 40 samples · 2 h 00 min of bench time to go")
    assert said.advice == "Best so far: 742 S/cm (s004)"


def test_what_is_wrong_comes_before_what_is_asked_and_says_what_to_do() -> None:
    hot = Alarm(kind="heats_unasked", what="furnace: it heats", remedy="Switch it off", at_s=0, event=1)

    said = sentence(run([hot], questions=2), ends_s=0.0, best="")

    assert (said.mood, said.text, said.advice) == ("bad", "Furnace: it heats", "Switch it off.")


@pytest.mark.parametrize(
    ("told", "mood", "begins"),
    [
        ({"questions": 1}, "doubt", "1 question waits for you"),
        ({"state": "paused"}, "doubt", "Paused"),
        ({"state": "stopped", "why": "aborted"}, "still", "Stopped, and safe"),
        ({"state": "died"}, "bad", "The engine is gone"),
        ({"state": "hangs"}, "bad", "The engine does not move"),
        ({"state": "ended"}, "good", "Finished"),
    ],
)
def test_each_state_has_a_sentence_of_its_own(told: dict[str, object], mood: str, begins: str) -> None:
    said = sentence(run(**told), ends_s=0.0, best="")

    assert said.mood == mood
    assert said.text.startswith(begins)


def test_names_that_hold_markup_are_shown_as_text() -> None:
    asked = Waiting(
        id="s001.ask", text=EVIL, answers=[EVIL], quantity="x", samples=[EVIL], asked_s=0, event=1, evidence=None
    )

    drawn = draw("questions", run=EVIL, questions=[asked], when=lambda at_s: "", may_act=True)

    assert "<img" not in drawn
    assert "<img" not in timetable(timeline([EVIL]), whole=True)


@pytest.mark.parametrize(("is_simulated", "asks"), [(False, True), (True, False)])
def test_only_real_devices_are_asked_after_before_a_run_is_taken_up_again(is_simulated: bool, asks: bool) -> None:
    stopped = brief(state="stopped", is_simulated=is_simulated)

    drawn = draw("orders", run="a run", brief=stopped, is_live=False, may_act=True)

    assert ("Real devices will move" in drawn) == asks


def test_a_furnace_that_nobody_has_read_has_no_curve() -> None:
    assert furnace_curves([], [], now_s=10.0, handle_below_c=None) is None


def test_a_long_silence_breaks_a_furnaces_line() -> None:
    drawn = furnace_curves([(0, 20.0), (10, 30.0), (3000, 80.0), (3010, 85.0)], [], now_s=3010.0, handle_below_c=None)

    assert drawn is not None
    assert drawn.count("<polyline") == 2


def test_twenty_watchers_cost_one_drawing_and_hear_only_of_changes() -> None:
    shared, count = Shared(every_s=0.0), [0]
    watchers = [Watcher() for _ in range(20)]

    def drawing() -> str:
        count[0] += 1
        return "the same"

    async def watch() -> None:
        for watcher in watchers:
            await shared.watch("piece", drawing, watcher)
        with anyio.move_on_after(0.05):
            await shared.keep_drawing()

    drawn_by_watching = 1
    anyio.run(watch)

    assert count[0] > drawn_by_watching
    assert [watcher.heard for watcher in watchers] == [["the same"]] * 20


class Watcher:
    is_deleted = False

    def __init__(self) -> None:
        self.heard: list[str] = []

    def show(self, drawn: str) -> None:
        self.heard.append(drawn)
