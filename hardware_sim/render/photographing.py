"""Cameras: where they stand, how they project, and what they do to a picture."""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Self

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardware_sim.render.still_life import Camera, Point

Rng = np.random.Generator
Values = NDArray[np.float64]
Picture = NDArray[np.uint8]
SIZES_PX = ((640, 480), (480, 360), (400, 300), (320, 240), (360, 480), (300, 400), (384, 384), (512, 288), (640, 360))


def random_camera(rng: Rng, target: Point, span_mm: float, elevation_deg: float, azimuth_deg: float,
                  size_px: tuple[int, int] | None = None) -> Camera:  # fmt: skip
    """Draw a camera that shows `span_mm` of the target over its picture's height, from above and around as told."""
    width, height = size_px or SIZES_PX[rng.integers(len(SIZES_PX))]
    fov = float(rng.uniform(18, 62))
    distance = span_mm / 2 / np.tan(np.deg2rad(fov / 2))
    up, around = np.deg2rad(elevation_deg), np.deg2rad(azimuth_deg)
    away = np.array((np.sin(around) * np.cos(up), -np.cos(around) * np.cos(up), np.sin(up)))
    eye = np.array(target) + distance * away
    sharp = rng.random() < 0.6
    return Camera(
        (float(eye[0]), float(eye[1]), float(eye[2])), target,
        float(rng.normal(0, 1.5) if rng.random() < 0.8 else rng.normal(0, 10)), fov, width, height,
        defocus_px=float(rng.uniform(0.2, 0.7) if sharp else rng.uniform(0.7, 2.2)) * height / 480,
        motion_px=tuple((rng.normal(0, 2.5, 2) if rng.random() < 0.1 else np.zeros(2)).tolist()),
        noise_std=float(rng.gamma(2.0, 1.6)),
        jpeg_quality=int(rng.integers(35, 98)),
        vignette=float(rng.beta(1, 4) * 0.6),
        white_balance_rgb=tuple(np.exp(rng.normal(0, 0.04, 3)).tolist()),
        contrast=float(rng.normal(1.0, 0.1)),
        flare=float(rng.beta(1.5, 8) * 0.35),
        shrink=float(rng.uniform(0.4, 0.9)) if rng.random() < 0.15 else 1.0,
    )  # fmt: skip


@dataclass(frozen=True)
class Pinhole:
    """Projects points of the world, in mm, into a picture, in pixels."""

    eye: Values
    turn: Values
    """(3, 3): rows are the picture's right, its down and the way the camera looks."""
    focal_px: float
    middle_px: Values

    @classmethod
    def of(cls, camera: Camera) -> Self:
        """Put the camera up."""
        eye, target = np.array(camera.eye_mm), np.array(camera.target_mm)
        look = (target - eye) / np.linalg.norm(target - eye)
        upward = np.array((0.0, 0.0, 1.0)) if abs(look[2]) < 0.999 else np.array((0.0, 1.0, 0.0))
        right = np.cross(look, upward)
        right /= np.linalg.norm(right)
        down = np.cross(look, right)
        roll = np.deg2rad(camera.roll_deg)
        turned = np.stack(
            (np.cos(roll) * right + np.sin(roll) * down, np.cos(roll) * down - np.sin(roll) * right, look)
        )
        focal = camera.height_px / 2 / np.tan(np.deg2rad(camera.fov_deg / 2))
        return cls(eye, turned, float(focal), np.array((camera.width_px / 2, camera.height_px / 2)))

    def project(self, points_mm: ArrayLike) -> Values:
        """Turn points (..., 3) into columns and rows (..., 2); what is behind the camera lands far outside."""
        seen = (np.asarray(points_mm, np.float64) - self.eye) @ self.turn.T
        depth = np.maximum(seen[..., 2:], 5.0)
        return np.asarray(np.clip(self.focal_px * seen[..., :2] / depth + self.middle_px, -2e4, 2e4), np.float64)

    def depth_mm(self, points_mm: ArrayLike) -> Values:
        """How far points (..., 3) lie before the camera, along the way it looks."""
        return np.asarray((np.asarray(points_mm, np.float64) - self.eye) @ self.turn[2], np.float64)

    def px_per_mm(self, point_mm: ArrayLike) -> float:
        """Scale at a point (3,)."""
        return float(self.focal_px / max(float(self.depth_mm(point_mm)), 5.0))

    def towards(self, point_mm: ArrayLike) -> Values:
        """Unit vector (3,) from a point to the camera."""
        way = self.eye - np.asarray(point_mm, np.float64)
        return np.asarray(way / np.linalg.norm(way), np.float64)


def expose(picture: Picture, camera: Camera, rng: Rng) -> Picture:
    """Photograph a sharp, clean picture (H, W, 3): blur, colour cast, noise, compression."""
    height, width = picture.shape[:2]
    if camera.shrink < 1:
        small = (max(16, int(width * camera.shrink)), max(16, int(height * camera.shrink)))
        picture = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), np.uint8)
    if camera.defocus_px > 0.3:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), camera.defocus_px * camera.shrink), np.uint8)
    if any(camera.motion_px):
        picture = _shake(picture, camera.motion_px)
    picture = np.asarray(cv2.LUT(picture, _tone_curve(camera)), np.uint8)
    if camera.vignette > 0.05:
        light = _fall_off(picture.shape[0], picture.shape[1], camera.vignette)
        picture = np.asarray(cv2.multiply(picture, cv2.merge((light, light, light)), dtype=cv2.CV_8U), np.uint8)
    dice = np.frombuffer(rng.bytes(picture.size), np.uint8).reshape(picture.shape)
    noise = cv2.LUT(dice, noise_of_byte(round(camera.noise_std * 4) / 4 + 0.1))
    picture = np.asarray(cv2.addWeighted(picture, 1.0, noise, 1.0, -128.0), np.uint8)
    if camera.shrink < 1:
        picture = np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    if camera.jpeg_quality < 95:
        packed = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, camera.jpeg_quality))[1]
        picture = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return picture


@lru_cache(maxsize=128)
def noise_of_byte(std: float) -> NDArray[np.uint8]:
    """Normal noise around 128 for each value of a random byte: (256,)."""
    normal = NormalDist(128, std)
    return np.array([round(normal.inv_cdf((byte + 0.5) / 256)) for byte in range(256)], np.uint8)


def _tone_curve(camera: Camera) -> Picture:
    """What becomes of each value of each colour: (256, 1, 3)."""
    values = np.arange(256, dtype=np.float64)[:, None, None]
    flooded = 255 * camera.flare + values * (1 - camera.flare)
    curve = ((flooded - 128) * camera.contrast + 128) * np.array(camera.white_balance_rgb)
    return np.asarray(np.clip(curve, 0, 255), np.uint8)


def _shake(picture: Picture, along_px: tuple[float, float]) -> Picture:
    size = int(2 * np.ceil(max(abs(along_px[0]), abs(along_px[1]))) + 1)
    kernel = np.zeros((size, size), np.float32)
    middle = size // 2
    end = (round(middle + along_px[0]), round(middle + along_px[1]))
    cv2.line(kernel, (2 * middle - end[0], 2 * middle - end[1]), end, 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def _fall_off(height: int, width: int, share: float) -> NDArray[np.float32]:
    rows, columns = np.linspace(-1, 1, height, dtype=np.float32), np.linspace(-1, 1, width, dtype=np.float32)
    return np.asarray(1 - np.float32(share / 2) * (rows[:, None] ** 2 + columns**2), np.float32)
