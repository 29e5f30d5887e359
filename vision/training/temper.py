"""Temperatures: how sure each head may be, so that what it calls likely comes as often as it says."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from torch import Tensor

from vision.segmentation import network as planes_of
from vision.segmentation.closer import PARTS
from vision.segmentation.store import Networks
from vision.training.crop_objective import class_loss, fill_loss, share_loss
from vision.training.objective import Truth, losses

OF_PLANES = {"vessel": planes_of.VESSEL, "material": planes_of.MATERIAL, "filled": planes_of.FILLED}
LEAST_KNOWN = 20
"""Truths of a state that tell anything about chances."""


def temperatures(networks: Networks, lessons: Iterable[dict[str, Tensor]]) -> dict[str, float]:
    """Fit temperatures on lessons that were not trained on (Guo et al., ICML 2017); what they cannot tell stays at 1."""
    planes, states, truth = _answers(networks, lessons)
    found = {name: _best(_of_planes(planes, part, truth, name)) for name, part in OF_PLANES.items()}
    logits = dict(zip(PARTS, torch.split(states, list(PARTS.values()), dim=1), strict=True))
    for name, said in logits.items():
        if int((truth[name] >= 0).sum()) >= LEAST_KNOWN:
            found[name] = _best(_of_states(said, truth[name], name))
    return found


def _answers(networks: Networks, lessons: Iterable[dict[str, Tensor]]) -> tuple[Tensor, Tensor, Truth]:
    planes, states, told = list[Tensor](), list[Tensor](), list[dict[str, Tensor]]()
    with torch.inference_mode():
        for lesson in lessons:
            planes.append(networks.picture(lesson["view"].permute(0, 3, 1, 2).float() / 255))
            states.append(networks.crop(lesson["crop"].flatten(0, 1).permute(0, 3, 1, 2).float() / 255)[1])
            told.append({
                name: (value.flatten() if name in PARTS else value).float()
                for name, value in lesson.items() if name not in {"view", "crop"} and not name.startswith("crop_")
            })  # fmt: skip
    return torch.cat(planes), torch.cat(states), {name: torch.cat([each[name] for each in told]) for name in told[0]}


def _of_planes(planes: Tensor, part: slice, truth: Truth, name: str) -> Callable[[float], float]:
    def surprise(temperature: float) -> float:
        cooled = planes.clone()
        cooled[:, part] /= temperature
        return losses(cooled, truth)[name].item()

    return surprise


def _of_states(logits: Tensor, truth: Tensor, name: str) -> Callable[[float], float]:
    def surprise(temperature: float) -> float:
        cooled = logits / temperature
        if name == "fill":
            return fill_loss(cooled, truth).item()
        return (share_loss(cooled[:, 0], truth) if PARTS[name] == 1 else class_loss(cooled, truth)).item()

    return surprise


def _best(surprise: Callable[[float], float]) -> float:
    found = minimize_scalar(lambda log: surprise(float(np.exp(log))), bounds=(-1.2, 2.0), method="bounded",
                            options={"maxiter": 12})  # fmt: skip
    return round(float(np.exp(found.x)), 4)
