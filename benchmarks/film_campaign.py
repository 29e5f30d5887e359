"""Does the whole loop find good films? Campaigns on the simulated bench against the measured table, beside random search.

    python benchmarks/film_campaign.py ../shared/data/optimization/p3ht_cnt.csv

Each campaign is the film bench's own (40 samples, batches of 4 while 4 are in the furnace), its films obeying the table's
means with replicate noise. The recommended composition is judged by the table's mean, as a share of the best mean that
rests on three films or more. Random search has the same bench, budget and noise.
"""

import argparse
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from hardware_sim.world.film import TableFilm

EXAMPLE = Path(__file__).parent.parent / "examples" / "film_bench"
WELL_REPLICATED = 3


def campaign_share(table: Path, samples: int, case: tuple[str, int]) -> tuple[float, float]:
    """Run one campaign; return what its recommendation and its best reading are worth, as shares of the best mean."""
    import torch

    from console.compose import conduct
    from console.runfolder import RunFolder, Setup
    from console.runs import settle_campaign
    from console.unwatched import Unwatched
    from planning.campaign import Chosen, nested

    torch.set_num_threads(1)
    strategy, seed = case
    with tempfile.TemporaryDirectory() as temporary:
        example = (EXAMPLE / f"{name}.yaml" for name in ("lab", "protocol", "campaign"))
        folder = RunFolder.create(Path(temporary) / "run", *example)
        settle_campaign(folder, seed, samples, strategy)
        run = conduct(folder, Setup(seed=seed, truth=str(table), vision=False), Unwatched())
    assert isinstance(run.source, Chosen)
    truth = TableFilm(table)
    best_mean = well_replicated_best(truth)
    recommended = nested(run.source.designer.best()[0])["blend"]
    best = run.source.best()
    assert best is not None
    return (
        truth.mean_s_per_cm(recommended, 140.0, 20.0) / best_mean,
        truth.mean_s_per_cm(best[0].request.values["blend"], 140.0, 20.0) / best_mean,
    )


def well_replicated_best(truth: TableFilm) -> float:
    """The best mean, in S/cm, of those that rest on three films or more."""
    counted = zip(truth.compositions(), truth.replicates, strict=True)
    return max(truth.mean_s_per_cm(blend, 140.0, 20.0) for blend, count in counted if count >= WELL_REPLICATED)


def main() -> None:
    """Print the table."""
    from rich.console import Console
    from rich.progress import track
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--samples", type=int, default=40)
    wishes = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    table = Table(
        "strategy", "recommended: median", "worst", "best reading: median", "seeds at 0.90 or more", "by seed"
    )
    with ProcessPoolExecutor(2) as pool:
        for strategy in ("auto", "random"):
            cases = [(strategy, seed) for seed in range(wishes.seeds)]
            work = pool.map(partial(campaign_share, wishes.table.resolve(), wishes.samples), cases)
            shares = np.array(list(track(work, strategy, total=len(cases))))
            table.add_row(
                strategy,
                f"{np.median(shares[:, 0]):.3f}",
                f"{shares[:, 0].min():.3f}",
                f"{np.median(shares[:, 1]):.3f}",
                f"{(shares[:, 0] >= 0.9).sum()} of {len(shares)}",
                " ".join(f"{share:.2f}" for share in shares[:, 0]),
            )
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
