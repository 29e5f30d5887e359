"""Quick scores while training: enough to see whether it learns; `athanor vision evaluate` gives the real ones."""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.labelled.truth import IGNORE, UNSURE_MATERIAL
from vision.segmentation.runtime import by_torch
from vision.segmentation.seen import Box, Closer, Seen
from vision.segmentation.sight import TrainedSight
from vision.segmentation.store import Networks
from vision.state.vessel import Material
from vision.training.streams import Collected
from vision.training.views import Prepared

MATCH = 0.5
"""Intersection over union from which a box is found."""
Scores = dict[str, float]


def scores_on(networks: Networks, streams: Iterable[Collected], at_most: int = 120) -> dict[str, Scores]:
    """Look at pictures that are not trained on, stream by stream."""
    sight = TrainedSight(by_torch(networks.picture), by_torch(networks.crop), {})
    return {stream.name: _scores(sight, stream, at_most) for stream in streams}


def _scores(sight: TrainedSight, stream: Collected, at_most: int) -> Scores:
    tally = _Tally()
    every = max(1, len(stream.truths) // at_most)
    for truth in stream.truths[::every]:
        prepared = Prepared.of(stream.source.load(truth))
        seen = sight.see(prepared.picture.pixels)
        tally.masks(seen, prepared)
        pairs = _matched(seen.boxes, [box for _, box, _ in prepared.boxes])
        tally.boxes(seen.boxes, pairs, len(prepared.boxes), truth.all_vessels)
        found = [seen.boxes[number] for number in pairs]
        for closer, which in zip(sight.look_closer(prepared.picture.pixels, seen, found), pairs.values(), strict=True):
            tally.states(closer, prepared, which)
    return tally.scores()


class _Tally:
    """Adds up picture after picture."""

    def __init__(self) -> None:
        self._common: dict[str, int] = {}
        self._union: dict[str, int] = {}
        self._hits: list[tuple[float, bool]] = []
        self._known_boxes = 0
        self._errors: list[float] = []
        self._right: dict[str, list[bool]] = {}

    def masks(self, seen: Seen, prepared: Prepared) -> None:
        """Compare masks of cells, at the picture's size, where they are known."""
        vessel, material, _, _ = prepared.masks
        if prepared.picture.vessel is None:
            return
        height, width = material.shape
        chance = _enlarged(seen.vessel, width, height)
        said = chance > 0.5
        self._add("vessel", said, vessel > 0, (material != IGNORE) | (vessel > 0))
        inside = material != IGNORE
        filled = np.isin(material, (2, 3, 4, 5, UNSURE_MATERIAL))
        self._add("filled", said & (_enlarged(seen.filled, width, height) > 0.5), filled, inside)
        kinds = np.stack([_enlarged(plane, width, height) for plane in seen.material]).argmax(axis=0) + 1
        for kind in (Material.LIQUID, Material.SOLID, Material.CAP):
            self._add(
                kind.name.lower(), said & (kinds == kind), material == kind, inside & (material != UNSURE_MATERIAL)
            )

    def boxes(self, boxes: tuple[Box, ...], pairs: dict[int, int], known: int, everything: bool) -> None:
        """Note which boxes were found; where not all are known, the others say nothing."""
        self._known_boxes += known
        self._hits += [
            (box.score, number in pairs) for number, box in enumerate(boxes) if everything or number in pairs
        ]

    def states(self, closer: Closer, prepared: Prepared, which: int) -> None:
        """Compare what is said of a vessel."""
        truth = prepared.boxes[which][0]
        if truth.cap != "unknown":
            self._right.setdefault("cap on" if truth.cap == "on" else "cap off", []).append(
                (closer.cap > 0.5) == (truth.cap == "on")
            )
        if truth.fill_height_fraction is not None:
            self._errors.append(abs(closer.fill_height[0] - truth.fill_height_fraction))
        if truth.n_material_regions is not None:
            self._right.setdefault("layers", []).append(int(closer.layers.argmax()) == min(3, truth.n_material_regions))

    def scores(self) -> Scores:
        """All that could be scored."""
        made = {f"iou_{name}": self._common[name] / max(1, self._union[name]) for name in self._union}
        if self._known_boxes:
            made["box_ap50"] = _average_precision(self._hits, self._known_boxes)
        made |= {f"right_{name}": float(np.mean(right)) for name, right in self._right.items()}
        if self._errors:
            made["fill_error_median"] = float(np.median(self._errors))
        return {name: round(value, 4) for name, value in made.items()}

    def _add(self, name: str, said: NDArray[np.bool_], true: NDArray[np.bool_], known: NDArray[np.bool_]) -> None:
        self._common[name] = self._common.get(name, 0) + int((said & true & known).sum())
        self._union[name] = self._union.get(name, 0) + int(((said | true) & known).sum())


def _enlarged(plane: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _matched(boxes: tuple[Box, ...], known: list[tuple[float, float, float, float]]) -> dict[int, int]:
    """By number of a box, best first, the number of the known one that it finds."""
    pairs: dict[int, int] = {}
    for number, box in enumerate(boxes):
        overlaps = [0.0 if which in pairs.values() else _overlap(box.px, other) for which, other in enumerate(known)]
        if overlaps and max(overlaps) >= MATCH:
            pairs[number] = int(np.argmax(overlaps))
    return pairs


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    common = max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common
    return common / union if union > 0 else 0.0


def _average_precision(hits: list[tuple[float, bool]], known: int) -> float:
    """Area under precision over recall, precision made falling."""
    right = np.array([hit for _, hit in sorted(hits, key=lambda hit: -hit[0])], np.float64)
    if not right.size:
        return 0.0
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float((precision * right).sum() / known)
