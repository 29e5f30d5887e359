"""Who is who from frame to frame, who came, who went, and what is known by then."""

import numpy as np
import pytest

from vision.state.reading import PictureReading, SpillReading, Spread, VesselReading
from vision.tracking import Event, Tracker, matched

Box = tuple[float, float, float, float]


def vessel(left: float, top: float = 100.0, fill: float | None = 0.4, std: float = 0.02, cap: float = 0.9,
           score: float = 0.97) -> VesselReading:  # fmt: skip
    content = {"empty": 0.02, "transparent": 0.08, "coloured": 0.88, "two_layer": 0.02}
    return VesselReading(
        box_px=(left, top, left + 40, top + 120), score=score, kind="vial", cap_on=cap, content=content,  # type: ignore[arg-type]
        fill_height_fraction=None if fill is None else Spread(mean=fill, std=std), layers=1, layers_chance=0.9,
        materials=("liquid",), colour_lab=None, turbidity=0.1, tipped=0.01,
    )  # fmt: skip


def frame(*vessels: VesselReading, quality: str = "ok") -> PictureReading:
    nothing = SpillReading(probability=0.0, area_px=0)
    return PictureReading(image="side", vessels=vessels, spill=nothing, quality=quality)  # type: ignore[arg-type]


def follow(tracker: Tracker, frames: list[PictureReading], from_s: float = 0.0) -> list[Event]:
    return [event for index, each in enumerate(frames) for event in tracker.follow(each, from_s + index)]


def test_vessels_keep_their_numbers_whatever_their_order() -> None:
    tracker = Tracker()

    follow(tracker, [frame(vessel(100), vessel(200)), frame(vessel(204), vessel(98)), frame(vessel(101), vessel(207))])

    assert {each.number: each.latest.box_px[0] for each in tracker.vessels} == {1: 101, 2: 207}


def test_a_vessel_that_wanders_through_the_picture_stays_one_vessel() -> None:
    tracker = Tracker()

    events = follow(tracker, [frame(vessel(50 + 15.0 * step)) for step in range(20)])

    assert [event.kind for event in events] == ["appeared"]
    assert tracker.vessels[0].latest.box_px[0] == 50 + 15 * 19


def test_neighbours_are_not_confused_when_one_is_taken_away() -> None:
    tracker = Tracker()
    follow(tracker, [frame(vessel(100), vessel(145), vessel(190))] * 3)

    events = follow(tracker, [frame(vessel(100), vessel(190))] * 6, from_s=3)

    assert [(event.kind, event.number) for event in events] == [("vanished", 2)]
    assert [each.number for each in tracker.vessels] == [1, 3]


def test_one_frame_without_a_vessel_is_no_vanishing() -> None:
    tracker = Tracker()
    follow(tracker, [frame(vessel(100))] * 4)

    assert follow(tracker, [frame(), frame(vessel(100))], from_s=4) == []


def test_a_shadow_seen_once_and_faintly_never_appears() -> None:
    tracker = Tracker()

    events = follow(tracker, [frame(), frame(vessel(100, score=0.3)), frame(), frame(vessel(220, score=0.3)), frame()])

    assert events == []
    assert tracker.vessels == ()


def test_a_vessel_that_comes_back_is_a_new_one() -> None:
    tracker = Tracker()
    there, gone = [frame(vessel(100))] * 3, [frame()] * 6

    events = follow(tracker, [*there, *gone, *there])

    assert [(event.kind, event.number) for event in events] == [("appeared", 1), ("vanished", 1), ("appeared", 2)]


def test_a_bad_picture_says_nothing() -> None:
    tracker = Tracker()
    follow(tracker, [frame(vessel(100))] * 3)

    assert follow(tracker, [frame(quality="dark")] * 10, from_s=3) == []
    assert len(tracker.vessels) == 1


def test_a_level_is_smoothed_and_its_doubt_stays_honest() -> None:
    """What all frames have in common, no number of frames takes away."""
    rng = np.random.default_rng(3)
    misses, stds = [], []
    for _ in range(60):
        common = rng.normal(0, 0.03 * 0.7**0.5)
        tracker = Tracker()
        follow(
            tracker,
            [frame(vessel(100, fill=0.5 + common + rng.normal(0, 0.03 * 0.3**0.5), std=0.03)) for _ in range(25)],
        )
        level = tracker.vessels[0].fill_height_fraction
        assert level is not None
        misses.append(level.mean - 0.5)
        stds.append(level.std)

    assert np.mean(np.abs(misses) < stds) == pytest.approx(0.68, abs=0.12)
    assert 0.03 * 0.7**0.5 <= np.mean(stds) < 0.03


def test_a_dose_shows_at_once() -> None:
    tracker = Tracker()

    follow(tracker, [frame(vessel(100, fill=0.2))] * 10 + [frame(vessel(100, fill=0.6))])

    assert tracker.vessels[0].fill_height_fraction.mean == pytest.approx(0.6)  # type: ignore[union-attr]


def test_a_level_that_cannot_be_read_for_a_while_is_remembered() -> None:
    tracker = Tracker()

    follow(tracker, [frame(vessel(100, fill=0.3))] * 3 + [frame(vessel(100, fill=None))] * 5)

    assert tracker.vessels[0].fill_height_fraction.mean == pytest.approx(0.3)  # type: ignore[union-attr]


def test_a_chance_never_grows_surer_than_its_frames() -> None:
    tracker = Tracker()

    follow(tracker, [frame(vessel(100, cap=0.8 if step % 2 else 0.7)) for step in range(50)])

    assert 0.7 < tracker.vessels[0].chances["cap_on"] < 0.8


def test_a_cap_that_is_taken_off_is_believed_after_some_seconds() -> None:
    tracker = Tracker()
    follow(tracker, [frame(vessel(100, cap=0.98))] * 5)

    follow(tracker, [frame(vessel(100, cap=0.02))] * 10, from_s=5)

    assert tracker.vessels[0].chances["cap_on"] < 0.1


def test_boxes_far_apart_are_not_paired() -> None:
    assert matched([(0, 0, 10, 30)], [(200, 0, 210, 30)]) == []
    assert matched([], [(0, 0, 1, 1)]) == []
