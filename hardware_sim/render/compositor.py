"""Pictures of a scene through a camera, with exact masks, fast enough to be the live camera of a simulated bench."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.backdrop import backdrop, lens_light
from hardware_sim.render.photographing import noise_of_byte
from hardware_sim.render.plate import draw_plate
from hardware_sim.render.scene import PlateScene, Scene, VialScene
from hardware_sim.render.vial import draw_vial
from hardware_sim.render.view import HEIGHT_PX, WIDTH_PX, View


def render(scene: Scene, rng: np.random.Generator, *, view: View) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Take one picture. `rng` decides where exactly the arm put things, and the camera's noise.

    Returns:
        (480, 640, 3) RGB, and (480, 640) class indices: 0 background, 1 bare vessel or plate, 2 liquid,
        3 suspension, 4 solid (a dry film), 6 cap. What hides behind something is background.
    """
    picture = backdrop(view).copy()
    mask = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    light = lens_light(view)
    match scene:
        case VialScene():
            draw_vial(picture, mask, scene, view, light, rng)
        case PlateScene():
            draw_plate(picture, mask, scene, view, light, rng)
    _put_in_front(picture, mask, view)
    return _expose(picture, view, rng), mask


def _put_in_front(picture: NDArray[np.uint8], mask: NDArray[np.uint8], view: View) -> None:
    """Hide part of the picture behind bars, as a gripper or a cable would."""
    rng = np.random.default_rng((view.seed, 8))
    for _ in range(view.occluders):
        near = rng.normal((view.centre_px[0], HEIGHT_PX / 2), (60, 110))
        far = near + rng.normal(0, 250, 2)
        start, end = near.astype(int).tolist(), far.astype(int).tolist()
        thick, colour = int(rng.uniform(6, 40)), (rng.uniform(10, 230) * np.ones(3) + rng.normal(0, 20, 3)).tolist()
        cv2.line(picture, start, end, colour, thick)
        cv2.line(mask, start, end, 0, thick)


def _expose(picture: NDArray[np.uint8], view: View, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Blur, flicker and noise: no two pictures are the same."""
    blurred = cv2.GaussianBlur(picture, (0, 0), view.blur_px)
    dice = np.frombuffer(rng.bytes(picture.size), np.uint8).reshape(picture.shape)
    noise = cv2.LUT(dice, noise_of_byte(view.noise_std))
    noisy = cv2.addWeighted(blurred, rng.normal(1, 0.004), noise, 1.0, -128.0)
    return np.asarray(noisy, np.uint8)


__all__ = ["PlateScene", "Scene", "VialScene", "View", "render"]
