import json
from pathlib import Path

import numpy as np
import pytest

from vision.errors import WeightsDamaged
from vision.state.trust import FIRST, Sure, Trust, selective


def test_between_its_thresholds_the_answer_is_unknown() -> None:
    sure = Sure(yes_from=0.8, no_up_to=0.3)

    assert [sure.answer(chance) for chance in (0.9, 0.8, 0.5, 0.3, 0.0)] == [True, True, None, False, False]


def test_a_side_that_was_never_right_enough_is_never_answered() -> None:
    assert Sure(yes_from=None, no_up_to=0.1).answer(1.0) is None


def test_thresholds_are_as_wide_as_the_accuracy_allows() -> None:
    rng = np.random.default_rng(1)
    chances = rng.uniform(size=40_000)
    truths = rng.uniform(size=40_000) < chances  # as calibrated as chances can be

    sure = selective(chances.tolist(), truths.tolist(), accuracy=0.95)

    answers = [(sure.answer(chance), truth) for chance, truth in zip(chances, truths, strict=True)]
    right = np.mean([answer == truth for answer, truth in answers if answer is not None])
    assert right == pytest.approx(0.95, abs=0.005)
    assert sure.yes_from == pytest.approx(0.9, abs=0.02)
    assert sure.no_up_to == pytest.approx(0.1, abs=0.02)


def test_eyes_that_guess_answer_nothing() -> None:
    rng = np.random.default_rng(2)
    truths = rng.uniform(size=500) < 0.5

    assert selective(rng.uniform(size=500).tolist(), truths.tolist()) == Sure(yes_from=None, no_up_to=None)


def test_few_pictures_prove_no_threshold() -> None:
    assert selective([0.99] * 10, [True] * 10).yes_from is None


def test_weights_without_a_word_on_trust_are_those_of_the_first_eyes() -> None:
    assert Trust.of().tells == FIRST


def test_what_stands_in_the_record_counts(tmp_path: Path) -> None:
    trust = {"tells": ["present", "cap"], "kinds": ["tube"], "sure": {"cap": {"yes_from": 0.97, "no_up_to": None}}}
    (tmp_path / "eyes.json").write_text(json.dumps({"trust": trust, "sha256": "0"}))

    read = Trust.of(tmp_path / "eyes.safetensors")

    assert read.answer("cap", 0.98) is True
    assert read.answer("cap", 0.01) is None
    assert read.answer("present", 0.01) is False
    assert read.cannot_tell(["cap", "spill"]) == ["spill"]


@pytest.mark.parametrize("text", ["", "[]", '{"trust": {"tells": ["the future"]}}'])
def test_a_record_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "eyes.json").write_text(text)

    with pytest.raises(WeightsDamaged, match="missing or unreadable"):
        Trust.of(tmp_path / "eyes.safetensors")
