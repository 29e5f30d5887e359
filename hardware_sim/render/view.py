"""A camera and what surrounds its subject: everything in a picture that the scene does not decide."""

from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np

from hardware_sim.render.scene import Rgb

HEIGHT_PX, WIDTH_PX = 480, 640
Style = Literal["booth", "gradient", "shelves", "texture", "rack"]


@dataclass(frozen=True)
class View:
    """One camera's view. Hashable: what never changes before it is drawn once and kept."""

    seed: int
    """Decides what nobody chose: backdrop, shape of a neck, colour of a cap, outline of a film."""
    style: Style
    zoom: float
    """Scale over the usual scale for a kind of labware."""
    centre_px: tuple[float, float]
    """Column of the labware's axis; row of a vial's foot or of a plate's middle."""
    turn_deg: float
    """How a plate lies."""
    camera_height_mm: float
    """Of a side camera, over the vial's foot."""
    distance_mm: float
    light_rgb: Rgb
    brightness: float
    light_from: float
    """-1 left to 1 right."""
    gloss: float
    noise_std: float
    """Of a camera's pixel, in steps of 1/255."""
    blur_px: float
    vignette: float
    """Share of light lost in the corners."""
    clutter: int
    """Things that stand behind."""
    occluders: int
    """Things that stand in front."""
    jitter_mm: float
    """Standard deviation of where the arm puts the labware."""

    @classmethod
    def fixed(cls, seed: int) -> Self:
        """The unchanging view of one bench camera: steady mount, even light, a calm backdrop, nothing in the way."""
        rng = np.random.default_rng((seed, 1))
        calm: tuple[Style, ...] = ("booth", "booth", "gradient", "texture", "shelves")
        return cls(
            seed=seed,
            style=calm[rng.integers(len(calm))],
            zoom=rng.uniform(0.92, 1.12),
            centre_px=(rng.uniform(270, 370), rng.uniform(0.86, 0.92) * HEIGHT_PX),
            turn_deg=rng.uniform(-6, 6),
            camera_height_mm=rng.uniform(20, 55),
            distance_mm=rng.uniform(180, 350),
            light_rgb=_tint(rng, 0.05),
            brightness=rng.uniform(0.75, 1.1),
            light_from=rng.uniform(-1, 1),
            gloss=rng.uniform(0.3, 0.8),
            noise_std=rng.uniform(1.5, 4.0),
            blur_px=rng.uniform(0.5, 1.0),
            vignette=rng.uniform(0.05, 0.25),
            clutter=int(rng.integers(0, 3)),
            occluders=0,
            jitter_mm=0.3,
        )

    @classmethod
    def random(cls, rng: np.random.Generator) -> Self:
        """Any view a network should cope with: wider in every respect, and sometimes something is in front."""
        styles: tuple[Style, ...] = get_args(Style)
        return cls(
            seed=int(rng.integers(2**31)),
            style=styles[rng.integers(len(styles))],
            zoom=rng.uniform(0.6, 1.2),
            centre_px=(rng.uniform(180, 460), rng.uniform(0.76, 0.94) * HEIGHT_PX),
            turn_deg=rng.uniform(-30, 30),
            camera_height_mm=rng.uniform(0, 80),
            distance_mm=rng.uniform(150, 450),
            light_rgb=_tint(rng, 0.15),
            brightness=rng.uniform(0.45, 1.3),
            light_from=rng.uniform(-1, 1),
            gloss=rng.uniform(0.1, 1.0),
            noise_std=rng.uniform(0.5, 7.0),
            blur_px=rng.uniform(0.4, 1.6),
            vignette=rng.uniform(0.0, 0.4),
            clutter=int(rng.integers(0, 9)),
            occluders=int(rng.choice(3, p=(0.8, 0.15, 0.05))),
            jitter_mm=0.5,
        )


def _tint(rng: np.random.Generator, by: float) -> Rgb:
    red, green, blue = 1 + rng.uniform(-by, by, 3)
    return red, green, blue
