"""A diffractometer with a kernel between driver and emulator: a pseudo-terminal at one end, another process at the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from robot.catalog import connect

LAB = Path(__file__).parent / "benches" / "diffraction.yaml"


@pytest.fixture
def diffractometer(hosted: Any, tmp_path: Path) -> Iterator[Any]:
    with hosted(LAB, tmp_path / "truth.jsonl", 300) as addresses:
        yield connect("powder_diffractometer", port=addresses["diffractometer"])


def test_a_pattern_of_many_blocks_comes_whole_over_a_serial_port(diffractometer: Any) -> None:
    scan = diffractometer.start_scan(start_deg=10.0, end_deg=50.0, step_deg=0.1, seconds_per_step=0.2)
    while diffractometer.read_state().stage == "scanning":
        pass

    pattern = diffractometer.read_pattern(scan)

    assert (pattern.is_complete, pattern.counts.size) == (True, 401)
    strongest_deg = pattern.two_theta_deg[pattern.counts.argmax()]
    assert strongest_deg == pytest.approx(18.6, abs=0.2)  # 111 of the spinel
    np.testing.assert_array_equal(diffractometer.read_pattern(scan).counts, pattern.counts)
