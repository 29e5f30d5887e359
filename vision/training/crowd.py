"""Several processes that learn together, as torchrun starts them; most often there is one."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import torch
from torch import distributed, nn

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Crowd:
    """Which of how many this process is, and where it computes."""

    rank: int = 0
    size: int = 1
    device: torch.device = CPU

    @classmethod
    def join(cls) -> Self:
        """Take the place that torchrun has given this process; a GPU of its own where there are any."""
        rank, size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
        device = CPU
        if torch.cuda.is_available():
            device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        if size > 1 and not distributed.is_initialized():
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
        return cls(rank, size, device)

    @property
    def leads(self) -> bool:
        """Is this the one that writes files?"""
        return self.rank == 0

    def share(self, parameters: Iterable[nn.Parameter]) -> None:
        """Give all the same gradients: the mean of everybody's."""
        if self.size == 1:
            return
        for parameter in parameters:
            if parameter.grad is not None:
                distributed.all_reduce(parameter.grad)
                parameter.grad /= self.size

    def agree(self, over: bool) -> bool:
        """What the first one says: clocks differ."""
        if self.size == 1:
            return over
        said = torch.tensor([over], dtype=torch.uint8, device=self.device)
        distributed.broadcast(said, 0)
        return bool(said.item())
