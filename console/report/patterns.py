"""What diffraction saw: the patterns of all samples above each other, each with the phases found in it."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from numpy.typing import NDArray

from console.report.story import Story
from console.report.svg import ACCENT, INK, draw
from planning.journal import Event
from planning.journal.evidence import path_of

POINTS = 800
"""Of a drawn pattern; each is the highest count around it, so that no line is lost."""
LEAST_FRACTION = 0.02
"""Smaller shares are not named."""
HEIGHT_IN, WIDTH_IN = 0.42, 9.0


@dataclass(frozen=True, eq=False)
class Scan:
    """One pattern: (N,) angles and counts, and what was found."""

    sample: str
    two_theta_deg: NDArray[np.float64]
    counts: NDArray[np.float64]
    found: str


def patterns(story: Story) -> tuple[Markup, str] | None:
    """The figure and its caption; None where no powder was looked at, or no pattern is left."""
    scans = list(filter(None, (_scan(story, event) for event in story.said("diffracted"))))
    if not scans:
        return None

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        for floor, scan in enumerate(reversed(scans)):
            height = np.sqrt(scan.counts)
            axes.plot(scan.two_theta_deg, floor + 0.9 * height / max(height.max(), 1.0), color=ACCENT, linewidth=0.6)
            axes.text(1.01, floor + 0.1, scan.found, transform=axes.get_yaxis_transform(), fontsize=8, color=INK)
        axes.set_yticks([floor + 0.1 for floor in range(len(scans))], [scan.sample for scan in reversed(scans)])
        axes.set_xlabel("2θ, degrees (Cu Kα)")
        axes.set_ylim(-0.05, len(scans))
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)

    figure = draw("patterns", WIDTH_IN, 0.8 + HEIGHT_IN * len(scans), paint)
    return figure, "Square root of the counts, each pattern to its own height; on the right, mass fractions by the fit."


def _scan(story: Story, event: Event) -> Scan | None:
    path = story.folder / path_of(event.data["pattern"])
    if not path.exists():
        return None
    angle_deg, counts = np.loadtxt(path, ndmin=2, unpack=True)
    parts = np.array_split(np.arange(len(counts)), min(POINTS, len(counts)))
    highest = [part[counts[part].argmax()] for part in parts]
    shares = sorted(event.data["fractions"].items(), key=lambda item: -item[1])
    found = ", ".join(f"{phase} {share:.0%}" for phase, share in shares if share >= LEAST_FRACTION)
    doubts = f" ({'; '.join(event.data['doubts'])})" if event.data["doubts"] else ""
    return Scan(event.sample, angle_deg[highest], counts[highest], (found or "nothing known") + doubts)
