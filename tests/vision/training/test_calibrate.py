import numpy as np
import pytest

from vision.state.liquid_level import Level
from vision.training.calibrate import calibrate
from vision.training.dataset import Truth
from vision.training.evaluate import Look, calibration_error, score

RNG_SEED = 3
WARE = (
    '{"name": "v", "kind": "vial", "outer_width_mm": 10, "inner_width_mm": 9, "height_mm": 60, '
    '"inner_height_mm": 50, "capacity_ul": 1, "max_temperature_c": 1}'
)


@pytest.fixture
def looks() -> list[Look]:
    """Readings of a vessel 20 cells wide whose scatter is twice their spread."""
    rng = np.random.default_rng(RNG_SEED)
    return [_look(rng) for _ in range(400)]


def _look(rng: np.random.Generator) -> Look:
    height, spread = rng.uniform(5, 60), rng.uniform(0.2, 2.0)
    truth = Truth(image="", mask="", kind="vial", labware=WARE, content="liquid", view="bench",
                  fill_height_fraction=height / 100)  # fmt: skip
    level = Level(height + rng.normal(0, 2 * spread), 20.0, spread, haze=0.0)
    right = 2 if rng.random() < 0.8 else 1
    return Look(truth, np.eye(4)[right] * 8, level, np.eye(7, dtype=int))


def test_a_calibrated_doubt_covers_two_thirds_of_the_truth(looks: list[Look]) -> None:
    scores = score(looks, calibrate(looks))

    assert scores["fill_within_1_std"] == pytest.approx(0.683, abs=0.02)
    assert abs(scores["fill_bias"]) < 0.003


def test_doubt_grows_with_the_spread_that_speaks_for_it(looks: list[Look]) -> None:
    assert calibrate(looks).std_per_spread == pytest.approx(2.0, rel=0.25)


def test_a_network_that_is_too_sure_is_cooled_down(looks: list[Look]) -> None:
    assert calibrate(looks).temperature > 2


def test_calibration_error_is_nothing_when_confidence_equals_success() -> None:
    chances = np.tile([0.75, 0.25], (4, 1))

    assert calibration_error(chances, np.array([0, 0, 0, 1])) == 0.0
