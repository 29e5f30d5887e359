"""The first network: from a whole picture to what is in each cell, and where vessels stand."""

from math import log

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.segmentation import lraspp_mobilenet_v3_large

from vision.segmentation.blocks import Decoder, Encoder, convolution
from vision.segmentation.seen import MATERIALS

CELL_PX = 4
"""A cell of the answer is this many pixels of the input high and wide."""
VESSEL, MATERIAL, FILLED, INTERFACE, SPILL = slice(0, 1), slice(1, 7), slice(7, 8), slice(8, 9), slice(9, 10)
CENTRE, SIDES, TO_CENTRE = slice(10, 11), slice(11, 15), slice(15, 17)
PLANES = 17
"""Logits, but for `SIDES` (logarithms of cells left, up, right, down to the box's sides) and `TO_CENTRE` (cells)."""
WIDTHS, DEPTHS, FINE = (24, 40, 80, 160, 224), (1, 2, 2, 2), 48
HEAD = 64
RARE = -log(99)
"""Logit of what is seldom true: where training starts, so that its first steps are calm (Lin et al., RetinaNet)."""


class PictureNet(nn.Module):
    """Maps (N, 3, H, W) colours, 0 to 1, H and W multiples of 32, to (N, 17, H / 4, W / 4) `PLANES`."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(3, WIDTHS, DEPTHS)
        self.decoder = Decoder(WIDTHS[1:], FINE)
        last = nn.Conv2d(HEAD, PLANES, 1)
        self.head = nn.Sequential(convolution(FINE, HEAD), last)
        _expect_little(last.bias)

    def forward(self, colours: Tensor) -> Tensor:
        """Look at pictures."""
        planes: Tensor = self.head(self.decoder(self.encoder((colours - 0.5) / 0.25)[1:]))
        return planes


class LrAspp(nn.Module):
    """The baseline: LR-ASPP on MobileNetV3-Large (Howard et al., ICCV 2019), asked the same."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=PLANES)

    def forward(self, colours: Tensor) -> Tensor:
        """Look at pictures."""
        planes = self.inner.classifier(self.inner.backbone((colours - 0.5) / 0.25))
        return functional.interpolate(planes, scale_factor=2.0, mode="bilinear", align_corners=False)


ARCHITECTURES: dict[str, type[nn.Module]] = {"plain-fpn-2": PictureNet, "lr-aspp": LrAspp}
assert MATERIAL.stop - MATERIAL.start == len(MATERIALS)


def _expect_little(bias: Tensor | None) -> None:
    """Set the biases of planes that are true of few cells, and of boxes of some sixteen cells."""
    assert bias is not None
    with torch.no_grad():
        for rare in (INTERFACE, SPILL, CENTRE):
            bias[rare] = RARE
        bias[SIDES] = log(8)
