"""A bench in a notebook, as UX promises it."""

from pathlib import Path

import pytest

from console import open_bench
from planning.errors import Refused
from planning.protocol import Protocol


def test_protocols_run_one_after_the_other_on_one_bench(
    film_bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe = Protocol.load(film_bench / "protocol.yaml")

    with open_bench(film_bench / "lab.yaml", simulated=True, seed=7, vision=False) as bench:
        furnace = bench.devices["furnace"]
        runs = [bench.run(recipe, blend={"p3ht": 0.4, "l_swnt": 0.6}, anneal_c=140, anneal_min=20) for _ in range(2)]
        state = furnace.read_state()  # type: ignore[attr-defined]

    assert [run.status for run in runs] == ["finished", "finished"]
    assert all(100 < run.results["conductivity_s_per_cm"] < 3000 for run in runs)
    assert runs[0].results != runs[1].results
    assert runs[0].report().exists()
    assert state.programme == "idle"


def test_what_does_not_pass_the_check_moves_nothing(
    film_bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe = Protocol.load(film_bench / "protocol.yaml")

    with (
        open_bench(film_bench / "lab.yaml", seed=7, vision=False) as bench,
        pytest.raises(Refused, match="fractions sum to"),
    ):
        bench.run(recipe, blend={"p3ht": 0.4})
