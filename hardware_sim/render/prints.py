"""Small flat pictures that are put on faces and labels: words, codes, displays, grids, holes, brushed metal."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.scene import Rgb

Picture = NDArray[np.uint8]
SIDE_PX = 96
_WORDS = (
    "NaCl",
    "0.1 M",
    "sample",
    "EtOH",
    "MW 180",
    "lot 7731",
    "CAUTION",
    "A-12",
    "pH 7",
    "25 ml",
    "acetone",
    "Si 300",
)


def print_of(pattern: str, ground: Rgb, ink: Rgb, seed: int) -> Picture:
    """Draw one print, (SIDE_PX, SIDE_PX, 3), to be stretched over whatever bears it."""
    rng = np.random.default_rng((seed, 11))
    paper = np.empty((SIDE_PX, SIDE_PX, 3), np.uint8)
    paper[:] = np.array(ground) * 255
    dark = (np.array(ink) * 255).tolist()
    match pattern:
        case "text":
            _words(rng, paper, dark)
        case "code":
            cells = rng.integers(0, 2, (rng.integers(6, 12),) * 2).astype(np.uint8) * 235 + 10
            paper[12:-12, 12:-12] = cv2.resize(cells, (SIDE_PX - 24,) * 2, interpolation=cv2.INTER_NEAREST)[..., None]
        case "screen":
            _screen(rng, paper)
        case "grid":
            for at in range(0, SIDE_PX, int(rng.integers(12, 33))):
                cv2.line(paper, (at, 0), (at, SIDE_PX), dark, 1)
                cv2.line(paper, (0, at), (SIDE_PX, at), dark, 1)
        case "holes":
            pitch, spread = int(rng.integers(12, 49)), rng.uniform(0.06, 0.36)
            for row in range(pitch // 2, SIDE_PX, pitch):
                for column in range(pitch // 2, SIDE_PX, pitch):
                    cv2.circle(paper, (column, row), max(1, int(pitch * spread)), dark, -1, cv2.LINE_AA)
        case "brushed":
            streaks = rng.normal(1, 0.05, (SIDE_PX, 1, 1)) * rng.normal(1, 0.02, (SIDE_PX, SIDE_PX, 1))
            for at in rng.integers(0, SIDE_PX, 3):
                streaks[at : at + 4] *= 0.7
            paper = np.clip(paper * streaks, 0, 255).astype(np.uint8)
    return paper


def _words(rng: np.random.Generator, paper: Picture, dark: list[float]) -> None:
    size = rng.uniform(0.35, 0.9)
    for row in range(18, SIDE_PX, int(30 * size) + 6):
        if rng.random() < 0.75:
            cv2.putText(paper, _WORDS[rng.integers(len(_WORDS))], (int(rng.integers(2, 20)), row), int(rng.integers(0, 5)),
                        size, dark, int(rng.integers(1, 3)), cv2.LINE_AA)  # fmt: skip
        else:
            cv2.rectangle(paper, (4, row - 8), (int(rng.uniform(30, 92)), row - 4), dark, -1)
    if rng.random() < 0.4:
        band = (rng.uniform(0, 1, 3) * 255).tolist()
        cv2.rectangle(
            paper, (0, 0), (SIDE_PX if rng.random() < 0.5 else 20, 12 if rng.random() < 0.5 else SIDE_PX), band, -1
        )


def _screen(rng: np.random.Generator, paper: Picture) -> None:
    left, top, right, bottom = (int(v) for v in rng.uniform((5, 15, 45, 45), (25, 35, 70, 80)))
    cv2.rectangle(paper, (left, top), (right, bottom), rng.uniform(5, 70, 3).tolist(), -1)
    glow = (rng.uniform(0, 1, 3) * 255).tolist()
    cv2.putText(paper, f"{rng.uniform(0, 300):.1f}", (left + 3, bottom - 6), 0, 0.5, glow, 1, cv2.LINE_AA)
    for row in range(20, 80, 16):
        for column in range(75, 92, 9):
            cv2.rectangle(paper, (column, row), (column + 6, row + 9), rng.uniform(40, 240, 3).tolist(), -1)
