"""The segmentation network: small enough for one core, sharp enough for a liquid's surface.

A U-Net (Ronneberger et al., MICCAI 2015) of plain 3 x 3 convolutions, which one core computes faster than separable
ones. It answers twice: what is in each cell, and, from the whole picture, whether there is a vessel and with what in it.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import Conv2dNormActivation

from vision.state.vessel import Material

ARCHITECTURE = "vessel-unet-1"
INPUT_HEIGHT_PX, INPUT_WIDTH_PX = 240, 320
CELL_PX = 2
"""A cell of the answer is this many pixels of the input high and wide."""
CLASSES = (Material.BACKGROUND, Material.EMPTY, Material.LIQUID, Material.SUSPENSION, Material.SOLID, Material.CAP)
WHOLE = ("none", "empty", "liquid", "solid")
"""What the whole picture may show: no vessel, or a vessel with this in it."""
WIDTHS = (16, 32, 64, 96)


class VesselNet(nn.Module):
    """Maps (N, 3, 240, 320) colours, 0 to 1, to logits (N, 6, 120, 160) of `CLASSES` and (N, 4) of `WHOLE`."""

    def __init__(self) -> None:
        super().__init__()
        ins = (3, *WIDTHS[:-1])
        self.down = nn.ModuleList(_convolution(a, b, stride=2) for a, b in zip(ins, WIDTHS, strict=True))
        self.refine = nn.ModuleList(_convolution(width, width) for width in WIDTHS[1:])
        self.context = _convolution(WIDTHS[-1], WIDTHS[-1], dilation=3)
        self.lateral = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(WIDTHS))
        self.up = nn.ModuleList(_convolution(width, width) for width in WIDTHS[:-1])
        self.classify = nn.Conv2d(WIDTHS[0], len(CLASSES), 1)
        self.judge = nn.Sequential(
            nn.Linear(2 * WIDTHS[-1] + len(CLASSES), 64), nn.ReLU(inplace=True), nn.Linear(64, len(WHOLE))
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Look at pictures; both answers are logits."""
        levels = [self.down[0]((pictures - 0.5) / 0.25)]
        for down, refine in zip(self.down[1:], self.refine, strict=True):
            coarser = down(levels[-1])
            levels.append(coarser + refine(coarser))
        deep = levels[-1] + self.context(levels[-1])
        fine = deep
        for finer, lateral, up in zip(levels[-2::-1], reversed(self.lateral), reversed(self.up), strict=True):
            raised = functional.interpolate(lateral(fine), finer.shape[-2:], mode="bilinear", align_corners=False)
            fine = up(finer + raised)
        cells = self.classify(fine)
        shares = cells.softmax(dim=1).mean(dim=(2, 3))
        whole = torch.cat((deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3)), 10 * shares), dim=1)
        return cells, self.judge(whole)


def _convolution(ins: int, outs: int, stride: int = 1, dilation: int = 1) -> nn.Module:
    block: nn.Module = Conv2dNormActivation(ins, outs, kernel_size=3, stride=stride, dilation=dilation)
    return block
