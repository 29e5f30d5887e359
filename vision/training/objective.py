"""What training minimises: for each answer of the first network, how far it is from the truth where that is known."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from vision.segmentation import network as planes_of
from vision.segmentation.decode import LONGEST

WEIGHTS = {"vessel": 1.0, "overlap": 0.5, "material": 0.6, "filled": 0.4, "interface": 0.4, "spill": 0.5, "centre": 1.0,
           "sides": 1.0, "to_centre": 0.2, "outlines": 0.5}  # fmt: skip
FILLED = slice(1, 5)
"""Of `MATERIALS`: liquid to foam."""
Truth = Mapping[str, Tensor]


def losses(planes: Tensor, truth: Truth) -> dict[str, Tensor]:
    """Losses by name, each a number; planes are (N, 17, h, w), truth is a batch of `targets`."""
    vessel, material = planes[:, planes_of.VESSEL][:, 0], planes[:, planes_of.MATERIAL]
    shares = truth["material"]
    sure, unsure = shares[:, :-1], shares[:, -1]
    filled = sure[:, FILLED].sum(dim=1) + unsure
    return {
        "vessel": known_mean(_surprise(vessel, truth["vessel"]), truth["vessel_known"]),
        "overlap": overlap_loss(vessel, truth["vessel"], truth["vessel_known"]),
        "material": material_loss(material, sure, unsure),
        "filled": known_mean(
            _surprise(planes[:, planes_of.FILLED][:, 0], filled / (sure.sum(dim=1) + unsure).clamp(min=1e-3)),
            sure.sum(dim=1) + unsure,
        ),
        "interface": rare_loss(planes[:, planes_of.INTERFACE][:, 0], truth["interface"], truth["interface_known"]),
        "spill": rare_loss(planes[:, planes_of.SPILL][:, 0], truth["spill"], truth["spill_known"]),
        "centre": peak_loss(planes[:, planes_of.CENTRE][:, 0], truth["centre"], truth["centre_known"]),
        "sides": sides_loss(planes[:, planes_of.SIDES], truth["sides"], truth["sides_weight"]),
        "to_centre": known_mean(
            functional.smooth_l1_loss(planes[:, planes_of.TO_CENTRE], truth["to_centre"], reduction="none").mean(dim=1),
            truth["to_centre_weight"],
        ),
        "outlines": outline_loss(vessel.sigmoid(), truth["outlines"]),
    }


def total(parts: Mapping[str, Tensor]) -> Tensor:
    """All losses by their weights."""
    return torch.stack([WEIGHTS[name] * value for name, value in parts.items()]).sum()


def known_mean(values: Tensor, weight: Tensor) -> Tensor:
    """Mean of values where they are known; nothing, where nothing is."""
    return (values * weight).sum() / weight.sum().clamp(min=1.0)


def overlap_loss(logits: Tensor, shares: Tensor, known: Tensor) -> Tensor:
    """One minus the intersection over the union of soft masks (N, h, w), over the batch."""
    chance = logits.sigmoid()
    common = (chance * shares * known).sum()
    union = ((chance + shares - chance * shares) * known).sum()
    return 1 - (common + 1) / (union + 1)


def material_loss(logits: Tensor, sure: Tensor, unsure: Tensor) -> Tensor:
    """Cross entropy of materials; of what is filled with nobody knows what, that it is filled."""
    log_chance = functional.log_softmax(logits, dim=1)
    surprise = -(sure * log_chance).sum(dim=1) - unsure * torch.logsumexp(log_chance[:, FILLED], dim=1)
    return surprise.sum() / (sure.sum() + unsure.sum()).clamp(min=1.0)


def rare_loss(logits: Tensor, shares: Tensor, known: Tensor) -> Tensor:
    """Cross entropy and overlap of what is true of few cells; what is true counts more."""
    weight = known * (1 + 4 * shares)
    return known_mean(_surprise(logits, shares), weight) + 0.2 * overlap_loss(logits, shares, known)


def peak_loss(logits: Tensor, heat: Tensor, known: Tensor) -> Tensor:
    """Focal loss of a heat map (Zhou et al., Objects as points, 2019), per peak."""
    chance = logits.sigmoid().clamp(1e-4, 1 - 1e-4)
    peak = (heat > 0.99).to(logits.dtype)
    right = -((1 - chance) ** 2) * chance.log() * peak
    wrong = -((1 - heat) ** 4) * chance**2 * (1 - chance).log() * (1 - peak)
    return ((right + wrong) * known).sum() / (peak * known).sum().clamp(min=1.0)


def sides_loss(logs: Tensor, sides: Tensor, weight: Tensor) -> Tensor:
    """One minus the generalised intersection over union of boxes (Rezatofighi et al., CVPR 2019), and their sides' error."""
    said = logs.clamp(max=LONGEST).exp()
    known = sides.clamp(min=0.3)
    low, high = torch.minimum(said, known), torch.maximum(said, known)
    common = (low[:, 0] + low[:, 2]) * (low[:, 1] + low[:, 3])
    around = (high[:, 0] + high[:, 2]) * (high[:, 1] + high[:, 3])
    areas = [(box[:, 0] + box[:, 2]) * (box[:, 1] + box[:, 3]) for box in (said, known)]
    union = areas[0] + areas[1] - common
    giou = common / union - (around - union) / around
    error = functional.smooth_l1_loss(logs.clamp(max=LONGEST), known.log(), reduction="none").mean(dim=1)
    return known_mean(1 - giou + error, weight)


def outline_loss(chance: Tensor, outlines: Tensor, visible: float = 0.4) -> Tensor:
    """How far masks are from touching the sides of boxes without masks (Tian et al., BoxInst, CVPR 2021).

    Every column of a box must hold some vessel, and every row of its upper part: the rest may be hidden by a rack.

    Args:
        chance: (N, h, w) of a vessel.
        outlines: (N, K, 4) left, top, right, bottom in cells; negative: none.
        visible: share of the rows that must show.
    """
    missing, count = chance.sum() * 0.0, 0
    for plane, boxes in zip(chance, outlines.tolist(), strict=True):
        for left, top, right, bottom in boxes:
            rows = slice(max(0, round(top)), max(1, round(bottom)))
            columns = slice(max(0, round(left)), max(1, round(right)))
            inside = plane[rows, columns]
            if left < 0 or inside.numel() == 0:
                continue
            upper = max(1, round(visible * inside.shape[0]))
            across, along = inside.amax(dim=0), inside[:upper].amax(dim=1)
            missing = missing + _dice(across) + _dice(along)
            count += 1
    return missing / max(count, 1)


def _dice(shadow: Tensor) -> Tensor:
    """How far the shadow of a mask (n,) is from being full; 0 when it is."""
    return 1 - (2 * shadow.sum() + 1e-4) / ((shadow * shadow).sum() + shadow.numel() + 1e-4)


def _surprise(logits: Tensor, shares: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, shares, reduction="none")
