"""The small jobs of `benchmarks/errands.py`, one a device: undisturbed, and with a reply lost in their midst."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from errands import ERRANDS, Errand
from fault_jobs import blows, conducted, decided, limit_h, planned, repeated, undisturbed

every_errand = pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: f"{errand.bench}: {errand.device}")


@every_errand
def test_an_errand_ends_well_in_its_own_eyes_and_in_truth(errand: Errand) -> None:
    done = undisturbed(errand)

    assert (done.error, done.is_mistaken) == (None, False)


@pytest.mark.parametrize(
    "errand", [errand for errand in ERRANDS if errand.device != "balance"], ids=lambda errand: errand.device
)  # a balance only measures: it does nothing of which an answer could be lost
def test_a_reply_lost_in_its_midst_repeats_nothing_and_costs_no_errand(errand: Errand) -> None:
    for kind, struck, _ in blows(errand):
        if kind == "lost-reply":
            done = conducted(errand, planned(errand, kind, struck, place=0))

            assert done.struck == ["lost-reply"]
            assert decided(errand, done).endswith("went on")
            assert (repeated(errand, done), done.is_mistaken) == (0, False)
            assert done.hours < limit_h(errand)
