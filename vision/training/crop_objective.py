"""What training minimises: the second network's masks and states."""

import torch
from torch import Tensor
from torch.nn import functional

from vision.segmentation import closer as planes_of
from vision.segmentation.closer import FILL_BINS, fills, parts
from vision.training.objective import Truth, known_mean, material_loss, overlap_loss, rare_loss

CROP_WEIGHTS = {"crop_vessel": 0.7, "crop_overlap": 0.5, "crop_material": 0.7, "crop_interface": 0.5, "cap": 0.5,
                "content": 0.4, "layers": 0.4, "tipped": 0.3, "turbidity": 0.2, "fill": 0.4, "kind": 0.2}  # fmt: skip
BLUR_BINS = 0.8
"""Standard deviation of a known fill height in bins: neighbours are nearly right."""


def crop_losses(masks: Tensor, states: Tensor, truth: Truth) -> dict[str, Tensor]:
    """Losses by name, each a number; masks (N, 8, 80, 64), states (N, 47), truth is a batch of crops' lessons."""
    vessel, shares = masks[:, planes_of.CROP_VESSEL][:, 0], truth["crop_material"]
    known, said = truth["crop_vessel_known"], parts(states)
    interface = masks[:, planes_of.CROP_INTERFACE][:, 0]
    made = {
        "crop_vessel": known_mean(
            functional.binary_cross_entropy_with_logits(vessel, truth["crop_vessel"], reduction="none"), known
        ),
        "crop_overlap": overlap_loss(vessel, truth["crop_vessel"], known),
        "crop_material": material_loss(masks[:, planes_of.CROP_MATERIAL], shares[:, :-1], shares[:, -1]),
        "crop_interface": rare_loss(interface, truth["crop_interface"], truth["crop_interface_known"]),
        "fill": fill_loss(said["fill"], truth["fill"]),
    }
    for name in ("cap", "tipped", "turbidity"):
        made[name] = share_loss(said[name][:, 0], truth[name])
    for name in ("content", "layers", "kind"):
        made[name] = class_loss(said[name], truth[name])
    return made


def crop_total(losses: dict[str, Tensor]) -> Tensor:
    """All losses by their weights."""
    return torch.stack([CROP_WEIGHTS[name] * value for name, value in losses.items()]).sum()


def share_loss(logits: Tensor, shares: Tensor) -> Tensor:
    """Cross entropy of chances (N,); what is negative is unknown."""
    surprise = functional.binary_cross_entropy_with_logits(logits, shares.clamp(min=0), reduction="none")
    return known_mean(surprise, (shares >= 0).to(logits.dtype))


def class_loss(logits: Tensor, classes: Tensor) -> Tensor:
    """Cross entropy of classes (N,); what is negative is unknown."""
    surprise = functional.cross_entropy(logits, classes.clamp(min=0).long(), reduction="none", label_smoothing=0.02)
    return known_mean(surprise, (classes >= 0).to(logits.dtype))


def fill_loss(logits: Tensor, fractions: Tensor) -> Tensor:
    """Cross entropy of fill heights spread over neighbouring bins; what is negative is unknown."""
    away = (fractions[:, None] - fills().to(logits.device)) * (FILL_BINS - 1) / BLUR_BINS
    spread = (-(away**2) / 2).softmax(dim=1)
    surprise = -(spread * functional.log_softmax(logits, dim=1)).sum(dim=1)
    return known_mean(surprise, (fractions >= 0).to(logits.dtype))
