"""What a campaign proposes is what a bench can make, and what lets samples share a furnace."""

from pathlib import Path

import numpy as np
import pytest

from planning.campaign import Campaign
from planning.protocol.document import Protocol
from robot.files import FileProblem

POWDERS = Path(__file__).parents[2] / "examples" / "powder_bench"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The powder bench's campaign with some words exchanged."""
    text = (POWDERS / "campaign.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "campaign.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_only_the_multiples_that_the_campaign_names_are_proposed() -> None:
    path = POWDERS / "campaign.yaml"
    space = Campaign.load(path).space_for(Protocol.load(POWDERS / "protocol.yaml"), path)

    fired_c = {point["fire_c"] for point in space.sample(200, np.random.default_rng(0))}

    assert fired_c == set(range(600, 1001, 50))


@pytest.mark.parametrize(
    ("rounded", "says"),
    [("{fire: 50}", "no such range"), ("{blend: 0.1}", "no such range"), ("{fire_c: 70}", "no multiples of 70")],
)
def test_what_cannot_be_rounded_is_told_with_its_field(tmp_path: Path, rounded: str, says: str) -> None:
    path = changed(tmp_path, "rounded: {fire_c: 50}", f"rounded: {rounded}")

    with pytest.raises(FileProblem, match=says):
        Campaign.load(path).space_for(Protocol.load(POWDERS / "protocol.yaml"), path)
