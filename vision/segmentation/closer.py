"""The second network: a closer look at each vessel."""

import torch
from torch import Tensor, nn

from vision.segmentation.blocks import Decoder, Encoder, convolution
from vision.segmentation.seen import CONTENTS, KINDS, LAYERS, MATERIALS

CROP_HEIGHT_PX, CROP_WIDTH_PX = 160, 128
CROP_CELL_PX = 2
"""A cell of the masks is this many pixels of the crop high and wide."""
FILL_BINS = 25
"""Chances of fill heights 0, 1/24, ... 1."""
CROP_VESSEL, CROP_MATERIAL, CROP_INTERFACE = slice(0, 1), slice(1, 1 + len(MATERIALS)), slice(7, 8)
CROP_PLANES = 8
PARTS = {"cap": 1, "content": len(CONTENTS), "layers": LAYERS, "tipped": 1, "turbidity": 1, "fill": FILL_BINS,
         "kind": len(KINDS)}  # fmt: skip
"""What is said of the whole crop, and in how many logits."""
WIDTHS, DEPTHS, FINE = (24, 32, 64, 96, 144), (1, 1, 2, 2), 32
ROWS = 5
"""Of features that the state is read from: what is high and low in a vessel matters."""
NARROW = 48


class CropNet(nn.Module):
    """Maps (N, 4, 160, 128) colours and the vessel's mask, 0 to 1, to masks (N, 8, 80, 64) and states (N, 47).

    Both are logits; the states are those of `PARTS`, one after the other.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(4, WIDTHS, DEPTHS)
        self.decoder = Decoder(WIDTHS, FINE)
        self.masks = nn.Sequential(convolution(FINE, FINE), nn.Conv2d(FINE, CROP_PLANES, 1))
        self.narrow = convolution(WIDTHS[-2] + WIDTHS[-1], NARROW, side=1)
        self.state = nn.Sequential(
            nn.Linear(2 * NARROW * 2 * ROWS, 192),
            nn.ReLU(inplace=True),
            nn.Linear(192, sum(PARTS.values())),
        )

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Look at crops."""
        features = self.encoder((crops - 0.5) / 0.25)
        deepest = nn.functional.interpolate(features[-1], scale_factor=2.0, mode="nearest")
        deep = self.narrow(torch.cat((features[-2], deepest), dim=1))  # (N, 48, 10, 8)
        rows = torch.cat((deep.mean(dim=3), deep.amax(dim=3)), dim=1)  # (N, 96, 10)
        return self.masks(self.decoder(features)), self.state(rows.flatten(1))


def parts(states: Tensor) -> dict[str, Tensor]:
    """States (N, 47) by name, each (N, its number of logits)."""
    return dict(zip(PARTS, torch.split(states, list(PARTS.values()), dim=1), strict=True))


def fills() -> Tensor:
    """(25,) fill heights of the bins."""
    return torch.linspace(0, 1, FILL_BINS)
