"""What is around vessels: a table, light, and what was spilled, of any colour."""

import numpy as np

from hardware_sim.render import furniture
from hardware_sim.render.filling import any_hue, grey
from hardware_sim.render.still_life import Light, Pattern, Spill, Table

Rng = np.random.Generator


def random_table(rng: Rng, *, present: bool) -> Table:
    """Draw a table's top: mostly plain, often nearly white."""
    patterns: tuple[Pattern, ...] = (
        "blank",
        "blank",
        "blank",
        "blank",
        "blank",
        "brushed",
        "brushed",
        "grid",
        "holes",
        "text",
    )
    colour = furniture.paint(rng) if rng.random() < 0.35 else grey(rng, 0.6, 0.97)
    gloss = float(rng.beta(1, 2.5))
    return Table(colour, patterns[rng.integers(len(patterns))], float(rng.uniform(60, 700)), gloss, present)


def random_light(rng: Rng) -> Light:
    """Draw light from anywhere above."""
    warm = rng.normal(0, 0.05)
    return Light((1 + warm, 1 + rng.normal(0, 0.02), 1 - warm), float(rng.normal(1.05, 0.18)), float(rng.uniform(-1, 1)),
                 float(rng.uniform(0.1, 1.0)), float(rng.uniform(0, 1)))  # fmt: skip


def random_spill(rng: Rng, at: tuple[float, float], z: float, within: tuple[float, float] = (1e3, 1e3)) -> Spill:
    """Draw a puddle with lobes and drops around it, of any colour."""
    outlines, size = [], float(np.exp(rng.uniform(np.log(4), np.log(55))))
    for part in range(1 + rng.poisson(2.0)):
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        radius = np.full(40, size if part == 0 else size * rng.uniform(0.06, 0.5))
        for wave in range(2, 6):
            radius = radius * (1 + rng.normal(0, 0.22 / wave) * np.cos(wave * turn + rng.uniform(0, 6)))
        x, y = np.array(at) + (0 if part == 0 else rng.normal(0, size * 1.3, 2))
        stretch = rng.uniform(0.6, 1.6)
        line = np.stack((x + radius * np.cos(turn) * stretch, y + radius * np.sin(turn)), axis=1)
        line = np.clip(line, (-within[0], -within[1]), within)
        outlines.append(tuple((float(px), float(py)) for px, py in line))
    clear = rng.random() < 0.15
    colour = grey(rng, 0.9, 0.97) if clear else any_hue(rng, (0.3, 1.0), (0.1, 0.95))
    return Spill(tuple(outlines), z, colour, float(rng.uniform(0.0, 0.3) if clear else rng.uniform(0.2, 1.0)))
