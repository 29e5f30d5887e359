"""The pages in a real browser, against a campaign that goes on: one after the other, as somebody would use them."""

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import PATIENCE_MS, QUESTION, Live, wait_a_little

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect
expect.set_options(timeout=PATIENCE_MS)


def eventually(is_so: Callable[[], Any]) -> Any:
    """What another process brings about, once it has."""
    for _ in range(PATIENCE_MS // 100):
        if found := is_so():
            return found
        wait_a_little()
    raise AssertionError("it never came about")


@pytest.mark.parametrize(
    ("page_name", "shown"),
    [
        ("bench", "furnace"),
        ("runs", "Timetable"),
        ("campaign", "Suggestions"),
        ("eyes", "The eyes in use"),
        ("protocols", "What the check says"),
    ],
)
def test_each_page_renders_with_how_it_stands_and_the_stop_button(page: Any, page_name: str, shown: str) -> None:
    page.goto(f"/{page_name}")

    expect(page.get_by_role("button", name="STOP")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(shown)


def test_a_suggestion_that_is_approved_begins(page: Any, live: Live) -> None:
    page.goto("/campaign")

    page.get_by_role("button", name="Approve").first.click()

    begun = eventually(lambda: live.events("admitted"))
    assert begun[0].data["samples"][0]["suggestion"] == "p001"


def test_a_question_is_answered_with_one_press(page: Any, live: Live) -> None:
    page.goto("/runs")
    question = page.locator(".question", has_text=QUESTION)

    question.get_by_role("button", name="Yes").click()

    answered = eventually(lambda: live.events("answered"))
    assert answered[0].data["answer"] == "yes"


def test_the_page_follows_the_bench_without_being_loaded_again(page: Any) -> None:
    page.goto("/bench")
    temperature = page.locator("section.device", has_text="eurotherm 2416").locator("dd").first
    before = temperature.inner_text()

    eventually(lambda: temperature.inner_text() != before)


def test_a_look_is_overruled_with_one_press(page: Any, live: Live) -> None:
    page.goto("/eyes")

    page.get_by_role("button", name="It is not").first.click()

    said = eventually(lambda: [each for each in live.events("ordered") if each.data["verb"] == "overrule"])
    assert said[0].data["answer"] == "no"
    expect(page.get_by_text("Overruled").first).to_be_visible()


def test_the_stop_button_makes_a_firing_furnace_safe_and_says_so(page: Any, live: Live) -> None:
    page.goto("/bench")
    eventually(lambda: [each for each in live.events("task_started") if each.data["skill"] == "heat"])

    page.get_by_role("button", name="STOP").click()

    expect(page.get_by_role("dialog")).to_contain_text("Safe after")
    expect(page.get_by_role("dialog")).to_contain_text("furnace made safe")
    assert live.emulated("furnace")["programme"] == "reset"


def test_a_run_that_was_stopped_is_taken_up_again_from_its_page(page: Any, live: Live) -> None:
    page.goto("/runs")

    page.get_by_role("button", name="Take the run up again").click()

    eventually(lambda: live.events("run_resumed"))
