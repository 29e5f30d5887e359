"""Training that can be broken off after any epoch and continued to the very same weights. No pickle."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from vision.segmentation.model import VesselNet

Optimiser = torch.optim.AdamW


@dataclass(frozen=True)
class Plan:
    """What must agree for a checkpoint to be continued."""

    data_seed: int
    pictures: int
    seed: int
    epochs: int
    start: str
    """Checksum of the weights that training starts from, if any."""


@dataclass
class State:
    """All that training changes."""

    network: VesselNet
    optimiser: Optimiser
    best: dict[str, Tensor]
    best_loss: float = float("inf")
    epoch: int = 0

    @classmethod
    def new(cls, seed: int, rate: float) -> "State":
        """Start from weights drawn from `seed`; the caller's own stream of chance is left as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = VesselNet()
        return cls.at(network, rate)

    @classmethod
    def at(cls, network: VesselNet, rate: float) -> "State":
        """Start from a network's weights."""
        network = network.to(memory_format=torch.channels_last)
        optimiser = Optimiser(network.parameters(), lr=rate, weight_decay=0.01)
        return cls(network, optimiser, best=_copy(network))

    def note(self, loss: float) -> None:
        """An epoch is over: keep its weights if they are the best so far."""
        self.epoch += 1
        if loss < self.best_loss:
            self.best_loss, self.best = loss, _copy(self.network)


def save(path: Path, plan: Plan, state: State) -> None:
    """Write all of `state`; a crash while writing leaves the old file."""
    tensors = {f"network.{name}": value for name, value in state.network.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in state.best.items()}
    for number, memory in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": value for name, value in memory.items()}
    facts = {"plan": json.dumps(asdict(plan)), "epoch": str(state.epoch), "best_loss": repr(state.best_loss)}
    new = path.with_suffix(".new")
    save_file({name: value.contiguous() for name, value in tensors.items()}, new, metadata=facts)
    new.replace(path)


def resume(path: Path, plan: Plan, state: State) -> None:
    """Bring `state` to where an earlier run with the same plan stopped; without one, leave it."""
    try:
        with safe_open(path, "pt") as file:
            facts = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError):
        return
    if facts.get("plan") != json.dumps(asdict(plan)):
        return
    state.network.load_state_dict(_part(tensors, "network."))
    state.best = _part(tensors, "best.")
    memory: dict[int, dict[str, Tensor]] = {}
    for name, value in _part(tensors, "optimiser.").items():
        number, what = name.split(".")
        memory.setdefault(int(number), {})[what] = value
    state.optimiser.load_state_dict(state.optimiser.state_dict() | {"state": memory})
    state.epoch, state.best_loss = int(facts["epoch"]), float(facts["best_loss"])


def _copy(network: VesselNet) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
