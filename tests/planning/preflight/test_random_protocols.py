"""Whatever passes the check ends well on the simulated bench, if nothing goes wrong there."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from console.checking import examine
from console.compose import conduct
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched

from .random_protocols import DRAWN

HERE = Path(__file__).parent


class WrittenOut(yaml.SafeDumper):
    """YAML without aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bench", DRAWN)
def test_what_passes_works(bench: str, seed: int, tmp_path: Path, film_bench: Path) -> None:
    lab = {"film": film_bench / "lab.yaml", "kiln": HERE / "files" / "lab.yaml"}[bench]
    rng = np.random.default_rng([seed, len(bench)])
    path = tmp_path / "protocol.yaml"
    while True:  # about half of all that are drawn pass
        protocol, values, samples = DRAWN[bench](rng)
        path.write_text(yaml.dump(protocol, Dumper=WrittenOut, sort_keys=False), encoding="utf-8")
        if examine(path, lab, lambda recipe: [values] * samples).preflight.passed:  # noqa: B023 - called at once
            break
    folder = RunFolder.create(tmp_path / "run", lab, path, None)
    setup = Setup(seed=seed, vision=False, samples=[values] * samples)
    folder.write_setup(setup)

    run = conduct(folder, setup, Unwatched())

    assert not run.executor.stopped_because
    assert [sample.why for sample in run.executor.samples.values() if sample.status != "finished"] == []
    assert len(run.executor.samples) == samples
