"""Training the eyes on pictures with truth: seeded, resumable, honest about what it was not shown."""

from collections.abc import Callable
from math import cos, pi
from pathlib import Path

import numpy as np
import torch

from robot.clock import Clock, WallClock
from vision.segmentation import weights
from vision.segmentation.model import VesselNet
from vision.segmentation.weights import Training
from vision.training import checkpoint
from vision.training.batches import BATCH, Batch, Samples
from vision.training.calibrate import calibrate
from vision.training.checkpoint import Plan, State
from vision.training.dataset import Pictures
from vision.training.evaluate import look_at_all, score_by_view
from vision.training.losses import loss

Progress = Callable[[int, int, str], None]
"""How many steps of how many are done, and what is worth saying about it."""
RATE = 2e-3
WARM_UP = 0.05
COARSE_UNTIL = 0.5
"""Share of the epochs trained at half the size, when starting from scratch."""
WALL = WallClock()


def train(data_folder: Path, out_path: Path, *, seed: int, epochs: int, start: Path | None = None,
          progress: Progress = lambda done, of, text: None, commit: str = "unknown", clock: Clock = WALL) -> None:  # fmt: skip
    """Train weights, from scratch or on from those in `start`, and write them with their record to `out_path`.

    Each tenth picture is held out: it picks the best epoch, calibrates, and gives the record's scores. A run that was
    broken off continues from its last epoch when called again, and ends with the same weights on the same machine.

    Raises:
        DataUnreadable: the folder holds no pictures with truth.
        WeightsDamaged: `start` cannot be used.
    """
    pictures = Pictures.open(data_folder)
    shown, held_out = pictures.split()
    before = None if start is None else weights.load(start)
    plan = Plan(pictures.seed, len(pictures.truths), seed, epochs, before[1].sha256 if before else "")
    state = State.new(seed, RATE) if before is None else State.at(before[0], RATE)
    unfinished = out_path.with_suffix(".checkpoint")
    checkpoint.resume(unfinished, plan, state)
    out_path.parent.mkdir(parents=True, exist_ok=True)
    samples, unseen = Samples.read(shown), Samples.read(held_out)
    while state.epoch < epochs:
        _train_epoch(state, samples, plan, progress)
        state.note(held_out_loss(state.network, unseen))
        checkpoint.save(unfinished, plan, state)
    training = Training(
        data_seed=plan.data_seed, pictures=plan.pictures, seed=seed, epochs=epochs, commit=commit,
        date=clock.date().date().isoformat(), torch=torch.__version__, start=before[1].training if before else None,
    )  # fmt: skip
    _finish(state.best, held_out, training, out_path)
    unfinished.unlink()


def held_out_loss(network: VesselNet, samples: Samples) -> float:
    """Mean loss on pictures that are not trained on."""
    network.eval()
    with torch.inference_mode():
        losses = [_loss_of(network, batch).item() for batch in samples.batches(None)]
    return float(np.mean(losses))


def _train_epoch(state: State, samples: Samples, plan: Plan, progress: Progress) -> None:
    """Go once through the pictures; chance depends on seed and epoch alone, so that a resumed run is the same."""
    state.network.train()
    steps = -(-len(samples.whole) // BATCH)
    coarse_until = 0.0 if plan.start else COARSE_UNTIL
    for step, batch in enumerate(samples.batches(np.random.default_rng((plan.seed, state.epoch)))):
        done = (state.epoch + step / steps) / plan.epochs
        for group in state.optimiser.param_groups:
            group["lr"] = RATE * schedule(done)
        state.optimiser.zero_grad()
        surprise = _loss_of(state.network, batch.coarse() if done < coarse_until else batch)
        surprise.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(state.network.parameters(), 5.0)
        state.optimiser.step()
        done_steps, of = state.epoch * steps + step + 1, plan.epochs * steps
        progress(done_steps, of, f"loss {surprise.item():.3f}, held-out {state.best_loss:.3f}")


def schedule(done: float) -> float:
    """Share of the full rate after a share of the steps: a short warm-up, then half a cosine.

    >>> [round(schedule(done), 2) for done in (0.0, 0.05, 0.525, 1.0)]
    [0.02, 1.0, 0.5, 0.0]
    """
    if done < WARM_UP:
        return 0.02 + 0.98 * done / WARM_UP
    return 0.5 + 0.5 * cos(pi * (done - WARM_UP) / (1 - WARM_UP))


def _loss_of(network: VesselNet, batch: Batch) -> torch.Tensor:
    """Loss of a batch; the network computes in bfloat16, which halves the time on processors that know it."""
    with torch.autocast("cpu", torch.bfloat16):
        cells, whole = network(batch.colours)
    return loss(cells.float(), whole.float(), batch.shares, batch.whole)


def _finish(best: dict[str, torch.Tensor], held_out: Pictures, training: Training, out_path: Path) -> None:
    """Calibrate and score the weights as they will be stored, then store them."""
    network = VesselNet()
    network.load_state_dict(best)
    network = weights.from_half_precision(weights.half_precision(network))
    looks = look_at_all(network, held_out)
    calibration = calibrate(looks)
    scores = {f"held-out renders, {view}": of_view for view, of_view in score_by_view(looks, calibration).items()}
    weights.save(network, out_path, training, calibration, scores)
