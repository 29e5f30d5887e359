"""A traced picture of a still life, before and after what a camera does to it."""

from typing import Any

import drjit as dr
import mitsuba_oidn
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.pathtracer.following import radiance
from hardware_sim.render.pathtracer.kernel import World, mi
from hardware_sim.render.pathtracer.matter import GAMMA
from hardware_sim.render.photographing import Pinhole, expose
from hardware_sim.render.still_life import Camera

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]
SHOULDER = 0.8
"""Radiance above which bright light saturates softly."""
BRIGHT_PERCENTILE, GAINS = 93, (0.5, 3.0)
"""An automatic exposure looks at the brighter parts of a picture, and has its limits."""


def trace(world: World, camera: Camera, samples: int, seed: int, aperture_mm: float = 0.0) -> Plane:
    """Trace and denoise: (H, W, 3) linear radiance, white about 1.

    Each pixel is the plain mean of its own samples (a box filter): the denoiser must not meet correlated noise.
    """
    count = camera.width_px * camera.height_px * samples
    rng = mi.PCG32(size=count, initstate=seed)
    ray = camera_rays(camera, dr.arange(mi.UInt32, count) // samples, rng, aperture_mm)
    light, albedo, normal = (_mean(values, camera, samples) for values in radiance(world, ray, rng))
    return np.asarray(mitsuba_oidn.denoise(light, albedo=np.clip(albedo, 0, 1), normal=normal, hdr=True), np.float32)


def camera_rays(camera: Camera, pixel: Any, rng: Any = None, aperture_mm: float = 0.0) -> Any:
    """Rays through pixels: through a random place in each and of the lens, or through their middles without `rng`.

    The lens is thin and focused on the target.
    """
    pinhole = Pinhole.of(camera)
    place = [rng.next_float32() for _ in range(4)] if rng is not None else [0.5, 0.5, 0.0, 0.0]
    focal, middle = dr.opaque(mi.Float, pinhole.focal_px), [dr.opaque(mi.Float, float(v)) for v in pinhole.middle_px]
    right, down, look = (mi.Vector3f(*axis.tolist()) for axis in pinhole.turn)
    eye, width = mi.Point3f(*camera.eye_mm), dr.opaque(mi.UInt32, camera.width_px)
    dr.make_opaque(right, down, look, eye)  # literals would make another kernel of each camera
    column, row = mi.Float(pixel % width) + place[0], mi.Float(pixel // width) + place[1]
    way = look + right * ((column - middle[0]) / focal) + down * ((row - middle[1]) / focal)
    sharp = dr.opaque(mi.Float, float(pinhole.depth_mm(camera.target_mm)))
    lens = mi.warp.square_to_uniform_disk_concentric(mi.Point2f(place[2], place[3])) * dr.opaque(mi.Float, aperture_mm)
    origin = eye + right * lens.x + down * lens.y if rng is not None else eye
    return mi.Ray3f(origin, dr.normalize(eye + way * sharp - origin))


def _mean(values: Any, camera: Camera, samples: int) -> Plane:
    flat = np.array(values).T.reshape(camera.height_px, camera.width_px, samples, 3)
    return np.ascontiguousarray(flat.mean(axis=2), np.float32)


def develop(light: Plane, camera: Camera, brightness: float, rng: np.random.Generator) -> Picture:
    """Turn radiance into a photograph: exposure, tone curve, then lens, sensor and compression.

    `brightness` is what the brighter parts come out as, 1 being white.
    """
    bright = float(np.percentile(light.mean(axis=2), BRIGHT_PERCENTILE))
    light = light * np.float32(np.clip(brightness / max(bright, 1e-6), *GAINS))
    over = np.maximum(light - SHOULDER, 0)
    toned = np.minimum(np.maximum(light, 0), SHOULDER) + (1 - SHOULDER) * (1 - np.exp(-over / (1 - SHOULDER)))
    return expose(np.asarray(toned ** (1 / GAMMA) * 255, np.uint8), camera, rng)
