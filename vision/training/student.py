"""All that training changes; it can be put on disk and taken up again to the very same weights. No pickle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from vision.errors import RunDiffers
from vision.segmentation.store import Networks

Tensors = dict[str, Tensor]
WEIGHT_DECAY = 0.02
SLOWNESS = 0.9995
"""Of the mean of weights over steps, which is what is kept in the end."""
NORM_MOMENTUM = 0.05
MEMORY = ("step", "exp_avg", "exp_avg_sq")
"""What the optimiser remembers of each parameter."""
COUNTERS = ("step", "rest_from", "rest_steps")


@dataclass
class Student:
    """Networks in training, their optimiser, and the running mean of their weights."""

    networks: Networks
    optimiser: torch.optim.AdamW
    mean: Tensors
    step: int = 0
    elapsed_s: float = 0.0
    rest_from: int = 0
    """The step at which the rate began to fade out,"""
    rest_steps: int = 0
    """and how long it does; 0 before."""

    @property
    def resting(self) -> bool:
        """Has the rest begun?"""
        return self.rest_steps > 0

    @property
    def rested(self) -> float:
        """Share of the rest that is over."""
        return (self.step - self.rest_from) / self.rest_steps if self.rest_steps else 0.0

    def rest(self, steps: int) -> None:
        """Begin the rest."""
        self.rest_from, self.rest_steps = self.step, steps

    @classmethod
    def of(cls, networks: Networks, device: torch.device) -> Self:
        """Start from networks as they are."""
        for network in networks.items().values():
            network.to(device).to(memory_format=torch.channels_last).train()
            for part in network.modules():
                if isinstance(part, nn.BatchNorm2d):
                    part.momentum = NORM_MOMENTUM
        optimiser = torch.optim.AdamW(parameters_of(networks), lr=0.0, weight_decay=WEIGHT_DECAY, fused=True)
        return cls(networks, optimiser, {name: value.detach().clone() for name, value in _floats(networks).items()})

    def freeze_norms(self) -> None:
        """From now on pictures are normed by what was seen so far, as they will be at work."""
        for network in self.networks.items().values():
            for part in network.modules():
                if isinstance(part, nn.BatchNorm2d):
                    part.eval()

    def take_step(self, rate: float, most: float = 5.0) -> None:
        """Move the weights against their gradients, and the mean after them."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        nn.utils.clip_grad_norm_(parameters_of(self.networks), most)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        kept = min(SLOWNESS, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.mean.values()), list(_floats(self.networks).values()), 1 - kept)

    def taught(self) -> Networks:
        """Networks with the mean weights, ready to look, on the processor."""
        networks = Networks.new(self.networks.architecture, 0)
        for part, network in networks.items().items():
            own = {name.removeprefix(f"{part}."): value.cpu() for name, value in self.mean.items()
                   if name.startswith(f"{part}.")}  # fmt: skip
            network.load_state_dict(network.state_dict() | own)
        return networks.eval()

    def save(self, path: Path, plan: Mapping[str, object]) -> None:
        """Write everything; a crash while writing leaves the old file."""
        tensors = {f"now.{name}": value for name, value in _floats(self.networks).items()}
        tensors |= {f"mean.{name}": value for name, value in self.mean.items()}
        for number, memory in self.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{number}.{name}": value for name, value in memory.items()}
        facts = {"plan": json.dumps(plan), "elapsed_s": repr(self.elapsed_s)}
        facts |= {name: str(getattr(self, name)) for name in COUNTERS}
        new = path.with_suffix(".new")
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({name: value.detach().contiguous() for name, value in tensors.items()}, new, metadata=facts)
        new.replace(path)

    def resume(self, path: Path, plan: Mapping[str, object]) -> bool:
        """Go to where an earlier run of the same plan stopped; False if there was none.

        Raises:
            RunDiffers: the file is damaged, or of a run with another plan.
        """
        if not path.is_file():
            return False
        try:
            with safe_open(path, "pt") as file:
                facts = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
        except (OSError, SafetensorError) as err:
            raise RunDiffers(path, "damaged") from err
        was = json.loads(facts["plan"])
        if was != dict(plan):
            changed = sorted(name for name in was.keys() | plan.keys() if was.get(name) != plan.get(name))
            raise RunDiffers(path, f"of a run with another {', '.join(changed)}")
        with torch.no_grad():
            for own, prefix in ((_floats(self.networks), "now."), (self.mean, "mean.")):
                for name, value in own.items():
                    value.copy_(tensors[prefix + name])
        memory = {
            number: {what: _as(own, tensors[f"optimiser.{number}.{what}"]) for what in MEMORY}
            for number, own in enumerate(parameters_of(self.networks))
            if f"optimiser.{number}.{MEMORY[0]}" in tensors
        }
        self.optimiser.load_state_dict(self.optimiser.state_dict() | {"state": memory})
        self.elapsed_s = float(facts["elapsed_s"])
        for name in COUNTERS:
            setattr(self, name, int(facts[name]))
        return True


def parameters_of(networks: Networks) -> list[nn.Parameter]:
    """All that is learnt."""
    return [parameter for network in networks.items().values() for parameter in network.parameters()]


def _floats(networks: Networks) -> Tensors:
    """Weights and running means of norms, by the name of their network and their own."""
    return {
        f"{part}.{name}": value
        for part, network in networks.items().items()
        for name, value in network.state_dict().items() if value.is_floating_point()
    }  # fmt: skip


def _as(parameter: Tensor, memory: Tensor) -> Tensor:
    """Lay memory of a parameter out as the parameter lies, for the optimiser goes through both in one stride."""
    return torch.empty_like(parameter).copy_(memory) if memory.shape == parameter.shape else memory
