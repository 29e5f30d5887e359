import pytest
import torch

from vision.segmentation.store import Networks
from vision.training.course import Course
from vision.training.student import Student


@pytest.fixture(scope="module")
def fresh() -> Student:
    return Student.of(Networks.new("plain-fpn-2", seed=1), torch.device("cpu"))


def test_the_rate_warms_up_stays_and_fades_out(fresh: Student) -> None:
    course, rates = Course(steps=1000, rate=1.0), []
    for step, rest_from, rest_steps in ((0, 0, 0), (299, 0, 0), (700, 0, 0), (900, 800, 200), (1000, 800, 200)):
        fresh.step, fresh.rest_from, fresh.rest_steps = step, rest_from, rest_steps
        rates.append(round(course.rate_of(fresh), 3))

    assert rates == [0.003, 1.0, 1.0, 0.707, 0.0]


def test_by_hours_the_rest_is_a_fifth_of_all_steps(fresh: Student) -> None:
    course = Course(hours=1.0)
    fresh.step, fresh.rest_steps, fresh.elapsed_s = 800, 0, 2881.0

    assert course.steady_is_over(fresh)
    assert course.rest_steps(fresh) == 200


def test_by_steps_the_rest_takes_what_is_left(fresh: Student) -> None:
    fresh.step, fresh.rest_steps = 80, 0

    assert Course(steps=100).steady_is_over(fresh)
    assert Course(steps=100).rest_steps(fresh) == 20


def test_a_resting_network_no_longer_learns_how_to_norm(fresh: Student) -> None:
    fresh.freeze_norms()

    norms = [part for part in fresh.networks.picture.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    assert not any(norm.training for norm in norms)
