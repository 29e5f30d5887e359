"""What a campaign proposes is what a bench can make, and what lets samples share a furnace."""

from pathlib import Path

import pytest

from planning.campaign import Campaign, nested
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


@pytest.mark.parametrize(("asked", "made"), [(812.3, 800.0), (826.0, 850.0), (999.9, 1000.0)])
def test_a_figure_is_rounded_to_the_multiples_that_the_campaign_names(asked: float, made: float) -> None:
    point = {"blend.li2co3": 0.2, "blend.mno2": 0.8, "fire_c": asked, "hold_min": 121.4}

    values = nested(point, {"fire_c": 50.0})

    assert values == {"blend": {"li2co3": 0.2, "mno2": 0.8}, "fire_c": made, "hold_min": 121.4}


@pytest.mark.parametrize(
    ("rounded", "says"),
    [("{fire: 50}", "no such range"), ("{blend: 0.1}", "no such range"), ("{fire_c: 70}", "no multiples of 70")],
)
def test_what_cannot_be_rounded_is_told_with_its_field(tmp_path: Path, rounded: str, says: str) -> None:
    path = changed(tmp_path, "rounded: {fire_c: 50}", f"rounded: {rounded}")

    with pytest.raises(FileProblem, match=says):
        Campaign.load(path).space(Protocol.load(POWDERS / "protocol.yaml"), path)
