import numpy as np
import pytest

from vision.errors import NothingSeen
from vision.state.liquid_level import read_level

AXIS, HALF = 80.0, 20.0
ROWS = np.arange(120)[:, None] + 0.5
U = (np.arange(160) + 0.5 - AXIS) / HALF
ARCH = np.sqrt(np.clip(1 - U**2, 0, None))
VESSEL = ((np.abs(U) < 1) & (ROWS > 20) & (ROWS < 110)).astype(np.float32)


def liquid(height: float, bulge: float = 0.0) -> np.ndarray:
    """Shares of cells that liquid covers whose surface and floor bulge apart by `bulge` in all."""
    top, bottom = 105 - height - bulge / 2 * ARCH, 105 + bulge / 2 * ARCH
    cover = np.clip(ROWS - top + 0.5, 0, 1) * np.clip(bottom - ROWS + 0.5, 0, 1)
    return (cover * (np.abs(U) < 1)).astype(np.float32)


@pytest.mark.parametrize("height", [8.0, 17.3, 60.7])
@pytest.mark.parametrize("bulge", [0.0, 5.0])
def test_the_level_is_read_to_a_tenth_of_a_cell(height: float, bulge: float) -> None:
    assert read_level(liquid(height, bulge), VESSEL).height == pytest.approx(height, abs=0.1)


def test_an_empty_vessel_reads_as_zero() -> None:
    assert read_level(liquid(0.0) * 0, VESSEL).height == pytest.approx(0.0, abs=0.01)


def test_a_cable_in_front_does_not_move_the_level() -> None:
    seen = liquid(40.0)
    seen[:, 70:74] = 0

    assert read_level(seen, VESSEL).height == pytest.approx(40.0, abs=0.2)


def test_columns_that_disagree_raise_the_doubt() -> None:
    ragged = liquid(40.0)
    ragged[60:70, 60:100:3] = 0

    assert read_level(ragged, VESSEL).spread > 5 * read_level(liquid(40.0), VESSEL).spread + 0.1


def test_hazy_cells_raise_the_haze() -> None:
    hazy = np.clip(liquid(40.0), 0.2, 0.8) * VESSEL

    assert read_level(hazy, VESSEL).haze > 2 * read_level(liquid(40.0), VESSEL).haze + 0.5


def test_without_a_vessel_nothing_is_seen() -> None:
    with pytest.raises(NothingSeen):
        read_level(VESSEL * 0, VESSEL * 0)
