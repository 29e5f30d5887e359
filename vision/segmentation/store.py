"""The weights of both networks on disk: one file of tensors, never pickle; beside it how they came about."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self, get_args

import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as tensors_from_bytes
from safetensors.torch import save as tensors_to_bytes
from torch import nn

from vision.errors import WeightsDamaged
from vision.segmentation.closer import CropNet
from vision.segmentation.network import ARCHITECTURES
from vision.state.trust import Question, Trust

PICTURE, CROP = "picture", "crop"
TRUST = Trust(tells=get_args(Question))
"""Of weights that nobody has calibrated: every question may be asked of them."""


class Part(BaseModel):
    """A part of the record: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Learning(Part):
    """How weights came about."""

    data: dict[str, str]
    """Of each stream of pictures: its share of the lessons, and what it was made of."""
    seed: int
    steps: int
    pictures: int
    """Lessons given, each a picture and crops from it."""
    fold: str | None
    """"2/5": pictures of that fold were never shown."""
    commit: str
    date: str
    torch: str
    start: Self | None = None
    """How the weights came about that these started from."""


class EyesRecord(Part):
    """What stands beside a file of weights."""

    architecture: str
    sha256: str
    learning: Learning
    trust: Trust = TRUST
    temperatures: dict[str, float] = {}
    """Of each head: what its logits are divided by (Guo et al., ICML 2017). Of `fill`, what widens its doubt."""
    scores: dict[str, dict[str, float]] = {}
    """Per set of pictures: name of a score to its value."""

    @classmethod
    def load(cls, weights: Path) -> Self:
        """Read the record that stands beside a file of weights.

        Raises:
            WeightsDamaged: there is none, or it cannot be read.
        """
        try:
            return cls.model_validate_json(weights.with_suffix(".json").read_bytes())
        except (OSError, ValidationError) as err:
            raise WeightsDamaged(
                weights.with_suffix(".json"), "the record of these weights is missing or unreadable"
            ) from err

    def write(self, weights: Path) -> None:
        """Write the record beside its weights."""
        weights.with_suffix(".json").write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Networks:
    """Both networks."""

    picture: nn.Module
    crop: CropNet
    architecture: str = "plain-fpn-2"

    @classmethod
    def new(cls, architecture: str, seed: int) -> Self:
        """Start from weights drawn from `seed`; the caller's own stream of chance is left as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return cls(ARCHITECTURES[architecture](), CropNet(), architecture)

    def items(self) -> dict[str, nn.Module]:
        """Both by name."""
        return {PICTURE: self.picture, CROP: self.crop}

    def eval(self) -> Self:
        """Make both ready to look."""
        for network in self.items().values():
            network.to(memory_format=torch.channels_last).eval()
        return self


def save(networks: Networks, path: Path, learning: Learning, temperatures: dict[str, float],
         scores: dict[str, dict[str, float]]) -> EyesRecord:  # fmt: skip
    """Write weights in half precision, and the record beside them."""
    content = half_precision(networks)
    record = EyesRecord(architecture=networks.architecture, sha256=hashlib.sha256(content).hexdigest(),
                        learning=learning, temperatures=temperatures, scores=scores)  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)
    record.write(path)
    return record


def load(path: Path) -> tuple[Networks, EyesRecord]:
    """Read weights and their record; the networks are ready to look.

    Raises:
        WeightsDamaged: a file is missing, altered, or made for other networks.
    """
    record = EyesRecord.load(path)
    if record.architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise WeightsDamaged(path, f"made for the network {record.architecture!r}; known are {known}")
    try:
        content = path.read_bytes()
    except OSError as err:
        raise WeightsDamaged(path, f"the weights cannot be read ({err.strerror})") from err
    if hashlib.sha256(content).hexdigest() != record.sha256:
        raise WeightsDamaged(path, "the weights are not those of their record (checksum differs)")
    try:
        return from_half_precision(content, record.architecture), record
    except (SafetensorError, RuntimeError) as err:
        raise WeightsDamaged(path, "the weights do not fit the networks") from err


def are_both(path: Path) -> bool:
    """Are weights of both networks, rather than of the first eyes, by their record?

    Raises:
        WeightsDamaged: there is no readable record.
    """
    record = path.with_suffix(".json")
    try:
        return json.loads(record.read_bytes())["architecture"] in ARCHITECTURES
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise WeightsDamaged(record, "the record of these weights is missing or unreadable") from err


def half_precision(networks: Networks) -> bytes:
    """What `save` writes: counters of batches are left out, all else becomes float16."""
    return tensors_to_bytes({
        f"{part}.{name}": value.to(torch.float16).contiguous()
        for part, network in networks.items().items()
        for name, value in network.state_dict().items() if value.is_floating_point()
    })  # fmt: skip


def from_half_precision(content: bytes, architecture: str = "plain-fpn-2") -> Networks:
    """Build networks in single precision, ready to look, from what `half_precision` gave.

    Raises:
        SafetensorError: not a file of tensors.
        RuntimeError: not these networks' tensors.
    """
    tensors = {name: value.to(torch.float32) for name, value in tensors_from_bytes(content).items()}
    networks = Networks(ARCHITECTURES[architecture](), CropNet(), architecture)
    for part, network in networks.items().items():
        own = {name.removeprefix(f"{part}."): value for name, value in tensors.items() if name.startswith(f"{part}.")}
        counters = {name: value for name, value in network.state_dict().items() if not value.is_floating_point()}
        network.load_state_dict(own | counters)
    return networks.eval()
