"""The course of a training: steps at a steady rate for as long as wanted, then a rest in which the rate fades out.

The run is kept as it was before its rest: called again with more steps or hours, it goes on from there (warm-up, stable,
decay: Hu et al., MiniCPM, 2024).
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from robot.clock import Clock
from vision.segmentation.store import Networks
from vision.training.crop_objective import crop_losses, crop_total
from vision.training.crowd import Crowd
from vision.training.objective import losses, total
from vision.training.streams import VIEW_PX, Lessons, batches
from vision.training.student import Student, parameters_of

Progress = Callable[[int, int, str], None]
"""How much of how much is done, in steps or seconds, and what is worth saying about it."""
Keep = Callable[[Networks, Student], str]
"""Stores what was learnt so far; says how good it is."""
REST = 0.2
"""Share of a run in which the rate fades out and norms are frozen."""
WARM_UP_STEPS = 300
FINE_RATE = 5e-4
"""For a training that starts from weights."""
SMOOTH = 0.98
"""Of the losses that are told."""


@dataclass(frozen=True)
class Course:
    """How long, and how fast. Either steps or hours are given; so many steps always end with the same weights."""

    steps: int | None = None
    hours: float | None = None
    batch: int = 16
    """Pictures in a step."""
    rate: float = 2e-3
    workers: int = 1
    """Processes that make lessons."""
    view_px: int = VIEW_PX
    keep_every_s: float = 900.0

    def steady_is_over(self, student: Student) -> bool:
        """Is it time to rest?"""
        by_steps = self.steps is not None and student.step >= round((1 - REST) * self.steps)
        return by_steps or (self.hours is not None and student.elapsed_s >= (1 - REST) * 3600 * self.hours)

    def rate_of(self, student: Student) -> float:
        """The rate of the next step."""
        warm = min(1.0, (1 + student.step) / WARM_UP_STEPS)
        return self.rate * warm * (1 - student.rested) ** 0.5 if student.rested else self.rate * warm

    def rest_steps(self, student: Student) -> int:
        """Steps of the rest that begins now."""
        left = round(student.step * REST / (1 - REST)) if self.steps is None else self.steps - student.step
        return max(1, left)

    def done(self, student: Student) -> tuple[int, int]:
        """How much of how much is done."""
        if self.steps is not None:
            return student.step, self.steps
        whole = round(3600 * (self.hours or 0))
        resting = REST * student.rested if student.resting else 0.0
        share = 1 - REST + resting if student.resting else student.elapsed_s / max(1, whole)
        return min(whole, round(share * whole)), whole


def follow(course: Course, lessons: Lessons, student: Student, out: Path, plan: dict[str, object], keep: Keep,
           progress: Progress, clock: Clock, crowd: Crowd) -> None:  # fmt: skip
    """Teach a student to the end of its course; one that was broken off goes on where it was."""
    now, steady = out.with_suffix(".checkpoint"), out.with_suffix(".steady")
    if not student.resume(now, plan):
        student.resume(steady, plan)
    said, told, kept_s, last_s = "", dict[str, float](), student.elapsed_s, clock.now_s()
    lessons_left = iter(batches(lessons, course.batch, student.step, course.workers, crowd))
    for lesson in lessons_left:
        if not student.resting and crowd.agree(course.steady_is_over(student)):
            if crowd.leads:
                student.save(steady, plan)
            student.rest(course.rest_steps(student))
        if student.rested >= 1:
            break
        if student.resting:
            student.freeze_norms()
        _tell(told, teach(student, lesson, course.rate_of(student), crowd))
        student.elapsed_s += clock.now_s() - last_s
        last_s = clock.now_s()
        progress(*course.done(student), f"{_words(told)}{said}")
        if crowd.leads and student.elapsed_s - kept_s >= course.keep_every_s:
            student.save(now, plan)
            said, kept_s, last_s = f" | {keep(student.taught(), student)}", student.elapsed_s, clock.now_s()
    if crowd.leads:
        keep(student.taught(), student)
        now.unlink(missing_ok=True)


def teach(student: Student, lesson: dict[str, Tensor], rate: float, crowd: Crowd) -> dict[str, Tensor]:
    """Give one batch of lessons.

    Returns:
        all losses by name.
    """
    device = crowd.device
    truth = {name: value.to(device, non_blocking=True) for name, value in lesson.items()}
    whole = {name: value.float() for name, value in truth.items() if name not in {"view", "crop"}}
    of_crops = {
        name: value.flatten(0, 1) for name, value in whole.items() if name.startswith("crop_") or value.ndim == 2
    }
    with torch.autocast(device.type, torch.bfloat16):
        planes = student.networks.picture(_colours(truth["view"]))
        masks, states = student.networks.crop(_colours(truth["crop"].flatten(0, 1)))
    parts = losses(planes.float(), whole)
    closer = crop_losses(masks.float(), states.float(), of_crops)
    (total(parts) + crop_total(closer)).backward()  # type: ignore[no-untyped-call]
    crowd.share(parameters_of(student.networks))
    student.take_step(rate)
    return {name: value.detach() for name, value in itertools.chain(parts.items(), closer.items())}


def _colours(pictures: Tensor) -> Tensor:
    """(N, H, W, C) bytes as (N, C, H, W), 0 to 1; in memory they stay as they lie."""
    return pictures.permute(0, 3, 1, 2).float() / 255


def _tell(told: dict[str, float], now: dict[str, Tensor]) -> None:
    for name, value in now.items():
        told[name] = SMOOTH * told.get(name, value.item()) + (1 - SMOOTH) * value.item()


def _words(told: dict[str, float]) -> str:
    shown = ("vessel", "overlap", "material", "centre", "sides", "cap", "fill")
    return " ".join(f"{name} {told[name]:.3f}" for name in shown)
