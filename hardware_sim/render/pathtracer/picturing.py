"""Traced pictures of random still lifes, with the truth of every pixel."""

import numpy as np

from hardware_sim.render.arranging import random_still_life
from hardware_sim.render.pathtracer.exposing import Picture, develop, trace
from hardware_sim.render.pathtracer.naming import truth_of
from hardware_sim.render.pathtracer.worlds import world_of
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.still_life import Camera, StillLife
from hardware_sim.render.telling import Planes, Told

Rng = np.random.Generator
SIZES_PX = ((320, 240), (320, 240), (256, 256), (240, 320))
SAMPLES = 12
SHARP_SHARE = 0.6
BLUR_SHARE = (0.002, 0.025)
"""Width of a far point's image in a picture out of focus behind its subject, as a share of the picture's height."""


def picture_of(seed: int, number: int, samples: int = SAMPLES) -> tuple[Picture, Planes, Told]:
    """Arrange and trace the `number`th picture of a series; the same numbers give the same picture."""
    rng = np.random.default_rng((seed, number))
    return trace_still_life(random_still_life(rng, SIZES_PX[rng.integers(len(SIZES_PX))]), rng, samples)


def trace_still_life(scene: StillLife, rng: Rng, samples: int = SAMPLES) -> tuple[Picture, Planes, Told]:
    """Photograph an arrangement: pixels (H, W, 3), planes (H, W) and truth, as `composing.compose` gives them.

    Args:
        scene: what is to be seen.
        rng: decides what the arrangement leaves open, and the noise of light and camera.
        samples: paths for each pixel; half as many take half the time, the denoiser smears more.
    """
    world, vessels = world_of(scene)
    light = trace(world, scene.camera, samples, int(rng.integers(2**31)), _aperture_mm(scene.camera, rng))
    brightness = float(rng.uniform(0.5, 0.95)) * scene.light.brightness
    picture = develop(light, scene.camera, brightness, rng)
    return picture, *truth_of(scene, world, vessels)


def _aperture_mm(camera: Camera, rng: Rng) -> float:
    """Radius of the lens: a pinhole more often than not."""
    if rng.random() < SHARP_SHARE:
        return 0.0
    pinhole = Pinhole.of(camera)
    blur_px = float(rng.uniform(*BLUR_SHARE)) * camera.height_px
    return blur_px * float(pinhole.depth_mm(camera.target_mm)) / (2 * pinhole.focal_px)
