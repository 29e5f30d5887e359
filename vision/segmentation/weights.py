"""Weights on disk: tensors as safetensors, never pickle; beside them a record of how they came about."""

import hashlib
from pathlib import Path
from typing import Self

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as tensors_to_bytes

from vision.errors import WeightsDamaged
from vision.segmentation.model import ARCHITECTURE, VesselNet

SHIPPED = Path(__file__).parents[1] / "weights" / "vessels.safetensors"


class Part(BaseModel):
    """A part of the record: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Calibration(Part):
    """What turns the network's answers into honest ones; measured on pictures it was not trained on."""

    temperature: float = 1.0
    """Logits of the whole picture are divided by this (Guo et al., ICML 2017)."""
    std_floor: float = 0.01
    """Standard deviation of a fill height fraction when all columns agree."""
    std_per_spread: float = 0.0
    """And how it grows with the columns' disagreement,"""
    std_per_haze: float = 0.0
    """and with the pixels' own indecision; all three add as squares."""


class Training(Part):
    """How the weights came about."""

    data_seed: int
    pictures: int
    seed: int
    epochs: int
    commit: str
    date: str
    torch: str
    start: Self | None = None
    """How the weights came about that this training started from."""


class Record(Part):
    """What stands beside a file of weights."""

    architecture: str = ARCHITECTURE
    sha256: str
    training: Training
    calibration: Calibration
    scores: dict[str, dict[str, float]] = {}
    """Per set of pictures: name of a score to its value."""

    @classmethod
    def load(cls, weights: Path) -> Self:
        """Read the record that stands beside a file of weights.

        Raises:
            WeightsDamaged: there is none, or it cannot be read.
        """
        path = weights.with_suffix(".json")
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as err:
            raise WeightsDamaged(path, "the record of these weights is missing or unreadable") from err


def save(network: VesselNet, path: Path, training: Training, calibration: Calibration,
         scores: dict[str, dict[str, float]]) -> None:  # fmt: skip
    """Write weights in half precision, and the record beside them."""
    content = half_precision(network)
    record = Record(
        sha256=hashlib.sha256(content).hexdigest(), training=training, calibration=calibration, scores=scores
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.with_suffix(".json").write_text(record.model_dump_json(indent=1) + "\n")


def load(path: Path = SHIPPED) -> tuple[VesselNet, Record]:
    """Read weights and their record; the network is ready to look.

    Raises:
        WeightsDamaged: a file is missing, altered, or made for another network.
    """
    record = Record.load(path)
    if record.architecture != ARCHITECTURE:
        raise WeightsDamaged(path, f"made for the network {record.architecture!r}, not for {ARCHITECTURE!r}")
    try:
        content = path.read_bytes()
    except OSError as err:
        raise WeightsDamaged(path, f"the weights cannot be read ({err.strerror})") from err
    if hashlib.sha256(content).hexdigest() != record.sha256:
        raise WeightsDamaged(path, "the weights are not those of their record (checksum differs)")
    try:
        return from_half_precision(content), record
    except (SafetensorError, RuntimeError) as err:
        raise WeightsDamaged(path, "the weights do not fit the network") from err


def add_scores(path: Path, scores: dict[str, dict[str, float]]) -> None:
    """Add scores on further pictures to the record of weights.

    Raises:
        WeightsDamaged: there is no readable record.
    """
    record = Record.load(path)
    updated = record.model_copy(update={"scores": record.scores | scores})
    path.with_suffix(".json").write_text(updated.model_dump_json(indent=1) + "\n")


def half_precision(network: VesselNet) -> bytes:
    """What `save` writes: counters of batches are left out, all else becomes float16."""
    tensors = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
    return tensors_to_bytes({name: value.to(torch.float16).contiguous() for name, value in tensors.items()})


def from_half_precision(content: bytes) -> VesselNet:
    """Build a network in single precision, ready to look, from what `half_precision` gave.

    Raises:
        SafetensorError: not a file of tensors.
        RuntimeError: not this network's tensors.
    """
    network = VesselNet()
    tensors = {name: value.to(torch.float32) for name, value in tensors_from_bytes(content).items()}
    counters = {name: value for name, value in network.state_dict().items() if not value.is_floating_point()}
    network.load_state_dict(tensors | counters)
    return network.to(memory_format=torch.channels_last).eval()
